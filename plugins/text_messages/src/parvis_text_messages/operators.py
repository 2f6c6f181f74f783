"""On the page of a delivery: what the gateway said of a text message of ours."""

from parvis.i18n import gettext, pgettext
from parvis.outbox import Line
from parvis.web.operators.context import OperatorContext
from parvis.web.panels import PagePanel, Panel
from parvis_text_messages.statuses import THEIRS, standing_of

CHIPS = {"delivered": "ok", "failed": "danger"}


async def draw(room: OperatorContext, about: Line) -> Panel | None:
    """Its last word, where it has said one."""
    standing = await standing_of(about.id)
    if standing is None:
        return None
    names = {
        "sent": pgettext("status of a text message", "sent"),
        "delivered": pgettext("status of a text message", "delivered"),
        "failed": pgettext("status of a text message", "not delivered"),
    }
    said = {"name": names[standing.status], "kind": CHIPS.get(standing.status, "")}
    values = {**said, "reason": standing.reason, "at": standing.at}
    return Panel(template="text_messages/delivery.html", values=values)


STATUS: PagePanel[OperatorContext, Line] = PagePanel(
    slot="operators.delivery",
    name="text_status",
    title=lambda: gettext("According to the gateway"),
    draw=draw,
    applies=lambda room, about: about.subscriber == THEIRS,
)
