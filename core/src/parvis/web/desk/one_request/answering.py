"""What follows a press on a request’s page: the request as it is now, or what was typed with what is wrong about it."""

from typing import Any

from litestar import Response

from parvis.requests.changing import Conflict
from parvis.requests.records import Record
from parvis.requests.visibility import sees
from parvis.requests.work.presence import Presence
from parvis.web.desk.context import DeskContext, case_path, go
from parvis.web.desk.one_request.forms import back_to, list_behind
from parvis.web.desk.one_request.showing import FormAttempt, show_case
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied

HANDED_ON = "confiee"  # what is said of a request that went where the person does not see it


async def answered(
    room: DeskContext, record: Record, form: str, values: dict[str, Any], answer: Any, done: str
) -> Response[Any]:
    """The page for whatever the use case answered."""
    match answer:
        case Record():
            room.host.of(Presence).gone(room.viewer, record.reference)
            theirs = sees(room.viewer, answer, room.host.jurisdictions)
            if behind := await list_behind(room):
                return go(back_to(behind, record.reference, done if theirs else HANDED_ON))
            if not theirs:
                return go(back_to("", record.reference, HANDED_ON))
            return go(case_path(record.reference) + f"?fait={done}#main")
        case Conflict():
            now = await room.record(record.reference)
            return await show_case(room, now, FormAttempt(form=form, values=values, conflict=answer), status=409)
        case Denied():
            now = await room.record(record.reference)
            no = answer.reason.to(room.language)
            return await show_case(room, now, FormAttempt(form=form, values=values, refused=no), status=409)
        case _:
            return await refused(room, record, form, values, answer)


async def refused(
    room: DeskContext, record: Record, form: str, values: dict[str, Any], problems: Problems
) -> Response[Any]:
    """The same page with every problem at its question."""
    return await show_case(room, record, FormAttempt(form=form, values=values, problems=problems), status=422)
