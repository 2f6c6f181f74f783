"""What is done with a task at the desk besides giving the opinion: taken, handed on, asked outside, extended, ended."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day, spans_of
from parvis.people.agents import agents
from parvis.viewers import can_work
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.lists.filtering import midnight
from parvis.web.desk.one_request.forms import version_in, words_in, wrong
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_reviews.arranging_tasks import (
    Receiver,
    TaskArrangement,
    cancel_task,
    extend_task,
    hand_task,
    renew_link,
    revoke_link,
    take_task,
)
from parvis_reviews.desk.arranged_forms import CANCEL, EXTEND, OUTSIDE
from parvis_reviews.desk.task_page import TASK, TaskView, answered, opened, refused, still_does
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problems


@post(f"{TASK}/prendre")
async def take(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    found, sent = await opened(room, id, to_do=True), await typed(request)
    arranging = _arranging(room, found, sent)
    if isinstance(arranging, Problems):
        return await refused(room, found, "take", {}, arranging)
    answer = await take_task(room.host, found.record.reference, arranging, email=room.person.email)
    return await answered(room, id, "take", {}, answer, "prise")


@post(f"{TASK}/confier")
async def hand(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """To another unit, to a colleague, or to nobody in particular."""
    found, sent = await opened(room, id, to_do=True), await typed(request)
    values = {name: sent.text(name) for name in ("unit", "assignee")} | {"reason": _reason(sent, "hand")}
    colleagues = {one.id: one for one in await agents(room.host.engine, room.town.code)}
    person = colleagues.get(values["assignee"])
    if values["assignee"] and (person is None or not can_work(person, room.town.code)):
        return await refused(room, found, "hand", values, wrong("assignee", gettext("Choose a colleague.")))
    to = Receiver(
        unit=values["unit"] or found.task.unit,
        assignee=UUID(person.id) if person else None,
        name=person.name if person else "",
        email=person.email if person else "",
    )
    arranging = _arranging(room, found, sent, values["reason"])
    if isinstance(arranging, Problems):
        return await refused(room, found, "hand", values, arranging)
    answer = await hand_task(room.host, found.record.reference, arranging, to)
    return await answered(room, id, "hand", values, answer, "confiee")


@post(f"{TASK}/exterieur")
async def ask_outside(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Have a body outside the town do it, by a private link that is mailed to it."""
    found, sent = await opened(room, id, to_do=True), await typed(request)
    raw, read = _read(OUTSIDE, sent, "outside", room)
    if isinstance(read, Problems):
        return await refused(room, found, "outside", raw, read)
    to = Receiver(name=read["name"], email=read["email"], language=read["language"], outside=True)
    arranging = _arranging(room, found, sent, read.get("reason", ""))
    if isinstance(arranging, Problems):
        return await refused(room, found, "outside", raw, arranging)
    answer = await hand_task(room.host, found.record.reference, arranging, to)
    return await answered(room, id, "outside", raw, answer, "exterieur")


@post(f"{TASK}/delai")
async def extend(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """More time, until the town closes on that day."""
    found, sent = await opened(room, id, to_do=True), await typed(request)
    raw, read = _read(EXTEND, sent, "extend", room)
    if isinstance(read, Problems):
        return await refused(room, found, "extend", raw, read)
    day = date.fromisoformat(read["day"])
    spans = spans_of(room.town.calendar, day)
    due_at = spans[-1][1] if spans else midnight(date.fromordinal(day.toordinal() + 1), room.town.time_zone)
    arranging = _arranging(room, found, sent, read["reason"])
    if isinstance(arranging, Problems):
        return await refused(room, found, "extend", raw, arranging)
    answer = await extend_task(room.host, found.record.reference, arranging, due_at)
    return await answered(room, id, "extend", raw, answer, "delai")


@post(f"{TASK}/annuler")
async def cancel(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    found, sent = await opened(room, id, to_do=True), await typed(request)
    raw, read = _read(CANCEL, sent, "cancel", room)
    if isinstance(read, Problems):
        return await refused(room, found, "cancel", raw, read)
    arranging = _arranging(room, found, sent, read["reason"])
    if isinstance(arranging, Problems):
        return await refused(room, found, "cancel", raw, arranging)
    answer = await cancel_task(room.host, found.record.reference, arranging)
    return await answered(room, id, "cancel", raw, answer, "annulee")


@post(f"{TASK}/lien")
async def change_link(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Mail a new private link in place of the one before, or withdraw it."""
    found, sent = await opened(room, id, to_do=True), await typed(request)
    act, arranging = revoke_link if sent.text("_revoke") else renew_link, _arranging(room, found, sent)
    if isinstance(arranging, Problems):
        return await refused(room, found, "link", {}, arranging)
    answer = await act(room.host, found.record.reference, arranging)
    return await answered(room, id, "link", {}, answer, "lien")


def _arranging(room: DeskContext, found: TaskView, sent: FormInput, reason: str = "") -> TaskArrangement | Problems:
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return seen
    return TaskArrangement(task=found.task.id, actor=room.actor, reason=reason, seen=seen, check=still_does(room))


def _reason(sent: FormInput, form: str) -> str:
    given = sent.values.get(form)
    return str(given.get("reason", ""))[:2000] if isinstance(given, dict) else words_in(sent, "reason")[:2000]


def _read(
    form: Form, sent: FormInput, name: str, room: DeskContext
) -> tuple[dict[str, Any], dict[str, Any] | Problems]:
    given = sent.values.get(name)
    raw = dict(given) if isinstance(given, dict) else {}
    read = form.read(raw, today=local_day(room.town.calendar, clock.now()))
    return raw, read if isinstance(read, Problems) else read.answers
