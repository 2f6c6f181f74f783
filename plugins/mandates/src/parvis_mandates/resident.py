"""On the private page: for whom its person speaks, until when, and that what they read is written down."""

from parvis import clock
from parvis.db import transaction
from parvis.i18n import gettext
from parvis.requests.contacts import contact_of
from parvis.requests.rows_there import RowsOf
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis_mandates.disclosures import log_disclosure
from parvis_mandates.mandates import mandates_of


async def mandate_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """None where the link is of somebody else, or its person speaks for nobody; the opening is written in the log."""
    if not found.viewer.is_requester or not (mandates := await mandates_of(found.record)):
        return None
    person, now = await contact_of(found.record), clock.now()
    theirs = [each for each in mandates if each.is_of(person)]
    if not theirs:
        return None
    mandate = next((each for each in theirs if not each.had_ended(here.town, now)), theirs[0])
    async with transaction(here.host.engine):
        await log_disclosure(here.host, found.record, mandate, "told_page", now)
    values = {"mandate": mandate, "ended_on": mandate.ended_on(here.town, now)}
    return Panel(template="mandates/resident_box.html", values=values)


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="mandate",
    after="delays",
    title=lambda: gettext("Mandate"),
    applies=lambda here, found: found.record.erased_at is None,
    rows=(RowsOf("mandates_mandate"),),
    draw=mandate_panel,
)
