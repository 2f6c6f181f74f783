"""What a person whose request goes on with another one is told of that other: where it stands, and nothing else."""

from parvis.i18n import gettext
from parvis.requests.declarations import type_of_record
from parvis.requests.relations.merged import goes_on_with, told_of
from parvis.requests.visibility import PUBLIC, sees
from parvis.web.addresses import address
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis_sdk.requests import Phase


async def joined_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """Where that stands with which a request goes on."""
    record = found.record
    other = await goes_on_with(record)
    if other is None:
        return None
    public = sees(PUBLIC, other, here.heart.territory)
    ended = other.phase in (Phase.DECIDED, Phase.CLOSED)
    values = {
        "now": told_of(other, await type_of_record(here.heart, other), here.heart),
        "phase": other.phase,
        "since": other.state_since,
        "promised_at": other.promised_at if public and not ended and other.promise in ("running", "missed") else None,
        "href": address(here.language, ":public", other.reference) if public else "",
    }
    return Panel(template="parts/goes_on.html", values=values)


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="joined",
    title=lambda: gettext("Dealt with together with another report"),
    applies=lambda here, found: found.record.merged_into is not None,
    draw=joined_panel,
)
