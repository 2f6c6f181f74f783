"""The desk of the people of the town: the queue, one request, entry for a caller, figures, one's own account."""

from typing import Any

from litestar import Response, Router
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.desk import (
    absences,
    access,
    account,
    actions,
    arranging,
    auditing,
    calls,
    codes,
    contacting,
    correcting,
    deadlines,
    deciding,
    documents,
    erasing,
    fees,
    figures,
    following_up,
    for_me,
    incident_words,
    incidents,
    inspections,
    level_page,
    levels,
    levels_tried,
    looked,
    lying,
    many,
    mapped,
    marking,
    moves,
    notices,
    obligations,
    opening,
    pausing,
    places_counted,
    promising,
    queue,
    ready_page,
    ready_texts,
    ready_versions,
    reports,
    rule_page,
    rules,
    saved,
    splitting,
    task_page,
    tasks,
    ticking,
    to_sort,
    tying,
    what_if,
    whole,
    words,
    writing,
)
from parvis.web.desk.room import Room, count_calls
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
