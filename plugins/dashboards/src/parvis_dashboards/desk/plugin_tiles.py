"""The figures of plugins on the manager’s page and in its sheets; who gave none is named where the figure would be."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from parvis.i18n import format_datetime, format_money, format_number, gettext, ngettext, say
from parvis.sheets import LONGEST_NAME, Sheet
from parvis.web.plugin_panels import Drawn, drawn_as
from parvis_dashboards.desk.tiles import NOTHING, Tile
from parvis_dashboards.plugin_figures import FigureAnswer
from parvis_sdk.contents import Amount, RequestReference, Table, Value
from parvis_sdk.figures import Number
from parvis_sdk.text import Text

NUMBERS = "plugins"  # how an address calls the sheet of all that are no tables


class FigureTable(Struct, frozen=True, kw_only=True):
    """A figure that is a table, as the page shows it."""

    title: str
    meaning: str
    contents: Drawn
    left_out: str
    sheet: str


def tiles_of_plugins(answers: Iterable[FigureAnswer]) -> tuple[Tile, ...]:
    """Those that are numbers, and those that are missing."""
    return tuple(
        Tile(
            told=each.named.meaning,
            value=_words(each.value),
            more=" · ".join(words for words in (_unit(each), remark(each)) if words),
            kind="warn" if each.lacks else "",
        )
        for each in answers
        if not isinstance(each.value, Table)
    )


def tables_of_plugins(answers: Iterable[FigureAnswer], sheets: dict[str, str]) -> tuple[FigureTable, ...]:
    """Those that are tables, each with the address of its sheet."""
    return tuple(
        FigureTable(
            title=say(each.named.meaning.title),
            meaning=say(each.named.meaning.meaning),
            contents=drawn_as((each.value,)),
            left_out=remark(each),
            sheet=sheets[each.named.name],
        )
        for each in answers
        if isinstance(each.value, Table)
    )


def remark(each: FigureAnswer) -> str:
    """What must be known of a figure: that it is missing, and why, or that it does not count everything."""
    if each.lacks == "grant":
        return gettext("This figure needs access that has not been granted in this town.")
    if each.lacks:
        return gettext("The plugin %(plugin)s cannot provide this figure at the moment.") % {
            "plugin": each.named.origin.name
        }
    if each.left_out:
        words = ngettext(
            "%(num)s request received earlier is left out.",
            "%(num)s requests received earlier are left out.",
            each.left_out,
        )
        return words % {"num": format_number(each.left_out)}
    return ""


def numbers_of_plugins(answers: Iterable[FigureAnswer]) -> Sheet:
    """All that are no tables, with their unit and who counts them."""
    headings = [gettext("Figure"), gettext("Value"), gettext("Unit"), gettext("Plugin"), gettext("Remark")]
    rows = [
        [say(each.named.figure.title), _cell(each.value), _unit(each), each.named.origin.name, remark(each)]
        for each in answers
        if not isinstance(each.value, Table)
    ]
    return Sheet(name=gettext("Figures from plugins"), headings=headings, rows=rows)


def table_of_plugin(title: str, table: Table) -> Sheet:
    """A figure that is a table, with a line that says how many rows are not there."""
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    if table.more:
        words = ngettext("%(num)s more row not shown.", "%(num)s more rows not shown.", table.more)
        rows.append([words % {"num": format_number(table.more)}])
    return Sheet(name=title, headings=[say(each) for each in table.columns], rows=rows)


def sheets_of_plugins(answers: tuple[FigureAnswer, ...]) -> Iterator[Sheet]:
    """The sheets of a workbook; each table is numbered, as no two sheets may have one name."""
    if any(not isinstance(each.value, Table) for each in answers):
        yield numbers_of_plugins(answers)
    tables = [(each, each.value) for each in answers if isinstance(each.value, Table)]
    for number, (each, table) in enumerate(tables, 1):
        name = f"{number}. {say(each.named.figure.title)}"[:LONGEST_NAME].rstrip("' ")
        yield table_of_plugin(name, table)


def _unit(each: FigureAnswer) -> str:
    if isinstance(each.value, Amount):
        return ""
    return say(each.named.figure.unit) if each.named.figure.unit and each.value is not None else ""


def _words(value: Number | None) -> str:
    match value:
        case None:
            return NOTHING
        case Amount():
            return format_money(value.cents)
    return format_number(value)


def _cell(value: Value | Number | None) -> Any:
    """A value as a cell of a sheet: numbers as numbers, amounts in dollars."""
    match value:
        case Amount():
            return value.cents / 100
        case int() | float():
            return value
        case datetime():
            return format_datetime(value)
        case date():
            return value.isoformat()
        case Text():
            return say(value)
        case RequestReference():
            return value.reference
    return value
