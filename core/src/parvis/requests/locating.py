"""Asking the locator of a town for places and what it knows of them; where it is away, a base of its addresses."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx
import structlog

from parvis import clock
from parvis.http_client import Clients
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import FoundAddress
from parvis.jurisdictions.shapes import metres_between
from parvis.plugins.guarding import guard_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt
from parvis.requests.host import Host
from parvis.requests.places import MOST_SEARCHED, NEAREST, AddressVerifier, Point, addresses_of
from parvis_sdk.connectors import Pace
from parvis_sdk.locators import FoundPlace, Locator
from parvis_sdk.text_normalisation import words_of

FAILURES = 3
REST = timedelta(seconds=30)
LIMIT = 1.5  # seconds that a person waits for a suggestion before the plainer list is good enough
FARTHEST = 1000.0  # metres between a point and what is said to be its address
PACE = Pace(at_once=16, seconds=LIMIT)
log = structlog.get_logger("parvis.locating")
Answer = TypeVar("Answer")


class Circuits:
    """How each locator or payment provider has been doing in this process; it lives as long as the host."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, datetime] = {}

    def is_open(self, name: str, now: datetime) -> bool:
        """Whether it is left alone for now; when its rest is over, one call may try it."""
        until = self._rests_until.get(name)
        if until is None:
            return False
        if until > now:
            return True
        self._rests_until[name] = now + REST  # callers meanwhile do not wait for the one that tries
        return False

    def worked(self, name: str) -> None:
        """It answered in time."""
        self._failures.pop(name, None)
        self._rests_until.pop(name, None)

    def failed(self, name: str, now: datetime) -> None:
        """It did not."""
        self._failures[name] = self._failures.get(name, 0) + 1
        if self._failures[name] >= FAILURES:
            self._rests_until[name] = now + REST


class LocatorCircuits(Circuits):
    """How each locator has been doing in this process."""


async def find_places(
    host: Host, town: Jurisdiction, words: str, limit: int = MOST_SEARCHED, near: Point | None = None
) -> tuple[FoundAddress, ...]:
    """What the words may mean, best first, of equals those near a point.

    A locator that is away is not noticed but by a plainer list.
    """
    locator = _chosen(host, town)
    if locator is not None:
        found = await _asked(host, locator, lambda http: locator.find(town.code, words, limit, http), _are_places)
        ours = [each for each in found or () if _answers(words, each)]
        _log_what_is_left_out(locator, len(found or ()) - len(ours))
        if ours:
            return tuple(_address(each) for each in ours[:limit])
    return addresses_of(host, town).search(words, limit, near)


async def address_at(
    host: Host, town: Jurisdiction, lon: float, lat: float, within_m: float = NEAREST
) -> FoundAddress | None:
    """The address nearest to a point."""
    locator = _chosen(host, town)
    if locator is not None:
        found = await _asked(host, locator, lambda http: locator.address_at(town.code, lon, lat, http), _is_place)
        if found is not None and metres_between(lon, lat, found.lon, found.lat) <= FARTHEST:
            return _address(found)
        _log_what_is_left_out(locator, int(found is not None))
    return addresses_of(host, town).nearest(lon, lat, within_m)


async def facts_at(host: Host, town: Jurisdiction, lon: float, lat: float) -> dict[str, Any]:
    """What the locator of the town knows of a point; nothing where there is none or it is away."""
    locator = _chosen(host, town)
    if locator is None:
        return {}
    return await _asked(host, locator, lambda http: locator.facts_at(town.code, lon, lat, http), _are_facts) or {}


def _chosen(host: Host, town: Jurisdiction) -> Locator | None:
    return host.plugins.locators.get(town.locator) if town.locator else None


async def _asked(
    host: Host,
    locator: Locator,
    call: Callable[[httpx.AsyncClient], Awaitable[Answer]],
    is_right: Callable[[object], bool],
) -> Answer | None:
    now = clock.now()
    if host.of(LocatorCircuits).is_open(locator.name, now):
        return None
    tried = await attempt(
        lambda: call(
            host.of(Clients).of(f"locator:{locator.name}", PACE, guard_of(host.plugins.located_by(locator.name)))
        ),
        LIMIT,
        function=type(locator),
        threads=host.given(PluginThreads),
    )
    if isinstance(tried, Success) and is_right(tried.value):
        host.of(LocatorCircuits).worked(locator.name)
        return tried.value
    host.of(LocatorCircuits).failed(locator.name, now)
    what = "it answered something else than places" if isinstance(tried, Success) else str(tried)
    where = tried.where if isinstance(tried, Failure) else ""
    log.warning("locator", name=locator.name, trouble=what, where=where)
    return None


def _answers(words: str, place: FoundPlace) -> bool:
    """Whether a place may be what was typed: of an address at least its number or one of its words, begun or whole."""
    if not words.strip()[:1].isdecimal():
        return True  # a name: what it stands for may be written otherwise
    asked, told = map(words_of, (words, f"{place.text} {place.postal_code}"))
    return any(one.startswith(other) or other.startswith(one) for one in asked for other in told)


def _log_what_is_left_out(locator: Locator, many: int) -> None:
    if many:
        log.warning("locator", name=locator.name, trouble="it answered about something else than was asked", many=many)


def _are_places(answer: object) -> bool:
    return isinstance(answer, list) and all(isinstance(each, FoundPlace) for each in answer)


def _is_place(answer: object) -> bool:
    return answer is None or isinstance(answer, FoundPlace)


def _are_facts(answer: object) -> bool:
    return isinstance(answer, dict)


def _address(place: FoundPlace) -> FoundAddress:
    """A locator does not tell whether it mended the words: only what is written just so is taken without asking."""
    return FoundAddress(text=place.text, lon=place.lon, lat=place.lat, postal_code=place.postal_code, fit="corrected")


LOCATORS = AddressVerifier(
    find=lambda host, town, words, near: find_places(host, town, words, near=near),
    at=address_at,
)
"""What the host gives to those who verify addresses."""
