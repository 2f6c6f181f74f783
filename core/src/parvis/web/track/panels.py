"""Boxes of the private page: response times, the parts of each owner, the request that this one goes on with."""

from parvis.i18n import gettext
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.places import named_assets
from parvis.requests.records import Record, state_title
from parvis.requests.relations.children import owner_of_request
from parvis.requests.relations.merged import goes_on_with, told_of
from parvis.requests.relations.ties import ties_of
from parvis.requests.visibility import PUBLIC, sees
from parvis.web.addresses import address
from parvis.web.clocks import clock_panel
from parvis.web.panels import PagePanel, Panel, drawn
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis_sdk.requests import Phase

PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="delays",
    after="divided",
    title=lambda: gettext("Response times"),
    draw=lambda here, found: clock_panel(here.host, found.record, found.request_type, found.viewer),
)


async def divided_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """None for a request that was not divided."""
    record, request_type = found.record, found.request_type
    if request_type.children is None or record.erased_at is not None:
        return None
    parts = []
    for tie in await ties_of(record):
        # What the town tied to it since may be of other people: the person is told of their own request alone.
        if tie.kind != "child_of" or tie.ours or tie.since != record.submitted_at:
            continue
        part, of_part = tie.record, await type_of_record(here.host, tie.record)
        owner = owner_of_request(here.town, of_part, part)
        things = named_assets(here.town, of_part, part.place.assets) if part.place else ()
        parts.append(
            {
                "owner": owner.name if owner else here.town.name,
                "link": owner.link if owner else "",
                "phone": owner.phone if owner else "",
                "note": owner.note if owner else None,
                "itself": owner is not None and not owner.passed_on,
                "things": ", ".join(f"{one.name.to(here.language)} ({one.code})" for one in things),
                "state": state_title(part, of_part),
                "phase": part.phase,
                "promised_at": part.promised_at if _is_owed(part) else None,
            }
        )
    return Panel(template="parts/divided.html", values={"parts": parts}) if parts else None


def _is_owed(part: Record) -> bool:
    return part.promise in ("running", "missed") and part.phase not in (Phase.DECIDED, Phase.CLOSED)


DIVIDED_PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="divided",
    after="incidents",
    title=lambda: gettext("Who is responsible, and current step"),
    draw=divided_panel,
)


async def joined_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """Where that stands with which a request goes on."""
    record = found.record
    other = await goes_on_with(record)
    if other is None:
        return None
    public = sees(PUBLIC, other, here.host.jurisdictions)
    ended = other.phase in (Phase.DECIDED, Phase.CLOSED)
    other_type, contact = await type_of_record(here.host, other), await contact_of(record)
    values = {
        "now": told_of(other, other_type, here.host),
        "phase": other.phase,
        "since": other.state_since,
        "promised_at": other.promised_at if public and not ended and other.promise in ("running", "missed") else None,
        "href": address(here.language, ":public", other.reference) if public else "",
        "boxes": await drawn(here.nouns(PagePanel, "tracking.joined"), here, found, found.viewer.holds),
        "is_told": contact is not None and bool(contact.email or contact.phone),
    }
    return Panel(template="parts/goes_on.html", values=values)


JOINED_PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="joined",
    title=lambda: gettext("Dealt with together with another report"),
    applies=lambda here, found: found.record.merged_into is not None,
    draw=joined_panel,
)
