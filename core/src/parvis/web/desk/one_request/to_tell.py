"""The box beside a request: what its person is still to be told by telephone or by letter."""

from parvis.i18n import gettext
from parvis.requests.work.calls import Call, calls_of, tells
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel


async def calls_panel(room: DeskContext, case: Case) -> Panel | None:
    """None where there is nobody to tell anything, or where it is for others to tell."""
    record = case.record
    if record.erased_at is not None or not tells(room.heart, room.viewer, record):
        return None
    calls = await calls_of(room.heart, record, room.viewer)
    if not calls and record.identity == "anonymous":
        return None
    values = {"calls": calls, "ids_of": ids_of, "reference": record.reference}
    return Panel(template="parts/calls.html", values=values)


def ids_of(call: Call) -> str:
    """What is told by one call, as its form sends it."""
    return " ".join(str(each.id) for each in call.owed)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="calls",
    after="routed",
    title=lambda: gettext("Calls to make"),
    draw=calls_panel,
)
