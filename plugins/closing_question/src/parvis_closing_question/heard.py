"""What the module answers to the core's hooks: the state of the question, who may object, and what follows."""

from parvis.requests.actors import Actor
from parvis.requests.changing import Situation
from parvis.requests.closing import SAYING_NO, ClosingQuestions, Opener
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import MoveRule
from parvis_closing_question.reopening import taken_up
from parvis_closing_question.standing import answer_settled, closing_of, no_from
from parvis_sdk.workflow import Denied


async def may_reopen(here: Situation, actor: Actor) -> Denied | None:
    """Why they may not open the request again; None when they may."""
    opener: Opener = "system" if actor.kind == "system" else "requester"
    closing = closing_of(here.request_type, here.record, await entries_of(here.record), here.at, opener)
    refusal = closing.refusal if closing else None
    return Denied(code="not_from_here", reason=refusal) if refusal else None


QUESTIONS = ClosingQuestions(
    asked_in=no_from,
    standing=closing_of,
    answer=answer_settled,
)
REOPENING = MoveRule(transitions=SAYING_NO, refused=may_reopen, followed=taken_up)
