"""What a decision requires of its holder, as words for a page."""

from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct

from parvis import clock
from parvis.i18n import format_date, gettext, local_day, say
from parvis.requests.records import Record
from parvis.web.panels import Panel
from parvis_grants.obligations import obligations_of
from parvis_sdk.obligation_rules import ObligationState
from parvis_sdk.obligations import Obligation
from parvis_sdk.request_types import RequestType

ONE_INSTANT = timedelta(microseconds=1)


class ShownObligation(Struct, frozen=True, kw_only=True):
    """One obligation in words; `href` is where the person can do something about it, `action` what that is."""

    title: str
    demand: str
    state: str
    words: str
    symbol: str
    href: str = ""
    action: str = ""


async def obligations_panel(
    record: Record, request_type: RequestType, link: Callable[[ObligationState, Obligation], tuple[str, str]]
) -> Panel | None:
    """The panel for residents and for the desk; None where nothing was required. What needs doing comes first."""
    declared = {each.code: each for each in request_type.of(Obligation)}
    if not declared:
        return None
    owed = sorted((each for each in await obligations_of(record.id) if each.code in declared), key=_first_to_do)
    shown = [show_obligation(each, declared[each.code], *link(each, declared[each.code])) for each in owed]
    return Panel(template="grants/obligations.html", values={"obligations": shown}) if shown else None


def _first_to_do(owed: ObligationState) -> tuple[bool, bool, str]:
    return (not owed.is_open, owed.due_at is None, owed.due_at.isoformat() if owed.due_at else "")


def show_obligation(owed: ObligationState, declared: Obligation, href: str = "", action: str = "") -> ShownObligation:
    demand = say(owed.demand)
    # A title says more than the name of the group in which the town writes what it requires.
    title = say(declared.title)
    return ShownObligation(
        title=title,
        demand=demand,
        state=owed.state,
        words=words_of(owed),
        symbol={"met": "done", "waived": "done", "proved": "clock", "open": "calendar"}.get(owed.state, "warning"),
        href=href,
        action=action,
    )


def words_of(owed: ObligationState) -> str:
    """Where an obligation stands, in a sentence."""
    # The end is the midnight after the last day.
    day = format_date(local_day(owed.due_at - ONE_INSTANT)) if owed.due_at else ""
    is_past = owed.due_at is not None and owed.due_at <= clock.now()
    match owed.state:
        case "met":
            return gettext("Met. The proof is valid until {day}.").format(day=day) if day else gettext("Met.")
        case "waived":
            return gettext("No longer required.")
        case "proved":
            return gettext("We have received the proof and are checking it.")
        case "overdue":
            return gettext("Overdue: due by {day}.").format(day=day)
    if is_past:
        return gettext("The date has passed: {day}.").format(day=day)
    return gettext("To be done by {day}.").format(day=day) if day else gettext("To be done.")
