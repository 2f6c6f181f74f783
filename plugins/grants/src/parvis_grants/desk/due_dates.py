"""What soon ends, is to be done or waits to be looked at: the list of the desk, as its address says."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.exceptions import ClientException
from msgspec import Struct

from parvis import clock, i18n
from parvis.i18n import format_date, gettext, pgettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.offered import types_of
from parvis.requests.remaining_parts import has_part
from parvis.web.desk.context import AtDesk, DeskContext, case_path, unit_name, work
from parvis.web.desk.lists.stalled import StalledList, StalledSource, stalled_since
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis_grants.deadlines import Deadline, DeadlineFilters, FoundDeadlines, What, deadlines_for
from parvis_grants.shown_obligations import ONE_INSTANT
from parvis_sdk.obligations import Obligation
from parvis_sdk.text_normalisation import fold
from parvis_sdk.validity import Validity

DEADLINES = "/bureau/echeances"
ROWS = 50
WHAT: dict[str, What] = {
    "": "all",
    "preuves": "proofs",
    "retard": "overdue",
    "conditions": "conditions",
    "fins": "ends",
}
AHEAD = {"": 90, "7": 7, "30": 30, "365": 365}
MOST_VALUE = 100


class AskedDeadlines(Struct, frozen=True, kw_only=True):
    """The list as its address asks for it."""

    what: str = ""
    type: str = ""
    unit: str = ""
    ahead: str = ""
    after: str = ""

    def address(self, **changes: str) -> str:
        names = {"quoi": self.what, "type": self.type, "unite": self.unit, "jours": self.ahead, "apres": ""} | changes
        query = urlencode([(name, value) for name, value in names.items() if value])
        return f"{DEADLINES}?{query}" if query else DEADLINES


def read(request: AnyRequest) -> AskedDeadlines:
    def given(name: str, most: int = MOST_VALUE) -> str:
        return request.query_params.get(name, "").replace("\x00", "").strip()[:most]

    what, ahead = given("quoi"), given("jours")
    return AskedDeadlines(
        what=what if what in WHAT else "",
        type=given("type"),
        unit=given("unite"),
        ahead=ahead if ahead in AHEAD else "",
        after=given("apres", 400),
    )


@get(DEADLINES)
async def show_deadlines(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The list; a fixed number of statements, however many lines there are."""
    room.demand("see")
    asked = read(request)
    found = await _found(room, asked)
    request_types = [
        request_type
        for request_type in types_of(room.host, room.town)
        if any(isinstance(part, Validity | Obligation) for part in request_type.parts)
    ]
    titles = sorted(
        ((request_type.code, i18n.say(request_type.title)) for request_type in request_types),
        key=lambda one: fold(one[1]),
    )
    return room.show(
        "grants/deadlines.html",
        asked=asked,
        found=found,
        views=_views(asked),
        kinds=[("", gettext("Any")), *titles],
        units=[("", gettext("Any")), *room.units_for("see")],
        aheads=[
            ("7", gettext("Seven days")),
            ("30", gettext("Thirty days")),
            ("", gettext("Ninety days")),
            ("365", gettext("One year")),
        ],
        next_page=asked.address(apres=found.next_cursor) if found.next_cursor else "",
        path=path_of,
        day=lambda row: format_date(local_day(room.town.calendar, row.at - ONE_INSTANT)) if row.at else "",
        is_past=lambda row: row.at is not None and row.at <= clock.now(),
        words=state_words,
        unit_name=lambda code: unit_name(room.town, code),
    )


def path_of(row: Deadline) -> str:
    """Where the line leads: to the condition itself, else to the request."""
    if row.part == "obligation" and row.state != "met":
        return case_path(row.reference, "conditions", str(row.id))
    return case_path(row.reference)


def state_words(row: Deadline) -> str:
    """Where it stands, in a few words."""
    if row.part == "validity":
        return gettext("Suspended, expires") if row.state == "suspended" else gettext("In force, expires")
    return {
        "proved": gettext("Proof to be checked"),
        "overdue": gettext("Overdue"),
        "due": gettext("Due now"),
        "met": gettext("Proof expires"),
    }.get(row.state, gettext("To be done"))


async def _found(room: DeskContext, asked: AskedDeadlines) -> FoundDeadlines:
    units = room.town.units_under(asked.unit) or ({asked.unit} if asked.unit else set())
    filters = DeadlineFilters(
        what=WHAT[asked.what],
        types=(asked.type,) if asked.type else (),
        units=tuple(sorted(units)),
        ahead=timedelta(days=AHEAD[asked.ahead]),
    )
    try:
        return await deadlines_for(room.host, room.viewer, room.town.code, filters, limit=ROWS, cursor=asked.after)
    except BadCursor as error:
        raise ClientException("The address of this page of the list is not one of ours.") from error


def _views(asked: AskedDeadlines) -> list[tuple[str, str, bool]]:
    views = [
        (pgettext("due dates", "All"), ""),
        (gettext("Proofs to check"), "preuves"),
        (gettext("Overdue"), "retard"),
        (gettext("Conditions"), "conditions"),
        (gettext("Expiring"), "fins"),
    ]
    return [(text, AskedDeadlines(what=what, ahead=asked.ahead).address(), asked.what == what) for text, what in views]


def grants_or_demands(room: DeskContext) -> bool:
    """Whether anything that this town grants ends or has conditions."""
    return has_part(room.host, room.town, Validity, Obligation)


LINK = PageLink(
    slot="desk.menu",
    path=DEADLINES,
    guide="docs/permits#due-dates",
    after="/bureau/ce-qui-traine",
    text=lambda: gettext("Due dates"),
    right="see",
    when=grants_or_demands,
    icon="clock",
    group=work,
)


async def left_undone(room: DeskContext) -> tuple[StalledList, ...]:
    """Proofs that nobody has looked at, and conditions whose day has passed."""
    return (
        await _stalled_list(
            room,
            "proofs",
            "preuves",
            gettext("Proofs to check"),
            gettext("A proof was sent and has not been reviewed yet."),
        ),
        await _stalled_list(
            room,
            "overdue",
            "retard",
            gettext("Conditions overdue"),
            gettext("A condition of a decision was not met by its due date."),
        ),
    )


async def _stalled_list(room: DeskContext, what: What, name: str, title: str, meaning: str) -> StalledList:
    found = await deadlines_for(room.host, room.viewer, room.town.code, DeadlineFilters(what=what), limit=1)
    first = stalled_since(found.total, (row.at for row in found.rows))
    return StalledList(title=title, meaning=meaning, href=f"{DEADLINES}?quoi={name}", found=first)


UNDONE = StalledSource(
    name="conditions",
    after="calls",
    title=lambda: gettext("Conditions"),
    when=grants_or_demands,
    find=left_undone,
)
