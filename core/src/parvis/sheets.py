"""What is taken away as a table: CSV and XLSX in which no cell can run."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

MARK = "\ufeff"  # without it, a well-known spreadsheet reads accents wrong
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def sheet(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The whole sheet as text.

    >>> sheet(["Lieu", "Nombre"], [["=1+1", -3]]).splitlines()[1]
    "'=1+1,-3"
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([guarded(heading) for heading in headings])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return MARK + written.getvalue()


def line_of(row: Sequence[Any]) -> str:
    """One line of a sheet that is written as it goes."""
    return sheet(row, ()).removeprefix(MARK)


def guarded(cell: Any) -> Any:
    """Words that a spreadsheet would take for a formula are marked as words; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(BEGINS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 31  # of a sheet
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
NARROWEST, WIDEST = 10, 60


class Sheet(Struct, frozen=True, kw_only=True):
    """One table: its name, its headings, its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Iterable[Sheet], title: str) -> bytes:
    """The whole file; rows go to the disk as they come, whatever their number."""
    import xlsxwriter  # imported only for a download

    written = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name.translate(FORBIDDEN)[:LONGEST_NAME])
            page.freeze_panes(1, 0)
            for number, heading in enumerate(sheet.headings):
                page.set_column(number, number, max(NARROWEST, min(WIDEST, len(heading) + 2)))
                page.write_string(0, number, heading, bold)
            for place, row in enumerate(sheet.rows, start=1):
                for number, cell in enumerate(row):
                    _write(page, place, number, cell)
    return written.getvalue()


def _write(page: Any, row: int, column: int, cell: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, int | float):
        page.write_number(row, column, cell)
    else:
        page.write_string(row, column, str(cell))
