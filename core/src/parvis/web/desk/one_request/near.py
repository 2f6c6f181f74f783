"""The panel of open requests around the place of one, as an agent sees it."""

from parvis.i18n import gettext
from parvis.web.desk.context import DeskContext, title_of
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel


async def near_panel(room: DeskContext, case: Case) -> Panel | None:
    """The nearest first, each with its distance."""
    lines = [
        {
            "reference": each.reference,
            "title": title_of(room, each.type),
            "metres": each.metres,
            "submitted_at": each.submitted_at,
            "address": each.address,
        }
        for each in case.near
    ]
    return Panel(template="parts/near.html", values={"near": lines})


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="near",
    after="again",
    title=lambda: gettext("Open requests nearby"),
    applies=lambda room, case: bool(case.near),
    draw=near_panel,
)
