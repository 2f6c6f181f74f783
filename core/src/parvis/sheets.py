"""Sheets to take away: CSV that spreadsheets open as it is, in which no cell can run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

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
