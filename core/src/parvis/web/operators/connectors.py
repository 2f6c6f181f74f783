"""Connectors: how each of them stands, what one is told and tells, and what was said to its system and by it."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock, i18n
from parvis.connectors.exchanges import exchanges_of
from parvis.connectors.layers import LayerChange, LayerStanding, LayerTrouble, changes_of, layers, troubles_of
from parvis.connectors.standing import ConnectorStatus, standings
from parvis.i18n import gettext
from parvis.outbox import listing, references_of
from parvis.outbox.states import CONNECTOR
from parvis.web.links import PageLink
from parvis.web.operators.connector_words import (
    check_name,
    event_name,
    need_name,
    purpose_name,
    tables_of,
    weather_of,
)
from parvis.web.operators.context import CONNECTORS, AtOperations, OperatorContext
from parvis.web.operators.deliveries import id_in
from parvis_sdk.connectors import Checked, Connector
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

DEAD_SHOWN = 20
CALLS_SHOWN = 25
CHANGES_SHOWN = 10


class ConnectorOutcome(Struct, frozen=True, kw_only=True):
    """What came of the last button: the answers of a check, or of a trial; or what was wrong with what was typed."""

    checked: Sequence[Checked] = ()
    trial: str = ""
    trial_failed: bool = False
    problems: Problems | None = None
    typed: str = ""


class LayerShown(Struct, frozen=True, kw_only=True):
    """One layer that a connector brings, with what changed last and what is wrong in it."""

    standing: LayerStanding
    changes: Sequence[LayerChange]
    troubles: Sequence[LayerTrouble]
    towns: Sequence[str]


@get(CONNECTORS)
async def show_connectors(room: AtOperations) -> Response[Any]:
    """All of them; those that need somebody first."""
    now = clock.now()
    found = [each for each in await standings(room.heart) if may_see(room, each.connector)]
    found.sort(key=lambda each: (not each.needs_somebody, each.weather == "well", each.connector.name))
    return room.show("connectors.html", standings=found, weather_of=lambda each: weather_of(each, now), now=now)


@get(CONNECTORS + "/{name:str}")
async def show_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    return await connector_page(room, connector_of(room, name))


async def connector_page(
    room: OperatorContext, connector: Connector, answered: ConnectorOutcome | None = None
) -> Response[Any]:
    """Everything of one connector, and what came of the button that was pressed."""
    now, answered = clock.now(), answered or ConnectorOutcome()
    standing = await standing_of(room, connector)
    subscriber = f"{CONNECTOR}{connector.name}"
    before = id_in(str(room.request.query_params.get("avant", "")))
    calls = await exchanges_of(connector=connector.name, before=before, limit=CALLS_SHOWN + 1)
    await room.looks(await references_of([each.delivery for each in calls[:CALLS_SHOWN] if each.delivery]))
    dead = await room.theirs(await listing(("dead",), subscriber=subscriber, limit=DEAD_SHOWN))
    house = room.heart.house
    here = address_of(connector)
    return room.show(
        "connector.html",
        status=422 if answered.problems else 200,
        connector=connector,
        here=here,
        standing=standing,
        weather=weather_of(standing, now),
        trouble=standing.last_trouble,
        subscriber=subscriber,
        events=[event_name(event) for event in connector.events],
        needs=[need_name(need) for need in connector.needs],
        types=[i18n.say(kind.title) if (kind := house.request_type(code)) else code for code in connector.types],
        towns=[room.town_name(code) for code in connector.towns],
        tables=tables_of(connector.mappings, house.request_types),
        layers=await layers_of(room, connector),
        dead=dead,
        exchanges=calls[:CALLS_SHOWN],
        earlier=f"{here}?avant={calls[CALLS_SHOWN - 1].id}#calls" if len(calls) > CALLS_SHOWN else "",
        latest=f"{here}#calls" if before else "",
        purpose_name=purpose_name,
        check_name=check_name,
        answered=answered,
        field=reference_field(),
        count=room.request.query_params.get("n", ""),
        now=now,
    )


async def layers_of(room: OperatorContext, connector: Connector) -> list[LayerShown]:
    """The layers that it brings, as far as they were read."""
    return [
        LayerShown(
            standing=each,
            changes=await changes_of(each.id, limit=CHANGES_SHOWN),
            troubles=await troubles_of(each.id, limit=CHANGES_SHOWN),
            towns=[room.town_name(code) for code in each.towns],
        )
        for each in (await layers(room.heart, connector.name) if connector.layers else ())
    ]


async def standing_of(room: OperatorContext, connector: Connector) -> ConnectorStatus:
    """How this one stands."""
    return next(each for each in await standings(room.heart) if each.connector.name == connector.name)


def connector_of(room: OperatorContext, name: str) -> Connector:
    """The connector of an address."""
    connector = room.heart.house.connectors.get(name)
    if connector is None or not may_see(room, connector):
        raise NotFoundException("There is no such connector.")
    return connector


def may_see(room: OperatorContext, connector: Connector) -> bool:
    """Whether the person runs one of the towns that this connector is for."""
    return not connector.towns or any(room.runs(code) for code in connector.towns)


def address_of(connector: Connector) -> str:
    return f"{CONNECTORS}/{connector.name}"


def reference_field() -> ShortText:
    """The question which request is meant."""
    words = gettext("Reference of the request")
    return ShortText(code="reference", label=Text(fr=words, en=words), max_length=40, autocomplete="off")


LINK = PageLink(
    slot="operators.menu", path=CONNECTORS, after="/exploitation/livraisons", text=lambda: gettext("Connectors")
)
