"""The box of the incidents that a request belongs to, on its private page."""

from parvis.i18n import gettext
from parvis.web.incidents import belonging_panel
from parvis.web.panels import PagePanel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import Held

PANEL: PagePanel[Visit, Held] = PagePanel(
    slot="tracking.request",
    name="incidents",
    after="joined",
    title=lambda: gettext("Incident"),
    draw=lambda here, found: belonging_panel(here.heart, here.town, found.record),
)
