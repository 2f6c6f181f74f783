"""The resident's page of the part: when and where they may be heard."""

from parvis.i18n import gettext
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis_public_hearing.hearings import hearings_of
from parvis_public_hearing.parts import PublicHearing


async def hearing_box(here: Visit, found: TrackedRequest) -> Panel | None:
    """None before a hearing was called."""
    parts = {part.code: part for part in found.request_type.of(PublicHearing)}
    there = [(parts[each.code].title, each) for each in await hearings_of(found.record.id) if each.code in parts]
    return Panel(template="public_hearing/box.html", values={"hearings": there, "ways": []}) if there else None


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="public_hearing",
    after="supplements",
    title=lambda: gettext("Public hearings"),
    draw=hearing_box,
    applies=lambda here, found: bool(found.request_type.of(PublicHearing)) and found.record.erased_at is None,
)
