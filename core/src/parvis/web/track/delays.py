"""The box of the delays of a request, on its private page."""

from parvis.i18n import gettext
from parvis.web.clocks import clock_panel
from parvis.web.panels import PagePanel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest

PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="delays",
    after="divided",
    title=lambda: gettext("Delays"),
    draw=lambda here, found: clock_panel(here.heart, found.record, found.kind, found.viewer),
)
