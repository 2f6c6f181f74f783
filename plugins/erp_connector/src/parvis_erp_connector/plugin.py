"""The hooks of `erp_connector`."""

from collections.abc import Sequence
from datetime import time, timedelta

from parvis_erp_connector import invoices, orders
from parvis_erp_connector.columns import Columns
from parvis_erp_connector.comparing import Comparison
from parvis_erp_connector.dialects import opened
from parvis_erp_connector.figures import OrderFigures
from parvis_erp_connector.hearing import endpoints_of
from parvis_erp_connector.pages import OrderPage
from parvis_erp_connector.panels import OrderPanels
from parvis_erp_connector.settings import Invoices, Settings, WorkOrders
from parvis_sdk.chores import Chore
from parvis_sdk.commands import Command
from parvis_sdk.connectors import Connector, Pace
from parvis_sdk.endpoints import Endpoint
from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Page
from parvis_sdk.panels import Panel
from parvis_sdk.text import Text

WORK_ORDERS = Text(fr="Bons de travail\u00a0: {system}", en="Work orders: {system}")
MIDNIGHT = time()
INVOICES = Text(fr="Factures\u00a0: {system}", en="Invoices: {system}")


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def connectors(settings: Settings) -> Sequence[Connector]:
    made = [_work_orders(settings, each) for each in settings.work_orders]
    return [*made, *(_invoices(settings, each) for each in settings.invoices)]


@hookimpl
def panels(settings: Settings) -> Sequence[Panel]:
    return [panel for each in settings.work_orders for panel in OrderPanels(settings=each, types=_types(each)).panels()]


@hookimpl
def chores(settings: Settings) -> Sequence[Chore]:
    named: tuple[WorkOrders | Invoices, ...] = (*settings.work_orders, *settings.invoices)
    wanted = {each.name: each for each in named if each.compare_at is not None}
    return [
        Comparison(
            connector=each.name,
            listed=each.listed,
            at=wanted[each.name].compare_at or MIDNIGHT,
            days=wanted[each.name].compare_days,
            towns=each.towns,
        ).chore()
        for each in connectors(settings)
        if each.name in wanted and each.listed is not None
    ]


@hookimpl
def pages(settings: Settings) -> Sequence[Page]:
    return [OrderPage(settings=each).page() for each in settings.work_orders]


@hookimpl
def figures(settings: Settings) -> Sequence[Figure]:
    return [figure for each in settings.work_orders for figure in OrderFigures(settings=each).figures()]


@hookimpl
def endpoints(settings: Settings) -> Sequence[Endpoint]:
    return endpoints_of(settings)


@hookimpl
def commands(settings: Settings) -> Sequence[Command]:
    return [Columns(settings).command()]


def _types(each: WorkOrders) -> tuple[str, ...]:
    """The types that become its orders; none where a mapping takes them all."""
    types = [type for mapping in each.mappings for type in mapping.types]
    return tuple(dict.fromkeys(types)) if all(mapping.types for mapping in each.mappings) else ()


def _work_orders(settings: Settings, each: WorkOrders) -> Connector:
    does = orders.Orders(settings=each, at=opened(settings, each.system))
    return Connector(
        name=each.name,
        title=WORK_ORDERS.format(system=each.system),
        address=settings.systems[each.system].address,
        events=orders.EVENTS,
        needs=does.needs(),
        types=_types(each),
        towns=each.towns,
        pace=Pace(at_once=each.at_once, per_second=each.per_second),
        mappings=each.mappings,
        deliver=does.deliver,
        changes=does.changes,
        every=timedelta(seconds=each.every),
        check=does.check,
        listed=does.listed,
        trial=does.trial,
    )


def _invoices(settings: Settings, each: Invoices) -> Connector:
    does = invoices.Bills(settings=each, at=opened(settings, each.system))
    return Connector(
        name=each.name,
        title=INVOICES.format(system=each.system),
        address=settings.systems[each.system].address,
        events=invoices.EVENTS,
        needs=invoices.NEEDS,
        types=each.types,
        towns=each.towns,
        pace=Pace(at_once=each.at_once, per_second=each.per_second),
        deliver=does.deliver,
        changes=does.changes,
        every=timedelta(seconds=each.every),
        check=does.check,
        listed=does.listed,
        trial=does.trial,
    )
