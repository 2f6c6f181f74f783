"""What an operator does about deliveries: try one or many again, or give one up for good with a reason."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext
from parvis.outbox import count_dead, revive, revive_all, skip
from parvis.web.operators.context import DELIVERIES, REVIVING, AtOperations, go
from parvis.web.operators.deliveries import LONGEST_REASON, delivery_page, line_of, subscribers
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text


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
    revived = await revive_all(room.heart.engine, subscriber=chosen.subscriber, since=begins)
    room.note("revive", subscriber=chosen.subscriber, since=str(chosen.since or ""), revived=revived)
    return go(f"{DELIVERIES}?fait=relancees&n={revived}")


@post(DELIVERIES + "/{id:str}/relance")
async def revive_one(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    found = await line_of(room, id)
    done = await revive(room.heart.engine, found.id)
    room.note("revive", delivery=str(found.id), revived=int(done))
    return go(f"{DELIVERIES}/{found.id}?fait={'relancee' if done else 'trop-tard'}")


@post(DELIVERIES + "/{id:str}/abandon", status_code=200)
async def skip_one(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    sent = await typed(request)
    found = await line_of(room, id)
    reason = sent.text("reason").strip()
    if wrong := wrong_reason(reason):
        return await delivery_page(room, found, wrong, reason)
    done = await skip(room.heart.engine, found.id, reason)
    room.note("skip", delivery=str(found.id), skipped=done)
    return go(f"{DELIVERIES}/{found.id}?fait={'abandonnee' if done else 'trop-tard'}")


def wrong_reason(reason: str) -> Problems | None:
    if reason and len(reason) <= LONGEST_REASON:
        return None
    words = gettext("Say why, in a few words.") if not reason else gettext("This is too long.")
    return Problems(found=(Problem(path="reason", code="required", message=Text(fr=words, en=words)),))


def chosen_by(subscriber: str, since: str) -> RevivalFilter:
    try:
        day = date.fromisoformat(since)
    except ValueError:
        day = None
    return RevivalFilter(subscriber=subscriber[:120], since=day if day and 1990 <= day.year <= 2200 else None)
