"""What the page of a request says of its work order, from what is remembered of it: nobody waits for the ERP."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from parvis_erp_connector.held import OrderState, held_of, is_over
from parvis_erp_connector.orders import TOLD
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.amounts import cents_of
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Amount, Content, Fact, Facts, Words
from parvis_sdk.panels import Panel
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.text import Text

TITLE = Text(fr="Travaux", en="Works")
NUMBER = Text(fr="Bon de travail", en="Work order")
SYSTEM = Text(fr="Système", en="System")
STATE = Text(fr="État dans ce système", en="State in that system")
COST = Text(fr="Coût", en="Cost")
OVER = Text(fr="Le bon de travail est fermé.", en="The work order is closed.")
WITH_CREW = Text(fr="Les travaux sont confiés à une équipe.", en="The work has been assigned to a crew.")


class OrderPanels(Struct, frozen=True, kw_only=True):
    """The panels of one connector of work orders: all that is known at the desk, little for the requester."""

    settings: WorkOrders
    types: tuple[str, ...] = ()

    def panels(self) -> Iterator[Panel]:
        name = self.settings.name
        yield Panel(code=name, title=TITLE, shown_to=("desk",), types=self.types, connector=name, show=self.at_the_desk)
        if self.settings.shown_to_requester:
            yield Panel(
                code=f"{name}-requester",
                title=TITLE,
                shown_to=("requester",),
                types=self.types,
                connector=name,
                show=self.to_the_requester,
            )

    async def at_the_desk(self, request: ServiceRequest, lent: Connection) -> tuple[Content, ...]:
        """Number, system, and what the last poll said; nothing of a request that has no order."""
        held = held_of(request.remembered)
        if held is None:
            return ()
        rows = (
            Fact(label=NUMBER, value=held.number),
            Fact(label=SYSTEM, value=self.settings.system),
            *_last_told(request, held),
        )
        return (Facts(rows=rows), *((Words(text=OVER),) if is_over(request.remembered, held) else ()))

    async def to_the_requester(self, request: ServiceRequest, lent: Connection) -> tuple[Content, ...]:
        """The number to quote while the work is ahead; afterwards the page itself says what became of it."""
        held = held_of(request.remembered)
        if held is None or is_over(request.remembered, held) or request.phase in (Phase.DECIDED, Phase.CLOSED):
            return ()
        return (Words(text=WITH_CREW), Facts(rows=(Fact(label=NUMBER, value=held.number),)))


def _last_told(request: ServiceRequest, held: OrderState) -> Iterator[Fact]:
    state, cost, *_ = request.remembered.get(f"{TOLD}{held.id}") or ("", "0")
    if state:
        yield Fact(label=STATE, value=state)
    if Decimal(cost):
        yield Fact(label=COST, value=Amount(cents=cents_of(Decimal(cost))))
