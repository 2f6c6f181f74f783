"""To which unit a request goes: as the file of its town says, or as a module decides that knows more than that."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.owners import Owner
from parvis.jurisdictions.places import locate
from parvis.jurisdictions.units import RouteRule
from parvis.requests.host import Host
from parvis.requests.town_names import CHANNELS, Names, either, joined, names_in
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

NUMBERED = Text(fr="Règle {number}\u00a0: {words}", en="Rule {number}: {words}")
NONE_FITS = Text(fr="Aucune règle ne s’applique", en="No rule applies")


class RoutingInputs(Struct, frozen=True, kw_only=True):
    """What of a request may decide whose it is: its type, how it came and from whom, its place, what was answered."""

    request_type: RequestType
    channel: str
    requester: str
    place: Place | None
    answers: Mapping[str, Any]
    at: datetime


class Assignment(Struct, frozen=True, kw_only=True):
    """To whom of a unit a request is given, None to nobody yet; `body` is what its history keeps of it all."""

    person: UUID | None = None
    body: dict[str, Any] = {}


Draw = Callable[[datetime, Collection[str]], Awaitable[Assignment]]
"""Before a request is written: who is given it at that moment, and never those from whom it is kept."""


class Destination(Struct, frozen=True, kw_only=True):
    """Whose a request is: its unit and priority, or the `owner` who looks after its place where that is not the town.

    `body` is what its history keeps of why. Where several persons share what comes, `draw` says who is given it.
    """

    unit: str
    priority: int = 0
    owner: Owner | None = None
    body: dict[str, Any] = {}
    draw: Draw | None = None


@dataclass(frozen=True)
class RequestRouter:
    """Who decides whose a request is in the towns that have its module; elsewhere the file of the town names a unit."""

    module: str = ""
    route: Callable[[Host, Jurisdiction, RoutingInputs], Awaitable[Destination]] | None = None
    units: "Callable[[Host, Jurisdiction, RequestType, Collection[str]], Awaitable[frozenset[str]]] | None" = None


async def route(host: Host, town: Jurisdiction, inputs: RoutingInputs) -> Destination:
    """Whose a request is; always a unit that the town has."""
    router = host.of(RequestRouter)
    if router.route is None or not host.modules.of(town).has(router.module):
        return by_file(town, inputs, names_in(host, town))
    return await router.route(host, town, inputs)


async def units_for(
    host: Host, town: Jurisdiction, request_type: RequestType, zones: Collection[str]
) -> frozenset[str]:
    """Every unit to which a rule may bring requests of this type from these zones, with the teams below each."""
    router = host.of(RequestRouter)
    if router.units is not None and host.modules.of(town).has(router.module):
        found = await router.units(host, town, request_type, zones)
    else:
        code, theme = request_type.code, request_type.theme.code
        found = frozenset(rule.unit for rule in town.routes if rule.may_fit(code, theme, tuple(zones)))
    named = found & town.units.keys() or {town.default_unit}
    return frozenset(below for unit in named for below in town.units_under(unit))


async def assign(destination: Destination, at: datetime, excluded_agents: Collection[str] = ()) -> Assignment:
    """Outside any transaction: who is given the request; asks nothing where nobody shares what comes."""
    if destination.draw is None:
        return Assignment(body=destination.body)
    return await destination.draw(at, excluded_agents)


def by_file(town: Jurisdiction, inputs: RoutingInputs, names: Names) -> Destination:
    """The unit of the first rule of the town's file that fits its type, theme, zone and channel, else the default."""
    request_type, place = inputs.request_type, inputs.place
    there = locate(town, place.lon, place.lat) if place and place.lon is not None and place.lat is not None else None
    zones = there.zone_codes if there else ()
    rules = (rule for rule in town.routes if not rule.inspections)
    for number, rule in enumerate(rules, 1):
        if rule.unit in town.units and rule.fits_request(
            request_type.code, request_type.theme.code, zones, inputs.channel
        ):
            words = NUMBERED.format(number=number, words=_conditions_of(rule, names))
            return Destination(unit=rule.unit, body=reason(words, unit=rule.unit, rule=number))
    return Destination(unit=town.default_unit, body=reason(NONE_FITS, unit=town.default_unit))


def reason(words: Text, *, unit: str, version: int = 0, rule: int = 0, priority: int = 0) -> dict[str, Any]:
    """Why a request came to its unit, as its history keeps it; version 0 is that of the town's files."""
    told = {"version": version, "rule": rule, "words": structs.asdict(words), "unit": unit, "priority": priority}
    return {"routed": told}


def _conditions_of(rule: RouteRule, names: Names) -> Text:
    parts = (
        either(names.zone(code) for code in rule.zones),
        either(names.theme(code) for code in rule.themes),
        either(names.type(code) for code in rule.types),
        either(CHANNELS.get(code, Text(fr=code)) for code in rule.channels),
    )
    return joined(part for part in parts if part is not None)
