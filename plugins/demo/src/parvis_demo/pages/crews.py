"""The page of the road crews' system, open to everybody in a demonstration and closed everywhere else."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from parvis.composition import Deployment
from parvis.i18n import pgettext
from parvis.plugins.unread_systems import READER
from parvis.web.operators.deliveries import event_name
from parvis.web.pages import render
from parvis.web.typed import typed
from parvis_demo.crews.book import Arrival
from parvis_demo.crews.connecting import AT_ONCE, CONNECTOR, CREWS, tell_of_some
from parvis_demo.crews.system import WEATHERS, Crews
from parvis_sdk.events import Event

AnyRequest = Request[Any, Any, Any]
ADDRESS = "/demo/equipes"
SHOWN = 30
PING = "ping"
EVENTS = {f"request.{each.__struct_config__.tag}": each for each in Event.__subclasses__()}


@get(ADDRESS)
async def crews_page(request: AnyRequest) -> Response[Any]:
    """What it received, newest first, and the weather."""
    crews = _crews(request)
    kept = crews.book.kept
    host = request.app.state.deployment.host
    return render(
        request,
        "demo/crews.html",
        weather=crews.weather,
        weathers=WEATHERS,
        arrivals=kept.arrivals[: -SHOWN - 1 : -1],
        counted=sum(each.signed for each in kept.arrivals),
        repeats=sum(each.repeats for each in kept.arrivals),
        turned_away=kept.turned_away,
        most=SHOWN,
        what=what,
        here=ADDRESS,
        connector=CONNECTOR,
        has_page=host.modules.anywhere(READER, host.jurisdictions.by_code.values()),
        at_once=AT_ONCE,
        keep=False,
    )


@post(f"{ADDRESS}/temps")
async def change_weather(request: AnyRequest) -> Redirect:
    """What is no weather changes nothing."""
    crews, sent = _crews(request), await typed(request)
    for weather in WEATHERS:
        if weather == sent.text("weather"):
            await asyncio.to_thread(crews.become, weather)
    return Redirect(ADDRESS, status_code=303)


@post(f"{ADDRESS}/requetes")
async def tell_them(request: AnyRequest) -> Redirect:
    """They are told as anybody is: through the outbox, by the worker."""
    _crews(request)
    deployment: Deployment = request.app.state.deployment
    await tell_of_some(deployment.host)
    return Redirect(ADDRESS, status_code=303)


def what(arrival: Arrival) -> str:
    """What was sent to it, in words."""
    if arrival.what == PING:
        return pgettext("call", "test")
    event = EVENTS.get(arrival.what)
    return event_name(event) if event else arrival.what


def _crews(request: AnyRequest) -> Crews:
    deployment: Deployment = request.app.state.deployment
    crews: Crews | None = request.app.state.get(CREWS)
    if not deployment.settings.demo or crews is None:
        raise NotFoundException
    return crews
