"""The answers that stand at a step: those of the form, and over them what was answered again to moves since."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis.requests.history import entries_of
from parvis.requests.records import Record
from parvis_sdk.fields import AnyField
from parvis_sdk.request_types import RequestType


class AnsweredAgain(Struct, frozen=True, kw_only=True):
    """What moves were answered, the last answer to each question, with the questions by their codes."""

    answers: dict[str, Any] = {}
    fields: dict[str, AnyField] = {}


async def answered_again(record: Record, request_type: RequestType) -> AnsweredAgain:
    """What the moves of a request were answered until now; an answer that was corrected since is the corrected one."""
    answers, fields, before = dict[str, Any](), dict[str, AnyField](), dict[str, Any]()
    for entry in await entries_of(record):
        personal = entry.personal or {}
        if entry.kind == "moved":
            taken = asked_by(request_type, entry.body.get("transition", ""), personal.get("given", {}))
            answers, fields = answers | taken.answers, fields | taken.fields
        elif entry.body.get("type") != entry.body.get("type_before", entry.body.get("type")):
            answers, fields, before = {}, {}, dict(personal.get("answers", {}))  # of the moves of another workflow
        elif isinstance(now := personal.get("answers"), Mapping):
            for code in [code for code in answers if now.get(code) != before.get(code)]:
                del answers[code], fields[code]
            before = dict(now)
    return AnsweredAgain(answers=answers, fields=fields)


def asked_by(request_type: RequestType, move: str, given: Mapping[str, Any]) -> AnsweredAgain:
    """The answers to one move, with their questions."""
    transition = request_type.workflow.transition(move)
    fields = {field.code: field for field in transition.asks.fields() if field.code in given} if transition else {}
    return AnsweredAgain(answers={code: given[code] for code in fields}, fields=fields)


def standing_answers(request_type: RequestType, own: Mapping[str, Any], *later: AnsweredAgain) -> dict[str, Any]:
    """The answers with those of moves over them; what they leave hidden in the form counts for nothing any more."""
    answers = dict(own)
    for each in later:
        answers |= each.answers
    if answers == own:
        return answers
    shown = {field.code for field in request_type.form.visible(answers)}
    hidden = {field.code for field in request_type.form.fields()} - shown
    return {code: value for code, value in answers.items() if code not in hidden}
