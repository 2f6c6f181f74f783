"""Deliveries: a list, one of them with everything known about it; trying again one or many, or giving them up."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext, pgettext
from parvis.outbox import STATES, DeliveryState, Line, count_dead, counts, line, listing, revive, revive_all, skip
from parvis.outbox.deliveries import CHANNEL, CONNECTOR
from parvis.requests.references import normalise
from parvis.web.links import PageLink
from parvis.web.operators.context import DELIVERIES, REVIVING, AtOperations, OperatorContext, go
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, drawn
from parvis.web.typed import typed
from parvis_sdk.events import Event
from parvis_sdk.fields import LongText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

UNDONE: tuple[DeliveryState, ...] = ("dead", "postponed", "waiting", "claimed")
PAGE = 50
LONGEST_REASON = 500
CHIPS = {"dead": "bad", "postponed": "warn", "waiting": "info", "claimed": "info", "done": "ok", "skipped": "plain"}


class DeliveryQuery(Struct, frozen=True, kw_only=True):
    """What the address of the list asks for."""

    state: str = ""
    subscriber: str = ""
    reference: str = ""

    @property
    def states(self) -> tuple[DeliveryState, ...]:
        return (self.state,) if self.state in STATES else UNDONE

    def address(self, **more: str) -> str:
        given = {"etat": self.state, "abonne": self.subscriber, "reference": self.reference, **more}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{DELIVERIES}?{query}" if query else DELIVERIES


@get(DELIVERIES)
async def show_deliveries(room: AtOperations, request: AnyRequest) -> Response[Any]:
    query = request.query_params
    state = str(query.get("etat", ""))
    asked = DeliveryQuery(
        state=state if state in STATES else "",
        subscriber=str(query.get("abonne", ""))[:120],
        reference=str(query.get("reference", "")).strip()[:40],
    )
    found = await listing(
        asked.states,
        subscriber=asked.subscriber,
        reference=normalise(asked.reference) or asked.reference,
        before=id_in(str(query.get("avant", ""))),
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    counted = await counts()
    return room.show(
        "deliveries.html",
        asked=asked,
        lines=await room.theirs(shown),
        next_page=asked.address(avant=str(shown[-1].id)) if len(found) > PAGE else "",
        views=_views(asked, counted),
        subscribers=[("", gettext("All")), *((name, name) for name in subscribers(room))],
        dead=counted.dead,
        state_name=state_name,
        state_chip=CHIPS,
        now=clock.now(),
        count=query.get("n", ""),
    )


@get(DELIVERIES + "/{id:str}")
async def show_delivery(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    return await delivery_page(room, await line_of(room, id))


async def delivery_page(
    room: OperatorContext, found: Line, problems: Problems | None = None, reason: str = ""
) -> Response[Any]:
    """One delivery, with what may be done about it."""
    await room.logs_access({found.reference} - {""})
    return room.show(
        "delivery.html",
        status=422 if problems else 200,
        line=found,
        state_name=state_name,
        state_chip=CHIPS,
        problems=problems,
        reason=reason,
        reason_field=reason_field,
        panels=await drawn(room.nouns(PagePanel, "operators.delivery"), room, found, lambda right: True),
        now=clock.now(),
    )


async def line_of(room: OperatorContext, id: str) -> Line:
    """The delivery of an address, about a request of a town that the person runs."""
    given = id_in(id)
    found = await line(given) if given else None
    if found is None or not await room.theirs([found]):
        raise NotFoundException("There is no such delivery.")
    return found


def reason_field() -> LongText:
    """The question why a delivery is given up."""
    words = gettext("Reason for not delivering it")
    return LongText(code="reason", label=Text(fr=words, en=words), max_length=LONGEST_REASON, rows=3)


def id_in(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def subscribers(room: OperatorContext) -> list[str]:
    """Everyone to whom something may be delivered today."""
    plugins = room.host.plugins
    channels, connectors = (
        (f"{CHANNEL}{name}" for name in plugins.channels),
        (f"{CONNECTOR}{name}" for name in plugins.connectors),
    )
    return sorted([*(each.name for each in plugins.subscriptions), *connectors, *channels])


def _views(asked: DeliveryQuery, counted: Any) -> list[tuple[str, str, bool]]:
    undone = sum(getattr(counted, state) for state in UNDONE)
    views = [
        ("", gettext("Unfinished"), undone),
        *((state, states_name(state), getattr(counted, state)) for state in STATES),
    ]
    return [
        (f"{words} ({number})", DeliveryQuery(state=state, subscriber=asked.subscriber).address(), asked.state == state)
        for state, words, number in views
    ]


def state_name(state: str) -> str:
    """The state of one delivery."""
    return {
        "waiting": pgettext("one delivery", "waiting"),
        "claimed": pgettext("one delivery", "in progress"),
        "postponed": pgettext("one delivery", "postponed"),
        "done": pgettext("one delivery", "done"),
        "dead": pgettext("one delivery", "abandoned"),
        "skipped": pgettext("one delivery", "dismissed"),
    }.get(state, state)


def states_name(state: str) -> str:
    """The name of all deliveries in a state."""
    return {
        "waiting": pgettext("delivery", "Waiting"),
        "claimed": pgettext("delivery", "In progress"),
        "postponed": pgettext("delivery", "Postponed"),
        "done": pgettext("delivery", "Done"),
        "dead": pgettext("delivery", "Abandoned"),
        "skipped": pgettext("delivery", "Dismissed"),
    }.get(state, state)


def event_name(event: type[Event]) -> str:
    """What a subscriber is told of."""
    return {
        "Submitted": pgettext("event", "a request was received"),
        "Moved": pgettext("event", "a step was completed"),
        "Happened": pgettext("event", "a milestone was reached, such as a paid fee"),
        "Noted": pgettext("event", "a note for the desk"),
        "Replied": pgettext("event", "the town has answered"),
        "Rescheduled": pgettext("event", "the promised date has changed"),
        "Raised": pgettext("event", "a promised date is near or has passed"),
        "ReceiptWanted": pgettext("event", "the receipt was requested again"),
        "ContactChanged": pgettext("event", "the requester’s contact details have changed"),
        "FilesReady": pgettext("event", "files on hold have been scanned"),
        "Received": pgettext("event", "the requester has written"),
        "Assigned": pgettext("event", "the request was assigned"),
        "Amended": pgettext("event", "the request was corrected"),
        "Withdrawn": pgettext("event", "the request was withdrawn"),
        "Followed": pgettext("event", "somebody follows the request"),
        "LetIn": pgettext("event", "somebody was given access"),
        "Joined": pgettext("event", "the request was merged with another one"),
        "TaskDone": pgettext("event", "one of its tasks was completed"),
        "TaskLate": pgettext("event", "one of its tasks is late"),
        "Resent": pgettext("event", "the request was sent again unchanged"),
        "Erased": pgettext("event", "its personal information was destroyed"),
        "Event": pgettext("event", "everything"),
    }.get(event.__name__, event.__name__)


LINK = PageLink(slot="operators.menu", path=DELIVERIES, after="/exploitation", text=lambda: gettext("Deliveries"))


class RevivalFilter(Struct, frozen=True, kw_only=True):
    """Which of the given-up deliveries: of one subscriber or of all, made since a day or ever."""

    subscriber: str
    since: date | None

    def begins(self, time_zone: str) -> datetime | None:
        return datetime.combine(self.since, time(), ZoneInfo(time_zone)) if self.since else None


@get(REVIVING)
async def ask_reviving(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """How many would be tried again, before any is."""
    chosen = chosen_by(str(request.query_params.get("abonne", "")), str(request.query_params.get("depuis", "")))
    begins = chosen.begins(room.town.time_zone)
    return room.show(
        "reviving.html",
        chosen=chosen,
        count=await count_dead(subscriber=chosen.subscriber, since=begins),
        subscribers=[("", gettext("All")), *((name, name) for name in subscribers(room))],
    )


@post(REVIVING)
async def revive_many(room: AtOperations, request: AnyRequest) -> Response[Any]:
    sent = await typed(request)
    chosen = chosen_by(sent.text("abonne"), sent.text("depuis"))
    begins = chosen.begins(room.town.time_zone)
    revived = await revive_all(room.host.engine, subscriber=chosen.subscriber, since=begins)
    room.note("revive", subscriber=chosen.subscriber, since=str(chosen.since or ""), revived=revived)
    return go(f"{DELIVERIES}?fait=relancees&n={revived}")


@post(DELIVERIES + "/{id:str}/relance")
async def revive_one(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    found = await line_of(room, id)
    done = await revive(room.host.engine, found.id)
    room.note("revive", delivery=str(found.id), revived=int(done))
    return go(f"{DELIVERIES}/{found.id}?fait={'relancee' if done else 'trop-tard'}")


@post(DELIVERIES + "/{id:str}/abandon", status_code=200)
async def skip_one(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    sent = await typed(request)
    found = await line_of(room, id)
    reason = sent.text("reason").strip()
    if wrong := wrong_reason(reason):
        return await delivery_page(room, found, wrong, reason)
    done = await skip(room.host.engine, found.id, reason)
    room.note("skip", delivery=str(found.id), skipped=done)
    return go(f"{DELIVERIES}/{found.id}?fait={'abandonnee' if done else 'trop-tard'}")


def wrong_reason(reason: str) -> Problems | None:
    if reason and len(reason) <= LONGEST_REASON:
        return None
    words = gettext("Give a short reason.") if not reason else gettext("This is too long.")
    return Problems(found=(Problem(path="reason", code="required", message=Text(fr=words, en=words)),))


def chosen_by(subscriber: str, since: str) -> RevivalFilter:
    try:
        day = date.fromisoformat(since)
    except ValueError:
        day = None
    return RevivalFilter(subscriber=subscriber[:120], since=day if day and 1990 <= day.year <= 2200 else None)
