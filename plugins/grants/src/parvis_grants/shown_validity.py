"""Until when something granted holds, as words for a page."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from msgspec import Struct

from parvis import clock
from parvis.i18n import format_date, gettext, local_day, say
from parvis.requests.records import Record
from parvis.web.panels import Panel
from parvis_grants.validity import validity_of
from parvis_sdk.request_types import RequestType
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import ValidityState

ONE_INSTANT = timedelta(microseconds=1)


class ShownValidity(Struct, frozen=True, kw_only=True):
    """One validity in words: what holds, in which state, its last day, and when it may be renewed."""

    title: str
    state: str
    words: str
    renewal: str = ""
    href: str = ""
    action: str = ""


Link = Callable[[ValidityState, Validity], Awaitable[tuple[str, str]]]


async def nowhere(held: ValidityState, validity: Validity) -> tuple[str, str]:
    """Where nothing can be done about it."""
    return "", ""


async def validity_panel(record: Record, request_type: RequestType, link: Link = nowhere) -> Panel | None:
    """The panel for residents and for the desk alike; None while nothing was granted.

    `link` tells where the person can do something about one of them, and what that is.
    """
    declared = {each.code: each for each in request_type.of(Validity)}
    if not declared:
        return None
    shown = [
        await _shown(each, declared[each.code], link) for each in await validity_of(record.id) if each.code in declared
    ]
    return Panel(template="grants/validity.html", values={"validities": shown}) if shown else None


async def _shown(held: ValidityState, validity: Validity, link: Link) -> ShownValidity:
    href, action = await link(held, validity)
    return ShownValidity(
        title=say(validity.title),
        state=held.state,
        words=_words(held),
        renewal=renewal_words(held),
        href=href,
        action=action,
    )


def _last_day(until: datetime | None) -> str:
    # The end is the midnight after the last day.
    return format_date(local_day(until - ONE_INSTANT)) if until else ""


def _words(held: ValidityState) -> str:
    day = _last_day(held.until)
    match held.state:
        case "suspended" if held.suspended_until:
            until = _last_day(held.suspended_until)
            return gettext("Suspended until {day}: not in effect until then.").format(day=until)
        case "suspended":
            return gettext("Suspended: not in effect for the time being.")
        case "revoked":
            return gettext("Revoked: no longer in effect.")
        case "ended":
            return gettext("Ended early: no longer in effect.")
        case "expired":
            return gettext("Expired on {day}.").format(day=day)
    if held.is_held_over(clock.now()):
        words = gettext("Expired on {day}. It stays in force until {limit} at the latest, while it is being renewed.")
        return words.format(day=day, limit=_last_day(held.renewable_until))
    return gettext("In force until {day} inclusive.").format(day=day) if day else gettext("In force.")


def renewal_words(held: ValidityState) -> str:
    """What can be said of its renewal now; nothing where there is none to be had."""
    now = clock.now()
    if held.renewing_since is not None:
        return gettext("Renewal requested on {day}.").format(day=format_date(local_day(held.renewing_since)))
    if held.may_be_renewed(now):
        return gettext("It may be renewed until {day}.").format(day=_last_day(held.renewable_until))
    if held.renewable_from is not None and now < held.renewable_from and held.state in ("valid", "suspended"):
        return gettext("It may be renewed from {day} on.").format(day=format_date(local_day(held.renewable_from)))
    return ""
