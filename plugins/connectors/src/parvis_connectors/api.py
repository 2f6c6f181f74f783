"""Connected systems: how each stands, for machines that watch them, and their calls.

A call is believed by its signature alone, and taken in as often as it comes. Plugins have addresses of their own.
"""

from datetime import timedelta
from functools import partial
from typing import Literal

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.api.calls import AnyRequest, Call, Given, forbidden, require
from parvis.api.operations import FIELDS, operation
from parvis.api.shapes import ListAnswer, Moment
from parvis.i18n import gettext
from parvis.people.throttle import Pace
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt, caught
from parvis.requests.host import Host
from parvis_connectors import signed_calls
from parvis_connectors.plugin_endpoints import CallRefused, NamedEndpoint, answered, endpoint_of
from parvis_connectors.standing import ConnectorStatus, standings
from parvis_connectors.unmatched_updates import take, wrong_with
from parvis_sdk.connectors import Connector, News, Understand
from parvis_sdk.endpoints import HEADERS, EndpointAnswer, EndpointRequest, Method, Public, Signed, WithKey, body_of
from parvis_sdk.payments import SignedCall
from parvis_sdk.subscriptions import Update
from parvis_sdk.towns import Town

log = structlog.get_logger("parvis.connectors")
LIMIT = 5.0
LARGEST = 20_000_000  # bytes; a call may bring photos


class ConnectorShape(Struct, frozen=True, kw_only=True):
    """How one connected system stands. `state` is "resting" while it is left alone after failures, and
    "paused" until a person resumes it."""

    name: str
    title: str
    state: Literal["well", "failing", "resting", "paused"]
    open_until: Moment | None
    failures: int
    trouble: str
    waiting: int
    postponed: int
    dead: int
    done_last_hour: int
    oldest: Moment | None
    strays: int
    polled_at: Moment | None
    poll_failures: int
    poll_trouble: str
    needs_somebody: bool


class Connectors(ListAnswer, frozen=True, kw_only=True):
    """Every connected system of the town, by name."""

    items: list[ConnectorShape]


@operation(
    "GET /connectors",
    "Connected systems and their state",
    query={"fields": FIELDS},
    scope="operate",
    tag="connectors",
)
async def list_connectors(call: Given[Call]) -> Connectors:
    """Those of this town, by name; what they count is of the whole town, so a limited token is refused."""
    if call.token and call.token.is_limited:
        raise forbidden(gettext("A token that is limited to units or request types may not read this."))
    found = await standings(call.host)
    ours = [each for each in found if not each.connector.towns or call.town.code in each.connector.towns]
    return Connectors(items=[_shape(each, call.language) for each in ours])


def _shape(each: ConnectorStatus, language: str) -> ConnectorShape:
    reading = each.reading
    return ConnectorShape(
        name=each.connector.name,
        title=each.connector.title.to(language),
        state=each.weather,
        open_until=each.open_until,
        failures=each.failures,
        trouble=each.last_trouble.to(language) if each.last_trouble else "",
        waiting=each.waiting,
        postponed=each.postponed,
        dead=each.dead,
        done_last_hour=each.done,
        oldest=each.oldest,
        strays=each.strays,
        polled_at=reading.polled_at if reading else None,
        poll_failures=reading.failures if reading else 0,
        poll_trouble=reading.trouble.to(language) if reading and reading.trouble else "",
        needs_somebody=each.needs_somebody,
    )


class NewsTaken(Struct, frozen=True, kw_only=True):
    """How many pieces of news a call brought, how many are new, and how many nobody could place yet."""

    received: int
    taken: int
    unplaced: int


@operation(
    "POST /connectors/{connector}/calls",
    "For other systems: a signed call with news of requests, which may be repeated",
    any_query=True,
    pace="read",
    problems=(413,),
    tag="connectors",
    largest=LARGEST,
)
async def take_connector_call(call: Given[Call], request: AnyRequest, connector: FromPath[str]) -> NewsTaken:
    """What another system says; it may be told again, late and in any order."""
    known = call.host.plugins.connectors.get(connector)
    if known is None or known.understand is None:
        raise HTTPException(status_code=404, detail=gettext("No connector with this name accepts calls."))
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    updates = await _understood(
        call.host, known, known.understand, SignedCall(town=call.town.code, headers=headers, body=body, at=clock.now())
    )
    tried = [await caught(partial(take, call.host, known, each, within=call.town.code)) for each in updates]
    if lost := next((each for each in tried if isinstance(each, Failure)), None):
        raise HTTPException(status_code=503, detail=f"{connector}: news could not be kept: {lost}; send it again.")
    arrivals = [each.value for each in tried if isinstance(each, Success)]
    taken = sum(arrival in ("taken", "late") for arrival in arrivals)
    unplaced = sum(arrival in ("unknown", "ambiguous", "foreign", "elsewhere") for arrival in arrivals)
    return NewsTaken(received=len(arrivals), taken=taken, unplaced=unplaced)


async def _understood(
    host: Host, connector: Connector, understand: Understand, signed: SignedCall
) -> tuple[Update, ...]:
    tried = await attempt(partial(understand, signed), LIMIT, function=understand, threads=host.given(PluginThreads))
    if not isinstance(tried, Success) and tried.kind == "refused":
        raise HTTPException(status_code=400, detail=f"The call is not believed: {tried.what}.")
    if isinstance(tried, Success) and isinstance(tried.value, tuple | list):
        news = News(updates=tuple(tried.value))
        if (wrong := wrong_with(news)) is None:
            return news.updates
        log.error("a call could not be read", connector=connector.name, trouble=str(wrong))
    raise HTTPException(status_code=503, detail=f"The call could not be read by {connector.name}; send it again.")


A_MINUTE = timedelta(minutes=1)
MOST_QUERY = 50  # parameters of an address that are handed on
OF_PLUGINS = "An endpoint of a plugin; its author describes what it accepts and returns"


@operation(
    "GET /plugins/{plugin}/{endpoint}",
    OF_PLUGINS,
    any_query=True,
    problems=(403, 405, 409),
    tag="plugins",
)
async def read_plugin_endpoint(
    call: Given[Call], request: AnyRequest, plugin: FromPath[str], endpoint: FromPath[str]
) -> Response[bytes]:
    """What an endpoint of a plugin answers."""
    return await _at_endpoint(call, request, "GET", plugin, endpoint)


@operation(
    "POST /plugins/{plugin}/{endpoint}",
    OF_PLUGINS,
    any_query=True,
    pace="read",
    problems=(403, 405, 409, 413),
    tag="plugins",
    largest=LARGEST,
)
async def call_plugin_endpoint(
    call: Given[Call], request: AnyRequest, plugin: FromPath[str], endpoint: FromPath[str]
) -> Response[bytes]:
    """The same with a body."""
    return await _at_endpoint(call, request, "POST", plugin, endpoint)


async def _at_endpoint(call: Call, request: AnyRequest, method: Method, plugin: str, code: str) -> Response[bytes]:
    one = endpoint_of(call.host, plugin, code, call.town)
    if one is None:
        raise HTTPException(status_code=404, detail=gettext("No plugin has this address here."))
    if method not in one.endpoint.methods:
        allowed = {"allow": ", ".join(one.endpoint.methods)}
        raise HTTPException(status_code=405, detail=f"{plugin}: it answers to {allowed['allow']}.", headers=allowed)
    headers = {name.lower(): value for name, value in request.headers.items()}
    _may_call(call, one, headers)
    body = await request.body() if method == "POST" else b""
    if len(body) > one.endpoint.largest:
        raise HTTPException(status_code=413, detail=f"{plugin}: the body is longer than {one.endpoint.largest} bytes.")
    try:
        answer = await answered(one, _told(call, request, method, one, body, headers), headers)
    except CallRefused as error:
        wait = {"retry-after": "60"} if error.status == 503 else {}
        raise HTTPException(status_code=error.status, detail=f"{plugin}: {error.detail}", headers=wait) from error
    return _response(call, plugin, answer)


def _may_call(call: Call, one: NamedEndpoint, headers: dict[str, str]) -> None:
    """Refuse who has not the key that it asks for, calls it too often, or did not sign; who signs is believed later."""
    match one.endpoint.auth:
        case WithKey(scope=scope):
            require(call, scope)
        case Signed():
            if why := signed_calls.unsigned(headers):
                detail = f"{one.plugin.name}: The call is not believed: {why}."
                raise HTTPException(status_code=401, detail=detail)
        case Public(per_minute=most):
            if not call.host.of(Pace).allows(f"endpoint {one.name}", call.caller, most, A_MINUTE, clock.now()):
                detail, wait = f"{one.plugin.name}: too many calls; try again later.", {"retry-after": "60"}
                raise HTTPException(status_code=429, detail=detail, headers=wait)


def _told(
    call: Call, request: AnyRequest, method: Method, one: NamedEndpoint, body: bytes, headers: dict[str, str]
) -> EndpointRequest:
    town = call.town
    query: dict[str, tuple[str, ...]] = {}
    is_signed = isinstance(one.endpoint.auth, Signed)  # and nothing signs what the address asks for
    for name, value in () if is_signed else list(request.query_params.multi_items())[:MOST_QUERY]:
        query[name] = (*query.get(name, ()), value)
    read = {*HEADERS, *(name.lower() for name in one.endpoint.reads)}
    return EndpointRequest(
        method=method,
        town=Town(code=town.code, name=town.name, languages=town.languages, time_zone=town.time_zone),
        at=clock.now(),
        query=query,
        headers={name: value for name, value in headers.items() if name in read},
        body=body,
        caller=call.token.name if call.token else "",
    )


def _response(call: Call, plugin: str, answer: EndpointAnswer) -> Response[bytes]:
    """The answer as it is sent: never a page, a cookie or another address."""
    if answer.status >= 400:
        words = answer.problem.to(call.language) if answer.problem else "The call was refused."
        raise HTTPException(status_code=answer.status, detail=f"{plugin}: {words}")
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    headers["content-security-policy"] = "default-src 'none'; sandbox"  # XML could hold a page
    return Response(body_of(answer), status_code=answer.status, media_type=answer.content_type, headers=headers)
