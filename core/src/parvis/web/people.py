"""People let into a request, in words, for its pages."""

from msgspec import Struct

from parvis import clock
from parvis.i18n import format_date, gettext, say
from parvis.requests.parties import Party, parties_of
from parvis.requests.records import Record
from parvis.web.panels import Panel
from parvis_sdk.request_types import RequestType


class ShownParty(Struct, frozen=True, kw_only=True):
    """One person in words."""

    id: str
    name: str
    role: str
    words: str
    live: bool


def parties_shown(request_type: RequestType, parties: tuple[Party, ...]) -> list[ShownParty]:
    """Everybody who was let in, who still is first."""
    now = clock.now()
    shown = [
        ShownParty(
            id=str(party.id),
            name=party.name or gettext("(erased)"),
            role=say(role.title) if (role := request_type.party(party.role)) else party.role,
            words=_words(party),
            live=party.is_live(now),
        )
        for party in parties
    ]
    return sorted(shown, key=lambda one: not one.live)


def _words(party: Party) -> str:
    since = format_date(party.let_in_at)
    if party.ended_at is not None:
        return gettext("From {since} to {until}.").format(since=since, until=format_date(party.ended_at))
    return gettext("Since {since}, until {until} at the latest.").format(since=since, until=format_date(party.until))


async def people_panel(record: Record, request_type: RequestType, action: str) -> Panel | None:
    """For the desk: who was let in, and the button that ends it where `action` is an address."""
    parties = await parties_of(record.id) if request_type.parties else ()
    values = {"people": parties_shown(request_type, parties), "action": action}
    return Panel(template="parts/people.html", values=values) if parties else None
