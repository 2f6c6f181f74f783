"""The hooks of `road_crews`, the plugin of the demo: nothing at all in a town that names no crews."""

from collections.abc import Sequence

from parvis_demo.rounds.calendar import calendar_of
from parvis_demo.rounds.counting import RoundFigures
from parvis_demo.rounds.pages import RoundPages
from parvis_demo.rounds.panels import RoundPanels
from parvis_demo.rounds.planning import Planner
from parvis_demo.rounds.settings import Settings
from parvis_sdk.endpoints import Endpoint
from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Page
from parvis_sdk.panels import Panel
from parvis_sdk.subscriptions import Subscription


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def subscriptions(settings: Settings) -> Sequence[Subscription]:
    return [Planner(settings=settings).subscription()] if settings.crews else []


@hookimpl
def panels(settings: Settings) -> Sequence[Panel]:
    return list(RoundPanels(settings=settings).panels()) if settings.crews else []


@hookimpl
def pages(settings: Settings) -> Sequence[Page]:
    return list(RoundPages(settings=settings).pages()) if settings.crews else []


@hookimpl
def figures(settings: Settings) -> Sequence[Figure]:
    return list(RoundFigures(settings=settings).figures()) if settings.crews else []


@hookimpl
def endpoints(settings: Settings) -> Sequence[Endpoint]:
    return [calendar_of(settings)] if settings.crews else []
