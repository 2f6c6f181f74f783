"""The queue: every request that the person may see, filtered and ordered as the address says; also as a sheet."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import ClientException

from parvis import clock, i18n
from parvis.folding import fold
from parvis.i18n import gettext
from parvis.people.agents import Person, agents
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.outcomes import NOWHERE
from parvis.requests.lists.saved_views import views_of
from parvis.requests.lists.search import Filters, Found, queue
from parvis.requests.lists.whole_list import whole_list
from parvis.requests.many.many_kept import MOST as MOST_AT_ONCE
from parvis.requests.many.next_up import take_next
from parvis.requests.offered import themes_of, types_of
from parvis.requests.priority_names import PRIORITIES, priority_name
from parvis.requests.references import normalise
from parvis.sheets import sheet
from parvis.web.desk.lists.filtering import (
    ALARM,
    CHANNELS,
    COLUMN,
    COUNTED,
    DUE,
    ME,
    NOBODY,
    PHASES,
    STOPPED,
    UNIT,
    WAITING,
    Asked,
    chips,
    filters_of,
    read,
)
from parvis.web.desk.lists.queue_columns import cells_of, choices_of, columns_of, found_beside, sheet_columns
from parvis.web.desk.lists.saved import kept_part
from parvis.web.desk.lists.taken_away import taken_away
from parvis.web.desk.names_of_values import channel_name, phase_name
from parvis.web.desk.one_request.categories import category_title
from parvis.web.desk.room import QUEUE, AtDesk, Room, case_path, go, unit_name, zone_name
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.workbooks import MEDIA_TYPE, Sheet, workbook

NEXT = f"{QUEUE}/suivante"
SHEET, BOOK = f"{QUEUE}/liste.csv", f"{QUEUE}/liste.xlsx"
ROWS = 50
SHEET_ROWS = 10_000
SOON = timedelta(days=1)


@get(QUEUE)
async def show_queue(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The list, or the one request whose reference was typed into the search box."""
    room.demand("see")
    asked = read(request.query_params.multi_items())
    typed = asked.first("q")
    if set(asked.values) == {"q"} and (reference := normalise(typed)):
        return go(case_path(reference))
    filters = filters_of(asked, room.person.id, room.town, room.own_units)
    found = await _found(room, filters, asked)
    colleagues = await agents(room.heart.engine, room.town.code)
    names = {one.id: one.name for one in colleagues}
    columns = columns_of(room, asked)
    return room.show(
        "desk/queue.html",
        asked=asked,
        done=request.query_params.get("fait", ""),
        handed_on=normalise(request.query_params.get("requete", "")),
        case_path=case_path,
        hidden=[(name, value) for name, given in asked.with_().values.items() for value in given],
        found=found,
        writing=room.writing([row.reference for row in found.rows]),
        names=names,
        now_soon=clock.now() + SOON,
        chips=chips(asked, QUEUE, words_of_filters(room, names)),
        views=_views(room, asked),
        saved=await views_of(room.town.code, room.person.id, room.scope("see").units),
        current=kept_part(asked).address("")[1:],
        share_with=[("", gettext("Nobody: for me alone")), *room.units_for("see")],
        choices=_choices(room, colleagues),
        here=asked.address(QUEUE),
        next_page=asked.with_(apres="").address(QUEUE) if not found.next_cursor else _next(asked, found.next_cursor),
        sheet=asked.address(SHEET),
        book=asked.address(BOOK),
        columns=columns,
        beside=await found_beside(room, columns, found.rows),
        column_choices=choices_of(room, asked),
        without_columns=[(name, value) for name, given in asked.with_(col="").values.items() for value in given],
        at_once=MOST_AT_ONCE,
        on_map=asked.with_(apres="", tri="").address(f"{QUEUE}/carte"),
        unit_name=lambda code: unit_name(room.town, code),
        zone_name=lambda code: zone_name(room.town, code),
        priority_name=priority_name,
        channel_name=channel_name,
    )


@post(NEXT)
async def take_next_one(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The next of this list that nobody holds, now the person’s own; its page."""
    room.demand("work")
    room.demand("assign")
    asked = read((await request.form()).multi_items())
    filters = filters_of(asked, room.person.id, room.town, room.own_units)
    taken = await take_next(room.heart, room.viewer, room.town.code, filters, actor=room.actor)
    if taken is None:
        return go(Asked(values={**asked.values, "fait": ("aucune",)}).address(QUEUE))
    return go(f"{case_path(taken.reference)}?fait=suivante#main")


@get(SHEET)
async def take_sheet(room: AtDesk) -> Response[Any]:
    """The same list as a sheet, whole up to ten thousand rows, without anything of the people who asked."""
    name = f"{_file_name()}.csv"
    headings, rows = await _sheet(room, name)
    return taken_away(sheet(headings, rows), name, "text/csv")


@get(BOOK)
async def take_book(room: AtDesk) -> Response[Any]:
    """The same as a workbook."""
    name = f"{_file_name()}.xlsx"
    headings, rows = await _sheet(room, name)
    book = workbook((Sheet(name=gettext("Queue"), headings=headings, rows=rows),), gettext("Queue"))
    return taken_away(book, name, MEDIA_TYPE)


async def _sheet(room: Room, name: str) -> tuple[list[str], Iterable[list[Any]]]:
    room.demand("see")
    asked = read(room.request.query_params.multi_items())
    filters = filters_of(asked, room.person.id, room.town, room.own_units)
    names = {one.id: one.name for one in await agents(room.heart.engine, room.town.code)}
    rows = await whole_list(room.heart, room.viewer, room.town.code, filters, sort=asked.sort, most=SHEET_ROWS)
    room.takes(name, len(rows))
    columns = sheet_columns(room, asked)
    return [each.title() for each in columns], await cells_of(room, columns, rows, names)


def _file_name() -> str:
    return f"parvis-{i18n.local_day(clock.now()).isoformat()}"


async def _found(room: Room, filters: Filters, asked: Asked) -> Found:
    cursor = asked.first("apres")
    try:
        return await queue(room.heart, room.viewer, room.town.code, filters, sort=asked.sort, limit=ROWS, cursor=cursor)
    except BadCursor as error:
        raise ClientException("The address of this page of the list is not one of ours.") from error


def _next(asked: Asked, cursor: str) -> str:
    return Asked(values={**asked.values, "apres": (cursor,)}).address(QUEUE)


def _views(room: Room, asked: Asked) -> list[tuple[str, str, bool]]:
    """The lists that people open all day, each one press away; the current one is marked."""
    views = [
        (gettext("All open"), Asked()),
        (gettext("Mine"), Asked(values={"a": (ME,)})),
        *([(gettext("My unit’s"), Asked(values={UNIT: (ME,)}))] if room.own_units else []),
        (gettext("Unassigned"), Asked(values={"a": (NOBODY,)})),
        (gettext("Overdue"), Asked(values={"retard": ("oui",)})),
        (gettext("Warned of"), Asked(values={ALARM: ("oui",)})),
        (gettext("To look at again"), Asked(values={"suivi": (DUE,)})),
        (gettext("Waiting for the requester"), Asked(values={"phase": ("waiting_for_you",)})),
        (gettext("Waiting for another system"), Asked(values={WAITING: ("oui",)})),
        (gettext("Closed"), Asked(values={"ouvertes": ("non",), "tri": ("newest",)})),
    ]
    kept = {COLUMN: asked.all(COLUMN)} if asked.all(COLUMN) else {}
    shown = {name: value for name, value in asked.values.items() if name not in ("apres", COLUMN)}
    return [(text, view.with_(**kept).address(QUEUE), view.values == shown) for text, view in views]


def words_of_filters(room: Room, names: dict[str, str]) -> dict[str, Any]:
    """How each filter in force is said."""
    types = {kind.code: kind.title for kind in types_of(room.heart, room.town)}
    themes = {code: theme.title for code, theme in themes_of(types_of(room.heart, room.town)).items()}
    states = {state.code: state.title for kind in types_of(room.heart, room.town) for state in kind.workflow.states}

    def assignee(value: str) -> str:
        known = {ME: gettext("Mine"), NOBODY: gettext("Unassigned")}
        return known.get(value) or names.get(value, value)

    return {
        "q": lambda value: gettext("“%(words)s”") % {"words": value},
        "a": assignee,
        "retard": lambda _: gettext("Overdue"),
        "ouvertes": lambda value: {"non": gettext("Closed"), "toutes": gettext("Open and closed")}.get(value, value),
        "type": lambda value: i18n.say(types.get(value, value)),
        "genre": lambda value: gettext("not said") if value == NOWHERE else category_title(room, value),
        "theme": lambda value: i18n.say(themes.get(value, value)),
        "etat": lambda value: i18n.say(states.get(value, value)),
        "phase": phase_name,
        "unite": lambda value: gettext("My unit’s") if value == ME else unit_name(room.town, value),
        ALARM: lambda value: gettext("Told to management") if value == "gestion" else gettext("Warned of"),
        WAITING: _waiting,
        "equipe": lambda value: _team(room, value),
        COUNTED: lambda _: gettext("Counted in your figures"),
        "inchangees": lambda value: gettext("Unchanged since %(day)s") % {"day": _day(value)},
        "zone": lambda value: zone_name(room.town, value),
        "canal": channel_name,
        "priorite": _priority,
        "incident": lambda value: gettext("Incident %(reference)s") % {"reference": value},
        "suivi": _until,
        "depuis": lambda value: gettext("Received since %(day)s") % {"day": _day(value)},
        "jusqua": lambda value: gettext("Received until %(day)s") % {"day": _day(value)},
        "fermees_depuis": lambda value: gettext("Closed since %(day)s") % {"day": _day(value)},
        "fermees_jusqua": lambda value: gettext("Closed until %(day)s") % {"day": _day(value)},
        "rouvertes_depuis": lambda value: gettext("Reopened since %(day)s") % {"day": _day(value)},
        "rouvertes_jusqua": lambda value: gettext("Reopened until %(day)s") % {"day": _day(value)},
        "boite": lambda _: gettext("In a square of the map"),
        "rouvertes": lambda _: gettext("Reopened more than once"),
        "repondues_depuis": lambda value: gettext("Answered by the requester since %(day)s") % {"day": _day(value)},
        "repondues_jusqua": lambda value: gettext("Answered by the requester until %(day)s") % {"day": _day(value)},
        "promesse": lambda value: {
            "tenue": gettext("Promise kept"),
            "defaite": gettext("Promise broken by reopening"),
        }.get(value, gettext("Promise missed")),
        "reponse": lambda value: gettext("Answered") if value == "oui" else gettext("Not answered"),
        "reglee": lambda value: gettext("Settled, they say") if value == "oui" else gettext("Not settled, they say"),
        "decidees_depuis": lambda value: gettext("Decided since %(day)s") % {"day": _day(value)},
        "decidees_jusqua": lambda value: gettext("Decided until %(day)s") % {"day": _day(value)},
    }


def _until(value: str) -> str:
    today = gettext("To look at again today")
    return today if value == DUE else gettext("To look at again until %(day)s") % {"day": _day(value)}


def _waiting(value: str) -> str:
    return gettext("Stopped on the way") if value == STOPPED else gettext("Waiting for another system")


def _team(room: Room, value: str) -> str:
    if value == NOWHERE:
        return gettext("In no unit of today")
    return gettext("%(unit)s alone") % {"unit": unit_name(room.town, value)}


def _priority(value: str) -> str:
    named = i18n.say(priority_name(int(value))) if value.isascii() and value.isdecimal() else value
    return gettext("Priority: %(priority)s") % {"priority": named}


def _day(value: str) -> str:
    try:
        return i18n.format_date(value, "medium")
    except ValueError:
        return value


def _choices(room: Room, colleagues: tuple[Person, ...]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the filters, each with "any" first."""
    any_ = ("", gettext("Any"))
    types = sorted(
        ((kind.code, i18n.say(kind.title)) for kind in types_of(room.heart, room.town)), key=lambda one: fold(one[1])
    )
    return {
        "type": [any_, *types],
        "unite": [any_, *([(ME, gettext("My unit’s"))] if room.own_units else []), *room.units_for("see")],
        "a": [any_, (ME, gettext("Me")), (NOBODY, gettext("Nobody")), *((one.id, one.name) for one in colleagues)],
        "phase": [any_, *((phase, phase_name(phase)) for phase in PHASES)],
        "zone": [any_, *((zone.code, i18n.say(zone.name)) for zone in room.town.zones)],
        "alerte": [any_, ("oui", gettext("Warned of")), ("gestion", gettext("Told to management"))],
        "priorite": [any_, *((str(code), i18n.say(name)) for code, name in PRIORITIES.items())],
        "canal": [any_, *((channel, channel_name(channel)) for channel in CHANNELS)],
        "ouvertes": [("", gettext("Open")), ("non", gettext("Closed")), ("toutes", gettext("Open and closed"))],
        "tri": [
            ("", gettext("Due first")),
            ("newest", gettext("Newest first")),
            ("oldest", gettext("Oldest first")),
            ("updated", gettext("Longest without change")),
        ],
    }


def is_mine(assignee: UUID | None, person: Person) -> bool:
    return assignee is not None and str(assignee) == person.id


LINK = PageLink(
    slot="desk.menu",
    path=QUEUE,
    text=lambda: gettext("Queue"),
    right="see",
    icon="inbox",
)
