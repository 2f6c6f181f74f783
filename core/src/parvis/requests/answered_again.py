"""What the moves of a request were answered, as its history has it."""

from collections.abc import Mapping
from typing import Any

from parvis.requests.history import entries_of
from parvis.requests.records import Record
from parvis_sdk.fields import AnyField
from parvis_sdk.request_types import RequestType
from parvis_sdk.standing_answers import AnsweredAgain, asked_by


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
