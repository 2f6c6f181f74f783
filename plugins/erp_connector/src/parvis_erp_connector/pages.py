"""The page of all work orders of a connector, from what is remembered of them: nobody waits for the ERP."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from parvis_erp_connector.held import OrderState, held_of, is_over
from parvis_erp_connector.orders import TOLD
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.amounts import cents_of
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Amount, Content, Fact, Facts, RequestReference, Table, Value
from parvis_sdk.fields import OneOf, Option, ShortText
from parvis_sdk.pages import Page, PageView
from parvis_sdk.text import Text

TITLE = Text(fr="Bons de travail", en="Work orders")
SUMMARY = Text(
    fr="Derniers renseignements reçus de {system} sur les bons de travail de ces requêtes.",
    en="Latest information received from {system} about the work orders of these requests.",
)
COLUMNS = (
    Text(fr="Bon", en="Order"),
    Text(fr="Requête", en="Request"),
    Text(fr="État dans ce système", en="State in that system"),
    Text(fr="Coût", en="Cost"),
    Text(fr="Situation", en="Situation"),
)
OPEN, OVER = Text(fr="Ouvert", en="Open"), Text(fr="Fermé", en="Closed")
HOW_MANY = Text(fr="Bons ouverts", en="Open orders")
NOTHING_SAID = Text(fr="rien pour l’instant", en="nothing yet")
SITUATION = OneOf(
    code="situation",
    label=COLUMNS[4],
    required=False,
    options=(Option(code="open", label=OPEN), Option(code="over", label=OVER)),
)
NUMBER = ShortText(code="number", label=Text(fr="Numéro du bon", en="Order number"), required=False, max_length=60)


class KnownOrder(Struct, frozen=True, kw_only=True):
    """One order as it is known here: whose it is, and the state and the cost that were last told."""

    reference: str
    held: OrderState
    state: str
    cost: Decimal
    is_over: bool


class OrderPage(Struct, frozen=True, kw_only=True):
    """The page of one connector of work orders."""

    settings: WorkOrders

    def page(self) -> Page:
        return Page(
            code=self.settings.name,
            title=TITLE,
            summary=SUMMARY.format(system=self.settings.system),
            shown_to=("desk",),
            roles=("agent", "manager"),
            connector=self.settings.name,
            filters=(SITUATION, NUMBER),
            show=self.show,
        )

    async def show(self, view: PageView, lent: Connection) -> tuple[Content, ...]:
        """How many are open, then all that the filters leave, those of the requests received last first."""
        orders = [order for each in view.kept if (order := order_in(each.reference, each.remembered))]
        if not orders:
            return ()
        open_now = sum(not each.is_over for each in orders)
        rows = tuple(_row(each) for each in orders if _is_wanted(each, view.filters))
        table = Table(caption=TITLE, columns=COLUMNS, rows=rows)
        return (Facts(rows=(Fact(label=HOW_MANY, value=open_now),)), table)


def order_in(reference: str, remembered: Mapping[str, Any]) -> KnownOrder | None:
    """The order of a request, of what is remembered about it."""
    held = held_of(remembered)
    if held is None:
        return None
    state, cost, *_ = remembered.get(f"{TOLD}{held.id}") or ("", "0")
    return KnownOrder(
        reference=reference, held=held, state=state, cost=Decimal(cost), is_over=is_over(remembered, held)
    )


def _is_wanted(order: KnownOrder, filters: Mapping[str, Any]) -> bool:
    wanted, number = filters.get("situation"), filters.get("number", "")
    return (wanted is None or (wanted == "over") is order.is_over) and number.lower() in order.held.number.lower()


def _row(order: KnownOrder) -> tuple[Value, ...]:
    return tuple(_cells(order))


def _cells(order: KnownOrder) -> Iterator[Value]:
    yield order.held.number
    yield RequestReference(reference=order.reference)
    yield order.state or NOTHING_SAID
    yield Amount(cents=cents_of(order.cost)) if order.cost else "–"
    yield OVER if order.is_over else OPEN
