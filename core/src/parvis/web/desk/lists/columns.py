"""Columns of the queue and of its sheet: declared each where it is made, and those that the queue has of itself."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.plugins.trying import Failure
from parvis.requests.lists.search import Row
from parvis.requests.priority_names import priority_name
from parvis.web.desk.context import DeskContext, unit_name, zone_name
from parvis.web.desk.lists.filtering import COLUMN, ListQuery
from parvis.web.panels import tried
from parvis.web.places import ITS_NAME, SlotItem
from parvis.web.value_names import channel_name

SLOT, SHEET_SLOT, MARK_SLOT = "desk.queue", "desk.queue.sheet", "desk.queue.marks"
MOST = 6  # side by side


class QueueColumn(SlotItem, frozen=True, kw_only=True):
    """A column that the queue may have: the address names it, and where it names none the `usual` ones are there.

    What it says beside the row, `find` asks for all rows in as many statements however many there are, and answers by
    reference; where it fails the list stays. `template` draws the cell of a `row` and that `value`, ours the value.
    """

    IF_BROKEN = {"title": ITS_NAME}
    title: Callable[[], str]
    template: str = "desk/queue_cell.html"
    usual: bool = False
    find: Callable[[DeskContext, Sequence[Row]], Awaitable[Mapping[str, Any]]] | None = None
    slot: str = SLOT


class QueueMark(SlotItem, frozen=True, kw_only=True):
    """A few words below the title of those rows of the queue that have them.

    `find` answers them by reference, for all rows in as many statements however many there are; where it fails the list
    stays.
    """

    find: Callable[[DeskContext, Sequence[Row]], Awaitable[Mapping[str, str]]]
    icon: str = ""
    slot: str = MARK_SLOT


class QueueRow(Struct, frozen=True, kw_only=True):
    """One request of a list, with the names of colleagues by id, and what its column of the queue found for it."""

    row: Row
    room: DeskContext
    names: Mapping[str, str]
    value: Any = None


class SheetColumn(SlotItem, frozen=True, kw_only=True):
    """A column of the sheet; `of` names the column of the queue with which it comes, where it is not always there."""

    IF_BROKEN = {"title": ITS_NAME, "cell": ""}
    title: Callable[[], str]
    cell: Callable[[QueueRow], Any]
    of: str = ""
    slot: str = SHEET_SLOT


Beside = Mapping[str, Mapping[str, Any] | None]


def every_column(room: DeskContext) -> tuple[QueueColumn, ...]:
    """All that the queue may have in this town."""
    return room.nouns(QueueColumn, SLOT)


def columns_of(room: DeskContext, asked: ListQuery) -> tuple[QueueColumn, ...]:
    """Those that the address names, in its order; else those that the person keeps; else the usual ones."""
    there = {each.name: each for each in every_column(room)}
    for names in (asked.all(COLUMN), room.person.columns):
        if named := tuple(there[name] for name in names if name in there):
            return named[:MOST]
    return tuple(each for each in there.values() if each.usual)[:MOST]


async def found_beside(room: DeskContext, columns: Iterable[QueueColumn], rows: Sequence[Row]) -> Beside:
    """What columns found out beside the rows, by column and reference; None for one that failed."""
    found: dict[str, Mapping[str, Any] | None] = {}
    for each in columns:
        if each.find is not None:
            done = await tried(each.owner, each.name, partial(each.find, room, rows))
            found[each.name] = None if isinstance(done, Failure) else done.value
    return found


async def marks_of(room: DeskContext, rows: Sequence[Row]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The marks of each row by its reference, each an icon and words."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in room.nouns(QueueMark, MARK_SLOT) if rows else ():
        done = await tried(each.owner, each.name, partial(each.find, room, rows))
        if not isinstance(done, Failure):
            for reference, words in done.value.items():
                found.setdefault(reference, []).append((each.icon, words))
    return found


def sheet_columns(room: DeskContext, asked: ListQuery) -> tuple[SheetColumn, ...]:
    """Everything; where columns were chosen, what stands in these, in their order."""
    every = room.nouns(SheetColumn, SHEET_SLOT)
    if not asked.all(COLUMN):
        return every
    wanted = ["", *(column.name for column in columns_of(room, asked))]
    return tuple(each for name in wanted for each in every if each.of == name)


async def cells_of(
    room: DeskContext, columns: Sequence[SheetColumn], rows: Sequence[Row], names: Mapping[str, str]
) -> Iterable[list[Any]]:
    """The rows of the sheet."""
    among = {each.of for each in columns}
    asked = (each for each in room.nouns(QueueColumn, SLOT) if each.name in among)
    beside = await found_beside(room, asked, rows)

    def cell(column: SheetColumn, row: Row) -> Any:
        found = beside.get(column.of, {})
        if found is None:
            return gettext("unavailable")
        return column.cell(QueueRow(row=row, room=room, names=names, value=found.get(row.reference)))

    return ([cell(each, row) for each in columns] for row in rows)


QUEUE_COLUMNS = (
    QueueColumn(name="lieu", title=lambda: gettext("Place"), usual=True),
    QueueColumn(name="etat", title=lambda: gettext("State"), usual=True, after="lieu"),
    QueueColumn(name="promesse", title=lambda: gettext("Promised date"), usual=True, after="etat"),
    QueueColumn(name="responsable", title=lambda: gettext("Unit and person"), usual=True, after="promesse"),
    QueueColumn(name="recue", title=lambda: gettext("Received on"), usual=True, after="responsable"),
    QueueColumn(name="modifiee", title=lambda: gettext("Updated"), after="recue"),
    QueueColumn(name="zone", title=lambda: gettext("Zone"), after="modifiee"),
    QueueColumn(name="canal", title=lambda: gettext("Channel"), after="zone"),
    QueueColumn(name="priorite", title=lambda: gettext("Priority"), after="canal"),
)


def _late(listed: QueueRow) -> str:
    return gettext("yes") if listed.row.is_late else gettext("no")


def _assignee(listed: QueueRow) -> str:
    return listed.names.get(str(listed.row.assignee), "") if listed.row.assignee else ""


def _time(moment: datetime | None) -> str:
    return i18n.local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


SHEET_COLUMNS = (
    SheetColumn(name="reference", title=lambda: gettext("Reference"), cell=lambda one: one.row.reference),
    SheetColumn(
        name="type", after="reference", title=lambda: gettext("Type"), cell=lambda one: i18n.say(one.row.title)
    ),
    SheetColumn(
        name="state",
        after="type",
        of="etat",
        title=lambda: gettext("State"),
        cell=lambda one: i18n.say(one.row.state_title),
    ),
    SheetColumn(
        name="place", after="state", of="lieu", title=lambda: gettext("Place"), cell=lambda one: one.row.address
    ),
    SheetColumn(
        name="zone",
        after="place",
        of="zone",
        title=lambda: gettext("Zone"),
        cell=lambda one: zone_name(one.room.town, one.row.zone),
    ),
    SheetColumn(
        name="unit",
        after="zone",
        of="responsable",
        title=lambda: gettext("Unit"),
        cell=lambda one: unit_name(one.room.town, one.row.unit),
    ),
    SheetColumn(name="assignee", after="unit", of="responsable", title=lambda: gettext("Assigned to"), cell=_assignee),
    SheetColumn(
        name="channel",
        after="assignee",
        of="canal",
        title=lambda: gettext("Channel"),
        cell=lambda one: channel_name(one.row.channel),
    ),
    SheetColumn(
        name="received",
        after="channel",
        of="recue",
        title=lambda: gettext("Received on"),
        cell=lambda one: _time(one.row.submitted_at),
    ),
    SheetColumn(
        name="promised",
        after="received",
        of="promesse",
        title=lambda: gettext("Promised date"),
        cell=lambda one: _time(one.row.promised_at),
    ),
    SheetColumn(name="late", after="promised", of="promesse", title=lambda: gettext("Late"), cell=_late),
    SheetColumn(
        name="updated",
        after="late",
        of="modifiee",
        title=lambda: gettext("Updated"),
        cell=lambda one: _time(one.row.updated_at),
    ),
    SheetColumn(
        name="priority",
        after="updated",
        of="priorite",
        title=lambda: gettext("Priority"),
        cell=lambda one: i18n.say(priority_name(one.row.priority)),
    ),
)
