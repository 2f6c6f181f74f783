"""On the page of a delivery: what was said to the other system."""

from parvis.i18n import gettext
from parvis.outbox import Line
from parvis.outbox.deliveries import CONNECTOR
from parvis.web.operators.context import OperatorContext
from parvis.web.panels import PagePanel, Panel
from parvis_connectors.exchanges import MOST_KEPT, exchanges_of
from parvis_connectors.operators.connector_words import purpose_name


async def draw(room: OperatorContext, about: Line) -> Panel:
    """The calls of this delivery."""
    return Panel(
        template="connectors/delivery_calls.html",
        values={
            "connector": about.subscriber.removeprefix(CONNECTOR),
            "exchanges": await exchanges_of(delivery=about.id, limit=MOST_KEPT),
            "purpose_name": purpose_name,
        },
    )


CALLS: PagePanel[OperatorContext, Line] = PagePanel(
    slot="operators.delivery",
    name="calls",
    title=lambda: gettext("Exchanges"),
    draw=draw,
    applies=lambda room, about: about.subscriber.startswith(CONNECTOR),
)
