"""A period as we hold it beside what another system holds of it: what differs, and mending one difference or all."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import clock
from parvis.connectors.comparing import Difference, compare, mend
from parvis.i18n import gettext, say
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure
from parvis.requests.records import those_of
from parvis.web.operators.connectors import address_of, connector_of
from parvis.web.operators.context import CONNECTORS, AtOperations, OperatorContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.connectors import Connector

COMPARISON = CONNECTORS + "/{name:str}/comparaison"
ALL = "all"
DAYS = 7
LONGEST = 92


@get(COMPARISON)
async def show_comparison(room: AtOperations, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """The other system is asked only once a period was chosen."""
    connector = comparable(room, name)
    query = request.query_params
    first, last = period(str(query.get("du", "")), str(query.get("au", "")), room.town)
    found = await differences(room, connector, first, last) if "du" in query else None
    return room.show(
        "comparison.html",
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
    mended = [each for each in wanted if await mend(room.heart, connector, each)]
    room.note("mend differences", connector=name, asked=len(wanted), mended=len(mended))
    return go(f"{here}&fait={'oui' if mended else 'non'}&n={len(mended)}")


async def differences(
    room: OperatorContext, connector: Connector, first: date, last: date
) -> tuple[Difference, ...] | Failure:
    """What differs within these days, of requests of the towns that the person runs."""
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    found = await compare(room.heart, connector, since, until)
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
        "foreign": gettext("The number linked here is another request’s there; mending unlinks it and sends ours anew"),
        "missing_there": gettext("Sent by us, not there"),
        "unknown_here": gettext("There, and not linked with a request here"),
        "behind_here": gettext("Their latest news did not arrive here"),
    }.get(kind, kind)


def period(since: str, until: str, town: Jurisdiction) -> tuple[date, date]:
    """The days that were typed, or the last week; in order, and not longer than a quarter."""
    today = clock.now().astimezone(ZoneInfo(town.time_zone)).date()
    first, last = sorted((_day(since, today - timedelta(days=DAYS)), _day(until, today)))
    return max(first, last - timedelta(days=LONGEST)), last


def _day(given: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return otherwise
    return day if 1990 <= day.year <= 2200 else otherwise
