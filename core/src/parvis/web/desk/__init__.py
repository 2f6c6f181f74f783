"""The desk of the people of the town: the queue, one request, entry for a caller, figures, one's own account."""

from typing import Any

from litestar import Response, Router
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.desk import account, inspections
from parvis.web.desk.entry import calls, erasing, opening, to_sort
from parvis.web.desk.lists import deadlines, for_me, lying, many, mapped, queue, saved
from parvis.web.desk.management import (
    absences,
    auditing,
    codes,
    confidential,
    conflicts,
    deciding,
    figures,
    places_counted,
    reports,
    what_if,
)
from parvis.web.desk.one_request import (
    access,
    actions,
    contacting,
    correcting,
    following_up,
    looked,
    moves,
    pausing,
    promising,
    public_page,
    splitting,
    ticking,
    tying,
    whole,
    words,
    writing,
)
from parvis.web.desk.opinions import arranging, task_page, tasks
from parvis.web.desk.parts import documents, fees, marking, obligations
from parvis.web.desk.room import Room, count_calls
from parvis.web.desk.rulebook import (
    level_page,
    levels,
    levels_tried,
    ready_page,
    ready_texts,
    ready_versions,
    rule_page,
    rules,
)
from parvis.web.desk.situation import incident_ledger, incident_words, incidents, notices, public_pages
from parvis.web.doors.guard import door
from parvis.web.errors import refused_in
from parvis.web.pages import AnyRequest

at_door = door()


def routes() -> list[Any]:
    """Everything behind the door of the desk."""
    handlers = [
        *absences.HANDLERS,
        *access.HANDLERS,
        *account.HANDLERS,
        *actions.HANDLERS,
        *arranging.HANDLERS,
        *auditing.HANDLERS,
        *calls.HANDLERS,
        *codes.HANDLERS,
        *confidential.HANDLERS,
        *conflicts.HANDLERS,
        *contacting.HANDLERS,
        *correcting.HANDLERS,
        *deadlines.HANDLERS,
        *deciding.HANDLERS,
        *documents.HANDLERS,
        *erasing.HANDLERS,
        *fees.HANDLERS,
        *figures.HANDLERS,
        *following_up.HANDLERS,
        *for_me.HANDLERS,
        *incidents.HANDLERS,
        *incident_ledger.HANDLERS,
        *incident_words.HANDLERS,
        *inspections.HANDLERS,
        *level_page.HANDLERS,
        *levels.HANDLERS,
        *levels_tried.HANDLERS,
        *looked.HANDLERS,
        *lying.HANDLERS,
        *mapped.HANDLERS,
        *many.HANDLERS,
        *marking.HANDLERS,
        *moves.HANDLERS,
        *notices.HANDLERS,
        *obligations.HANDLERS,
        *opening.HANDLERS,
        *pausing.HANDLERS,
        *places_counted.HANDLERS,
        *promising.HANDLERS,
        *public_page.HANDLERS,
        *public_pages.HANDLERS,
        *queue.HANDLERS,
        *ready_page.HANDLERS,
        *ready_texts.HANDLERS,
        *ready_versions.HANDLERS,
        *reports.HANDLERS,
        *rule_page.HANDLERS,
        *rules.HANDLERS,
        *saved.HANDLERS,
        *splitting.HANDLERS,
        *task_page.HANDLERS,
        *tasks.HANDLERS,
        *ticking.HANDLERS,
        *to_sort.HANDLERS,
        *tying.HANDLERS,
        *what_if.HANDLERS,
        *whole.HANDLERS,
        *words.HANDLERS,
        *writing.HANDLERS,
    ]
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(Room, "desk/error.html")}
    return [Router("/", route_handlers=handlers, before_request=_let_in, exception_handlers=refusing)]


async def _let_in(request: AnyRequest) -> Response[Any] | None:
    """The door, and behind it what the menu of every page tells."""
    turned_away = await at_door(request)
    if turned_away is None:
        await count_calls(request)
    return turned_away
