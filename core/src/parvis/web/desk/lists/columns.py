"""The columns of the queue: which ones, in which order, as the address says; the same ones in the sheet."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.lists.search import Row
from parvis.requests.work.priorities import priority_name
from parvis.web.desk.lists.filtering import COLUMN, Asked
from parvis.web.desk.room import Room, unit_name, zone_name


class Column(Struct, frozen=True, kw_only=True):
    """One column: its name in the address, and what it is called."""

    name: str
    title: str


TITLES: dict[str, Callable[[], str]] = {
    "lieu": lambda: gettext("Place"),
    "etat": lambda: gettext("State"),
    "promesse": lambda: gettext("Promised for"),
    "responsable": lambda: gettext("Unit and person"),
    "recue": lambda: gettext("Received on"),
    "modifiee": lambda: gettext("Updated"),
    "zone": lambda: gettext("Zone"),
    "canal": lambda: gettext("Channel"),
    "priorite": lambda: gettext("Priority"),
}
USUAL = ("lieu", "etat", "promesse", "responsable", "recue")
MOST = 6  # side by side


def columns_of(asked: Asked) -> tuple[Column, ...]:
    """Those that the address names, in its order; the usual ones where it names none."""
    named = tuple(name for name in asked.all(COLUMN) if name in TITLES)[:MOST]
    return tuple(Column(name=name, title=TITLES[name]()) for name in named or USUAL)


def choices_of(asked: Asked) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """A list for each place from left to right: what it is called, what stands there, what could."""
    here = [column.name for column in columns_of(asked)]
    offered = [("", gettext("Nothing")), *((name, title()) for name, title in TITLES.items())]
    return [
        (gettext("Column %(number)s") % {"number": number + 1}, here[number] if number < len(here) else "", offered)
        for number in range(MOST)
    ]


Cell = Callable[[Row, dict[str, str], Room, Callable[[str], str]], Any]
SHEET: tuple[tuple[str, Callable[[], str], Cell], ...] = (
    ("", lambda: gettext("Reference"), lambda row, *_: row.reference),
    ("", lambda: gettext("Type"), lambda row, *_: i18n.say(row.title)),
    ("etat", lambda: gettext("State"), lambda row, *_: i18n.say(row.state_title)),
    ("lieu", lambda: gettext("Place"), lambda row, *_: row.address),
    ("zone", lambda: gettext("Zone"), lambda row, names, room, _: zone_name(room.town, row.zone)),
    ("responsable", lambda: gettext("Unit"), lambda row, names, room, _: unit_name(room.town, row.unit)),
    (
        "responsable",
        lambda: gettext("Assigned to"),
        lambda row, names, *_: names.get(str(row.assignee), "") if row.assignee else "",
    ),
    ("canal", lambda: gettext("Channel"), lambda row, names, room, channel: channel(row.channel)),
    ("recue", lambda: gettext("Received on"), lambda row, *_: _time(row.submitted_at)),
    ("promesse", lambda: gettext("Promised for"), lambda row, *_: _time(row.promised_at)),
    ("promesse", lambda: gettext("Late"), lambda row, *_: gettext("yes") if row.is_late else gettext("no")),
    ("modifiee", lambda: gettext("Updated"), lambda row, *_: _time(row.updated_at)),
    ("priorite", lambda: gettext("Priority"), lambda row, *_: i18n.say(priority_name(row.priority))),
)
"""The columns of the sheet, each with the one of the list that it belongs to; those without one are always there."""


def sheet_columns(asked: Asked) -> list[tuple[str, Cell]]:
    """Everything; where columns were chosen, what stands in these, in their order."""
    if not asked.all(COLUMN):
        return [(title(), cell) for _, title, cell in SHEET]
    wanted = ["", *(column.name for column in columns_of(asked))]
    return [(title(), cell) for name in wanted for belongs_to, title, cell in SHEET if belongs_to == name]


def _time(moment: datetime | None) -> str:
    return i18n.local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
