"""Connectors: how each stands, the calls to it, what one asks of it, a period compared with what it holds."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock, i18n
from parvis.i18n import gettext, say
from parvis.outbox import listing, references_of
from parvis.outbox.deliveries import CONNECTOR
from parvis.outbox.operating import pause, resume
from parvis.plugins.trying import Failure
from parvis.requests.records import find, those_of
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext, go, period
from parvis.web.operators.deliveries import event_name, id_in
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_connectors.calls import check, try_out
from parvis_connectors.comparing import Difference, compare, mend, resend
from parvis_connectors.exchanges import exchanges_of
from parvis_connectors.layers import LayerChange, LayerStanding, LayerTrouble, changes_of, layers, troubles_of
from parvis_connectors.operators.connector_words import (
    check_name,
    need_name,
    purpose_name,
    tables_of,
    weather_of,
)
from parvis_connectors.polling import poll_soon
from parvis_connectors.standing import ConnectorStatus, standings
from parvis_sdk.connectors import Checked, Connector
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

CONNECTORS = f"{HOME}/connecteurs"
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
    found = [each for each in await standings(room.host) if may_see(room, each.connector)]
    found.sort(key=lambda each: (not each.needs_somebody, each.weather == "well", each.connector.name))
    return room.show(
        "connectors/connectors.html", standings=found, weather_of=lambda each: weather_of(each, now), now=now
    )


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
    await room.logs_access(await references_of([each.delivery for each in calls[:CALLS_SHOWN] if each.delivery]))
    dead = await room.theirs(await listing(("dead",), subscriber=subscriber, limit=DEAD_SHOWN))
    plugins = room.host.plugins
    here = address_of(connector)
    return room.show(
        "connectors/connector.html",
        status=422 if answered.problems else 200,
        connector=connector,
        here=here,
        standing=standing,
        weather=weather_of(standing, now),
        trouble=standing.last_trouble,
        subscriber=subscriber,
        events=[event_name(event) for event in connector.events],
        needs=[need_name(need) for need in connector.needs],
        types=[
            i18n.say(request_type.title) if (request_type := plugins.request_type(code)) else code
            for code in connector.types
        ],
        towns=[room.town_name(code) for code in connector.towns],
        tables=tables_of(connector.mappings, plugins.request_types),
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
        for each in (await layers(room.host, connector.name) if connector.layers else ())
    ]


async def standing_of(room: OperatorContext, connector: Connector) -> ConnectorStatus:
    """How this one stands."""
    return next(each for each in await standings(room.host) if each.connector.name == connector.name)


def connector_of(room: OperatorContext, name: str) -> Connector:
    """The connector of an address."""
    connector = room.host.plugins.connectors.get(name)
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
    slot="operators.menu",
    path=CONNECTORS,
    guide="docs/operations#connectors",
    after="/exploitation/livraisons",
    text=lambda: gettext("Connectors"),
)


ONE = CONNECTORS + "/{name:str}"


@post(f"{ONE}/verification", status_code=200)
async def check_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """Three answers: settings, reachable, allowed."""
    connector = connector_of(room, name)
    checked = await check(room.host, connector)
    room.note("check connector", connector=name, well=all(each.ok for each in checked))
    return await connector_page(room, connector, ConnectorOutcome(checked=checked))


@post(f"{ONE}/essai", status_code=200)
async def try_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """Something harmless is sent, and what came back is shown."""
    connector = connector_of(room, name)
    came = await try_out(room.host, connector)
    failed = not isinstance(came, str)
    room.note("try connector", connector=name, failed=failed)
    said = came if isinstance(came, str) else say(came.what)
    return await connector_page(room, connector, ConnectorOutcome(trial=said or "–", trial_failed=failed))


@post(f"{ONE}/interrogation")
async def poll_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """A worker asks it within a second or two: what a poll brings may be much, and a page does not wait for it."""
    connector = connector_of(room, name)
    await poll_soon(room.host, connector)
    room.note("poll connector", connector=name)
    return go(f"{address_of(connector)}?fait=interroge")


@post(f"{ONE}/pause")
async def pause_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """Nothing is delivered to it any more until somebody resumes it."""
    connector = connector_of(room, name)
    await pause(room.host.engine, connector.name, gettext("Paused by %(who)s") % {"who": room.person.name})
    room.note("pause connector", connector=name)
    return go(f"{address_of(connector)}?fait=pause")


@post(f"{ONE}/reprise")
async def resume_connector(room: AtOperations, name: FromPath[str]) -> Response[Any]:
    """What waited goes, and what was given up because the system was away too long."""
    connector = connector_of(room, name)
    revived = await resume(room.host.engine, connector.name)
    room.note("resume connector", connector=name, revived=revived)
    return go(f"{address_of(connector)}?fait=reprise")


@post(f"{ONE}/renvoi", status_code=200)
async def resend_request(room: AtOperations, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Brings the other system up to date with one request."""
    sent = await typed(request)
    connector = connector_of(room, name)
    reference = sent.text("reference").strip()[:40]
    if wrong := await wrong_reference(room, connector, reference):
        return await connector_page(room, connector, ConnectorOutcome(problems=wrong, typed=reference))
    await resend(room.host, connector, reference)
    room.note("resend", connector=name, reference=reference)
    return go(f"{address_of(connector)}?fait=renvoye")


async def wrong_reference(room: OperatorContext, connector: Connector, reference: str) -> Problems | None:
    """Why this request cannot be sent to that system."""
    record = await find(room.host, reference) if reference else None
    if not reference:
        return wrong_at("reference", gettext("Enter the reference of a request."))
    if record is None:
        return wrong_at("reference", gettext("There is no request with this reference."))
    if not room.runs(record.jurisdiction):
        return wrong_at("reference", gettext("This request belongs to a town that you do not operate."))
    if not connector.serves(record.type, record.jurisdiction):
        return wrong_at("reference", gettext("Requests of this type or of this town do not go to this system."))
    return None


def wrong_at(path: str, words: str) -> Problems:
    """One problem, in words that are in the person's language already."""
    return Problems(found=(Problem(path=path, code="wrong", message=Text(fr=words, en=words)),))


COMPARISON = CONNECTORS + "/{name:str}/comparaison"
ALL = "all"


@get(COMPARISON)
async def show_comparison(room: AtOperations, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """The other system is asked only once a period was chosen."""
    connector = comparable(room, name)
    query = request.query_params
    first, last = period(str(query.get("du", "")), str(query.get("au", "")), room.town)
    found = await differences(room, connector, first, last) if "du" in query else None
    return room.show(
        "connectors/comparison.html",
        connector=connector,
        here=address_of(connector),
        since=first,
        until=last,
        failed=say(found.what) if isinstance(found, Failure) else "",
        differences=None if found is None or isinstance(found, Failure) else found,
        mendable=0 if found is None or isinstance(found, Failure) else sum(each.can_mend for each in found),
        kind_name=kind_name,
        chosen=chosen,
        all_of_them=ALL,
        count=query.get("n", ""),
    )


@post(COMPARISON)
async def mend_differences(room: AtOperations, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Both sides are compared anew, so that only what really differs now is mended."""
    sent = await typed(request)
    connector = comparable(room, name)
    first, last = period(sent.text("du"), sent.text("au"), room.town)
    found = await differences(room, connector, first, last)
    here = f"{address_of(connector)}/comparaison?du={first}&au={last}"
    if isinstance(found, Failure):
        return go(here)
    wanted = [each for each in found if each.can_mend and sent.text("difference") in (ALL, chosen(each))]
    mended = [each for each in wanted if await mend(room.host, connector, each)]
    room.note("mend differences", connector=name, asked=len(wanted), mended=len(mended))
    return go(f"{here}&fait={'oui' if mended else 'non'}&n={len(mended)}")


async def differences(
    room: OperatorContext, connector: Connector, first: date, last: date
) -> tuple[Difference, ...] | Failure:
    """What differs within these days, of requests of the towns that the person runs."""
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    found = await compare(room.host, connector, since, until)
    if isinstance(found, Failure):
        return found
    named = {each.reference for each in found if each.reference}
    ours = await those_of(room.scopes, named)
    return tuple(each for each in found if not each.reference or each.reference in ours)


def comparable(room: OperatorContext, name: str) -> Connector:
    connector = connector_of(room, name)
    if connector.listed is None:
        raise NotFoundException("This connector cannot say what its system holds.")
    return connector


def chosen(each: Difference) -> str:
    """How a form names one difference."""
    return f"{each.kind} {each.reference} {each.external_reference}"


def kind_name(kind: str) -> str:
    """A difference in words, and what mending does."""
    return {
        "foreign": gettext(
            "The number linked here belongs to another request there. Correcting this removes the link and resends ours"
        ),
        "missing_there": gettext("Sent by us, missing in that system"),
        "unknown_here": gettext("In that system, not linked to a request here"),
        "behind_here": gettext("Latest updates not received here"),
    }.get(kind, kind)
