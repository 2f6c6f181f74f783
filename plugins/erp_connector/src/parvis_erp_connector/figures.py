"""What the dashboard says of the work orders of a connector, from what is remembered: nobody waits for the ERP."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from parvis_erp_connector.pages import COLUMNS, NOTHING_SAID, KnownOrder, order_in
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.amounts import cents_of
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Amount, Table
from parvis_sdk.figures import Count, Figure, FigureView
from parvis_sdk.text import Text

OPEN = Text(fr="Bons de travail ouverts ({system})", en="Open work orders ({system})")
WHICH_ARE_OPEN = Text(
    fr="Bons de travail ouverts en ce moment dans {system}, quelle que soit la période choisie.",
    en="Work orders open in {system} at this time, whatever period is chosen.",
)
COST = Text(fr="Coût des travaux ({system})", en="Cost of works ({system})")
WHAT_COST = Text(
    fr="Pour les requêtes reçues pendant la période, total des derniers coûts de bons de travail reçus de "
    "{system}, fermés ou non.",
    en="For requests received in the period, total of the latest work order costs received from {system}, "
    "closed or not.",
)
STATES = Text(fr="Bons de travail par état ({system})", en="Work orders by state ({system})")
WHAT_STATES = Text(
    fr="Pour les requêtes reçues pendant la période, bons de travail et coûts, selon le dernier état reçu de {system}.",
    en="For requests received in the period, work orders and costs, by the latest state received from {system}.",
)
HOW_MANY = Text(fr="Bons", en="Orders")


class OrderFigures(Struct, frozen=True, kw_only=True):
    """The figures of one connector of work orders."""

    settings: WorkOrders

    def figures(self) -> Iterator[Figure]:
        yield self._figure("open", OPEN, WHICH_ARE_OPEN, self.open_now)
        yield self._figure("cost", COST, WHAT_COST, self.cost)
        yield self._figure("states", STATES, WHAT_STATES, self.by_state)

    async def open_now(self, view: FigureView, lent: Connection) -> int:
        """How many are open, whenever their requests came."""
        return sum(not each.is_over for each in _orders(view))

    async def cost(self, view: FigureView, lent: Connection) -> Amount | None:
        """What those of the period cost together; nothing where there are none."""
        orders = [each for each in _orders(view) if each.reference in view.received]
        return _cost(orders) if orders else None

    async def by_state(self, view: FigureView, lent: Connection) -> Table | None:
        """Those of the period by their state, the most frequent first; no table where there are none."""
        orders = [each for each in _orders(view) if each.reference in view.received]
        if not orders:
            return None
        counts = Counter(each.state for each in orders)
        rows = tuple(
            (state or NOTHING_SAID, count, _cost(each for each in orders if each.state == state))
            for state, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        )
        columns = (COLUMNS[2], HOW_MANY, COLUMNS[3])
        return Table(caption=STATES.format(system=self.settings.system), columns=columns, rows=rows)

    def _figure(self, code: str, title: Text, explanation: Text, count: Count) -> Figure:
        name, system = self.settings.name, self.settings.system
        return Figure(
            code=f"{name}-{code}",
            title=title.format(system=system),
            explanation=explanation.format(system=system),
            count=count,
            towns=self.settings.towns,
            connector=name,
        )


def _orders(view: FigureView) -> Iterator[KnownOrder]:
    return (order for each in view.requests if (order := order_in(each.reference, each.remembered)))


def _cost(orders: Iterable[KnownOrder]) -> Amount:
    return Amount(cents=sum(cents_of(each.cost) for each in orders))
