"""The queue: every request that the person may see, as its address asks; views kept of it, and the same as a sheet."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from msgspec import structs

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.people.agents import Colleagues, agents, set_lists
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.saved_views import drop_view, keep_view, views_of
from parvis.requests.lists.search import Filters, ResultPage, Row, queue, whole_list
from parvis.requests.next_up import take_next
from parvis.requests.numbers_there import NumberSource
from parvis.requests.priority_names import priority_name
from parvis.requests.records import those_of
from parvis.requests.references import normalise
from parvis.sheets import MEDIA_TYPE, Sheet, sheet, workbook
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, case_path, go, unit_name, zone_name
from parvis.web.desk.lists.columns import (
    MOST,
    QueueColumn,
    cells_of,
    columns_of,
    every_column,
    found_beside,
    marks_of,
    sheet_columns,
)
from parvis.web.desk.lists.filtering import COLUMN, ListQuery
from parvis.web.desk.lists.filters import FilterContext, asked_in, chips_of, filters_in, left_out, offers
from parvis.web.desk.lists.tabs import tabs_of
from parvis.web.desk.one_request.case import gather
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import DONE_TO
from parvis.web.desk.one_request.showing import usual_parts
from parvis.web.desk.one_request.takers import takers_of
from parvis.web.done_messages import SAID, DoneMessage, done_message
from parvis.web.formats import short_days
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis.web.value_names import channel_name

VIEWS = f"{QUEUE}/vues"


def kept_part(asked: ListQuery) -> ListQuery:
    """What of a list is kept: not the words looked for, which may name a person and would outlive their erasure."""
    return asked.with_(q="")


@post(VIEWS)
async def keep_this_view(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Keep the list of this address; with nobody, or with a unit that the person sees."""
    room.demand("see")
    sent = await typed(request)
    asked = kept_part(asked_in(room, parse_qsl(sent.text("query")[:4000])))
    if sent.text("colonnes"):
        asked = asked.with_(col=tuple(each.name for each in columns_of(room, asked)))
    unit = sent.text("avec")
    offered = {code for code, _ in room.units_for("see")}
    name = sent.text("nom").strip()
    if not name or not asked.values or (unit and unit not in offered):
        return go(told(asked, "sans-nom"))
    kept = await keep_view(room.host.engine, room.town.code, room.person.id, name, asked.address("")[1:], unit)
    return go(told(asked, "gardee" if kept else "trop"))


@post(f"{VIEWS}/{{id:uuid}}/retirer")
async def drop_this_view(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """Take away a list of one's own."""
    room.demand("see")
    if not await drop_view(room.host.engine, room.town.code, room.person.id, id):
        raise NotFoundException("There is no such list.")
    return go(told(ListQuery(), "retiree"))


def told(asked: ListQuery, done: str) -> str:
    """The list again, saying what was done."""
    return ListQuery(values={**asked.values, "fait": (done,)}).address(QUEUE)


def taken_away(content: str | bytes, filename: str, kind: str) -> Response[Any]:
    """A file that the browser keeps and nobody on the way does."""
    headers = {"content-disposition": f'attachment; filename="{filename}"', "cache-control": "private, no-store"}
    return Response(content, media_type=kind, headers=headers)


NEXT = f"{QUEUE}/suivante"
SHEET, BOOK = f"{QUEUE}/liste.csv", f"{QUEUE}/liste.xlsx"
ROWS = 50
SHEET_ROWS = 10_000
SOON = timedelta(days=1)


async def _before(room: DeskContext, typed: str) -> str:
    """The one request of those that this person sees that had this number in a system before; or nothing."""
    sources = room.host.modules.heard(NumberSource, room.town)
    known = [each for source in sources for each in await source.find(room.town, typed)]
    seen = await those_of([room.scope("see")], known)
    return next(iter(seen)) if len(seen) == 1 else ""


@get(QUEUE)
async def show_queue(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The list, or the one request whose reference, or number before, was typed into the search box."""
    room.demand("see")
    asked = asked_in(room, request.query_params.multi_items())
    typed = asked.first("q")
    if set(asked.values) == {"q"} and (reference := normalise(typed) or await _before(room, typed)):
        return go(case_path(reference))
    if PART in request.headers:
        preview = await preview_of(room, asked)
        return room.show("desk/queue_preview.html", **preview) if preview else Response("", status_code=404)
    filters = filters_in(room, asked)
    found = await _found(room, filters, asked)
    preview = await preview_of(room, asked, found.rows)
    holders = {str(row.assignee) for row in found.rows if row.assignee}
    colleagues = await room.host.of(Colleagues).of(room.host.engine, room.town.code, holders)
    context = FilterContext(room=room, colleagues=colleagues)
    offered = await offers(context)
    in_box = {*(each.name for each in offered), "apres", "tri"}
    columns = columns_of(room, asked)
    is_chosen = bool(asked.all(COLUMN) or room.person.columns)
    as_shown = asked.with_(col=tuple(each.name for each in columns)) if is_chosen else asked
    return room.show(
        "desk/queue.html",
        asked=asked,
        done=request.query_params.get("fait", ""),
        handed_on=normalise(request.query_params.get("requete", "")) or done_to(room)[0],
        case_path=case_path,
        **{"chosen": "", "unit_name": partial(unit_name, room.town), "channel_name": channel_name, **preview},
        hidden=[(name, value) for name, given in asked.with_().values.items() for value in given],
        found=found,
        writing=room.writing([row.reference for row in found.rows]),
        names=context.names,
        now_soon=clock.now() + SOON,
        chips=await chips_of(context, asked, QUEUE),
        wider=left_out(room, request.query_params.multi_items()),
        offers=offered,
        not_offered=[(name, value) for name, given in asked.values.items() if name not in in_box for value in given],
        orders=_orders(),
        tabs=await tabs_of(room, asked, context),
        saved=await views_of(room.town.code, room.person.id, room.scope("see").units),
        current=kept_part(asked).address("")[1:],
        share_with=[("", gettext("Nobody: for me alone")), *room.units_for("see")],
        here=asked.address(QUEUE),
        next_page=asked.with_(apres="").address(QUEUE) if not found.next_cursor else _next(asked, found.next_cursor),
        sheet=as_shown.address(SHEET),
        book=as_shown.address(BOOK),
        headed=[(each, each.title()) for each in columns],
        marks=await marks_of(room, found.rows),
        beside=await found_beside(room, columns, found.rows),
        addable=addable(room, columns),
        roomy=room.person.roomy,
        display_open=OPEN in request.query_params,
        as_asked=asked.address("")[1:],
        on_map=asked.with_(apres="", tri="").address(f"{QUEUE}/carte"),
        unit_names={code: unit_name(room.town, code) for code in {row.unit for row in found.rows}},
        zones={code: zone_name(room.town, code) for code in {row.zone for row in found.rows}},
        priority_name=priority_name,
        choose=_next_to(asked),
        acted=done_to(room),
        short=short_days(),
        titled=_titled(found.rows),
        row_words=_row_words(),
    )


@post(NEXT)
async def take_next_one(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The next of this list that nobody holds, now the person’s own; its page."""
    room.demand("work")
    room.demand("assign")
    asked = asked_in(room, (await request.form()).multi_items())
    filters = filters_in(room, asked)
    taken = await take_next(room.host, room.viewer, room.town.code, filters, actor=room.actor)
    if taken is None:
        return go(ListQuery(values={**asked.values, "fait": ("aucune",)}).address(QUEUE))
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


async def _sheet(room: DeskContext, name: str) -> tuple[list[str], Iterable[list[Any]]]:
    room.demand("see")
    asked = asked_in(room, room.request.query_params.multi_items())
    filters = filters_in(room, asked)
    names = {one.id: one.name for one in await agents(room.host.engine, room.town.code)}
    rows = await whole_list(room.host, room.viewer, room.town.code, filters, sort=asked.sort, most=SHEET_ROWS)
    room.takes(name, len(rows))
    columns = sheet_columns(room, asked)
    return [each.title() for each in columns], await cells_of(room, columns, rows, names)


def _file_name() -> str:
    return f"parvis-{i18n.local_day(clock.now()).isoformat()}"


async def _found(room: DeskContext, filters: Filters, asked: ListQuery) -> ResultPage:
    cursor = asked.first("apres")
    try:
        return await queue(room.host, room.viewer, room.town.code, filters, sort=asked.sort, limit=ROWS, cursor=cursor)
    except BadCursor as error:
        raise ClientException("The address of this page of the list is not one of ours.") from error


def _next_to(asked: ListQuery) -> str:
    """The address of this list with a request beside it, whose reference is to follow."""
    return ListQuery(values={**asked.values, CHOSEN: ("",)}).address(QUEUE)


def _titled(rows: Sequence[Row]) -> list[tuple[Row, str, str]]:
    """Each row with its title and its state in words: the few there are of a page are said once."""
    texts = {id(text): text for row in rows for text in (row.title, row.state_title)}
    said = {key: i18n.say(text) for key, text in texts.items()}
    return [(row, said[id(row.title)], said[id(row.state_title)]) for row in rows]


def _row_words() -> tuple[str, ...]:
    """What stands in many rows, as plain words: in a template each would be looked at again in each row."""
    return (
        gettext("overdue"),
        gettext("response time paused"),
        gettext("kept"),
        gettext("completed late"),
        gettext("not kept: reopened"),
        gettext("none"),
        gettext("not given"),
        gettext("nobody yet"),
        gettext("a former colleague"),
        gettext("confidential"),
        gettext("Preview:"),
        gettext("preview"),
    )


def _next(asked: ListQuery, cursor: str) -> str:
    return ListQuery(values={**asked.values, "apres": (cursor,)}).address(QUEUE)


def _orders() -> list[tuple[str, str]]:
    return [
        ("", gettext("Most urgent first")),
        ("newest", gettext("Newest first")),
        ("oldest", gettext("Oldest first")),
        ("updated", gettext("Least recently changed first")),
    ]


LINK = PageLink(
    slot="desk.menu",
    path=QUEUE,
    text=lambda: gettext("Queue"),
    right="see",
    icon="inbox",
)


DISPLAY = f"{QUEUE}/affichage"
OPEN = "affichage"  # in the address: the box in which one chooses is open
ROOMY = "aeree"


@post(DISPLAY)
async def keep_display(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """What was pressed is kept, and the same list is shown with the box still open; usual columns are not kept."""
    room.demand("see")
    sent = await typed(request)
    asked = asked_in(room, parse_qsl(sent.text("query")[:4000]))
    there = {each.name: each for each in every_column(room)}
    chosen = chosen_of(sent, [each.name for each in columns_of(room, asked)], there)
    usual = tuple(name for name, each in there.items() if each.usual)
    kept = () if tuple(chosen) == usual else chosen[:MOST]
    roomy = sent.text("rangees") == ROOMY if sent.text("rangees") else room.person.roomy
    await set_lists(room.host.engine, room.person.id, roomy=roomy, columns=kept)
    shown = {name: given for name, given in asked.values.items() if name not in (COLUMN, "apres")}
    return go(ListQuery(values={**shown, OPEN: ("1",)}).address(QUEUE) + "#affichage")


def chosen_of(sent: FormInput, here: Sequence[str], there: dict[str, QueueColumn]) -> list[str]:
    """The columns after a press: one is moved, taken away or added, or the usual ones come back."""
    if sent.text("usuelles"):
        return []
    chosen = list(here)
    for name, by in ((sent.text("gauche"), -1), (sent.text("droite"), 1)):
        if name in chosen:
            at = chosen.index(name)
            chosen.insert(max(0, at + by), chosen.pop(at))
    if (gone := sent.text("retirer")) in chosen and len(chosen) > 1:
        chosen.remove(gone)
    added = sent.text("colonne") if sent.text("ajouter") else ""
    if added in there and added not in chosen and len(chosen) < MOST:
        chosen.append(added)
    return chosen


def addable(room: DeskContext, columns: Sequence[QueueColumn]) -> list[tuple[str, str]]:
    """The columns that are not shown, by name and title; none where there is no place for another."""
    here = {each.name for each in columns}
    return [(each.name, each.title()) for each in every_column(room) if each.name not in here and len(here) < MOST]


CHOSEN = "apercu"  # in the address: the request that is shown beside the list
FOLLOWING = "suivante"  # the one after it in the list, where a script asks for the part alone
PART = "x-parvis-part"  # the header by which a script does


async def preview_of(room: DeskContext, asked: ListQuery, rows: Sequence[Row] | None = None) -> dict[str, Any]:
    """What the part beside the list shows of the request that the address chooses; nothing where there is none.

    A request that went meanwhile, or out of one's sight, is no mistake: the list stays.
    """
    reference = normalise(room.request.query_params.get(CHOSEN, ""))
    if reference is None:
        return {}
    try:
        record = await room.record(reference)
    except (NotFoundException, PermissionDeniedException):
        return {}
    following = normalise(room.request.query_params.get(FOLLOWING, "")) if rows is None else after(reference, rows)
    back = ListQuery(values={**asked.values, CHOSEN: (following or reference,)}).address("")[1:]
    case = structs.replace(await gather(room, record), back=back)
    return {
        **await usual_parts(room, case),
        "chosen": reference,
        "takers": await takers_of(room, case),
        "without_preview": asked.address(QUEUE),
    }


def after(reference: str, rows: Sequence[Row]) -> str:
    """The request below it in the list; above the last one the one before it."""
    listed = [row.reference for row in rows]
    if reference not in listed:
        return listed[0] if listed else ""
    at = listed.index(reference)
    return (listed[at + 1 : at + 2] or listed[:at][-1:] or [""])[0]


def done_to(room: DeskContext) -> tuple[str, DoneMessage | None]:
    """The request to which something was just done from beside the list, and what is said of it."""
    reference = normalise(room.request.query_params.get(DONE_TO, "")) or ""
    said = done_message(room.nouns(DoneMessage, SLOT), room.request.query_params.get(SAID, "")) if reference else None
    return reference, said
