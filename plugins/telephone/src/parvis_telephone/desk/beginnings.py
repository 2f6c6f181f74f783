"""What a sheet was begun with, and what stands against opening a request for a caller."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.requests.advice import NOBODY, Advice, Insistence, Notice, advise, hints, informing, zones_at
from parvis.web.desk.beginnings import SLOT, IncomingItem, SheetSource
from parvis.web.desk.context import DeskContext
from parvis.web.portal.steps import answers_so_far
from parvis_sdk.places import read_place
from parvis_sdk.problems import Problem
from parvis_sdk.reading import Reading
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text


class Origin(Struct, frozen=True, kw_only=True):
    """Which thing of which source a sheet was begun with; nothing for one that began empty."""

    source: str = ""
    id: str = ""

    @property
    def idempotency_key(self) -> str:
        """The same for every agent, so that one beginning makes one request."""
        return f"{self.source}:{self.id}"


async def begun_by(room: DeskContext, parameters: Mapping[str, str]) -> tuple[Origin, IncomingItem] | None:
    """What the address of the sheet asks to begin with."""
    for source in room.nouns(SheetSource, SLOT):
        if id := parameters.get(source.asked, ""):
            return Origin(source=source.name, id=id), await source.find(room, id)
    return None


def origin_in(room: DeskContext, text: Callable[[str], str]) -> Origin:
    """What the sheet that was sent had been begun with."""
    there = ((source.name, text(source.name)[:40]) for source in room.nouns(SheetSource, SLOT))
    return next((Origin(source=name, id=id) for name, id in there if id), Origin())


async def begun_with(room: DeskContext, origin: Origin) -> IncomingItem | None:
    """The thing as it is now."""
    sources = {source.name: source for source in room.nouns(SheetSource, SLOT)}
    return await sources[origin.source].find(room, origin.id) if origin.source in sources else None


LONGEST_REASON = 500


class CallerAdvice(Struct, frozen=True, kw_only=True):
    """What to tell the caller before anything is opened; `hints` is what the form says above its questions."""

    advice: tuple[Advice, ...] = ()
    notices: tuple[Notice, ...] = ()
    hints: tuple[Text, ...] = ()


async def said_about(
    room: DeskContext, request_type: RequestType, raw_place: Mapping[str, Any], answers: Mapping[str, Any]
) -> CallerAdvice:
    """From what is on the page so far, right or wrong."""
    place = place_in(request_type, raw_place)
    reading = Reading(today=local_day(room.town.calendar, clock.now()), attachments={})
    clean = answers_so_far(request_type, {"answers": answers}, reading)
    notices = informing(room.host, room.town, request_type, zones_at(room.town, place))
    return CallerAdvice(
        advice=await advise(room.host, room.town, request_type, place, clean),
        notices=tuple(notice for notice in notices if notice.kind == "inform"),
        hints=tuple(hints(room.host, room.town, request_type, place, clean).values()),
    )


def place_in(request_type: RequestType, raw: Mapping[str, Any]) -> Place | None:
    read = read_place(dict(raw), request_type.place.shapes) if raw and request_type.place.need != "none" else None
    return None if isinstance(read, Problem) else read


def insistence_for(reason: str) -> Insistence:
    """With a reason the people of the town open what they see fit; without one they have not said that they do."""
    return Insistence(reason=reason.strip()[:LONGEST_REASON], by_town=True) if reason.strip() else NOBODY
