"""Until when something granted holds, as words for a page."""

from datetime import datetime, timedelta

from msgspec import Struct

from parvis.i18n import format_date, gettext, local_day, say
from parvis.requests.parts.validity import validity_of
from parvis.requests.records import Record
from parvis.web.panels import Panel
from parvis_sdk.request_types import RequestType

ONE_INSTANT = timedelta(microseconds=1)


class ShownValidity(Struct, frozen=True, kw_only=True):
    """One validity in words: what holds, in which state, and its last day."""

    title: str
    state: str
    words: str


async def validity_panel(record: Record, kind: RequestType) -> Panel | None:
    """The panel for residents and for the desk alike; None while nothing was granted."""
    declared = {each.code: each for each in kind.validity}
    if not declared:
        return None
    shown = [
        ShownValidity(title=say(declared[each.code].title), state=each.state, words=_words(each.state, each.until))
        for each in await validity_of(record.id)
        if each.code in declared
    ]
    return Panel(template="parts/validity.html", values={"validities": shown}) if shown else None


def _words(state: str, until: datetime | None) -> str:
    # The end is the midnight after the last day.
    day = format_date(local_day(until - ONE_INSTANT)) if until else ""
    match state:
        case "suspended":
            return gettext("Suspended: it does not hold for the time being.")
        case "revoked":
            return gettext("Revoked: it does not hold any more.")
        case "expired":
            return gettext("Expired since the end of {day}.").format(day=day)
    return gettext("In force until {day}, that day included.").format(day=day) if day else gettext("In force.")
