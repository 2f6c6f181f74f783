"""The box of the delays of a request, with the level that each has and why."""

from parvis.i18n import gettext
from parvis.web.clocks import clock_panel
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel

PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="delays",
    after="joined",
    title=lambda: gettext("Delays"),
    draw=lambda room, case: clock_panel(room.heart, case.record, case.kind, room.viewer),
)
