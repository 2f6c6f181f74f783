"""On the page of one request: what plugins propose for it, and what was proposed because of it."""

from typing import Any

from parvis.i18n import gettext
from parvis.requests.answers_said import said_answer
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.rows_there import RowsOf
from parvis.requests.visibility import sees
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_proposals.deciding import KeptProposal, is_kept_from, proposals_of, requests_of
from parvis_sdk.problems import Problems
from parvis_sdk.proposals import Proposal
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition


async def proposals_box(room: DeskContext, case: Case) -> Panel | None:
    """Each proposal with its reason; the other request is named only to viewers who may see it."""
    found = await proposals_of(case.record)
    if not found:
        return None
    others = await requests_of(list({each.origin for each in found} | {each.request for each in found}))
    lines = [await _line(room, case.record, each, others) for each in found]
    return Panel(template="proposals/box.html", values={"lines": [each for each in lines if each is not None]})


async def _line(room: DeskContext, record: Record, kept: KeptProposal, others: Any) -> dict[str, Any] | None:
    is_for = kept.request == record.id
    other = others.get(kept.origin if is_for else kept.request)
    seen = other is not None and sees(room.viewer, other, room.host.jurisdictions)
    if (not is_for and not seen) or (other is not None and is_kept_from(room.viewer, other)):
        return None
    about = record if is_for else other
    step = (await type_of_record(room.host, about)).workflow.transition(kept.proposal.move)
    return {
        "kept": kept,
        "is_for": is_for,
        "other": other.reference if seen else "",
        "step": step.title if step is not None else None,
        "given": answers_given(step, kept.proposal) if step is not None else [],
    }


def answers_given(step: Transition, proposal: Proposal) -> list[tuple[Text, str]]:
    """Each question of the step that the proposal answers, with its answer in words; as it came where it is none."""
    read = step.asks.read(proposal.given)
    answers = proposal.given if isinstance(read, Problems) else read.answers
    asked = {field.code: field for field in step.asks.fields()}
    return [
        (
            asked[code].label if code in asked else Text(fr=code),
            str(value) if isinstance(read, Problems) else said_answer(asked.get(code), value),
        )
        for code, value in answers.items()
    ]


BOX: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="proposals",
    title=lambda: gettext("Proposals from plugins"),
    right="work",
    rows=(RowsOf("proposals_proposal", "t.request = r.id OR t.origin = r.id"),),
    draw=proposals_box,
)
