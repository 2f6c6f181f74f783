"""Workbooks to take away: XLSX with a sheet for each table, in which no cell can run and numbers stay numbers."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

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
    import xlsxwriter  # paid only by whoever takes one away

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
