"""The notes of an old system that stand one below the other in a cell, each with its date and, often, who wrote it."""

import re
from datetime import datetime

from msgspec import Struct

from parvis_migration.dates import read_moment

BEGINS = re.compile(
    r"""\s*[\[(]?
    (?P<at>\d{4}-\d{1,2}-\d{1,2}(?:[T\s]\s*\d{1,2}[:h]\d{2}(?::\d{2})?)?
      |\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\s+\d{1,2}\s?[:h]\s?\d{2}(?::\d{2})?)?)
    [\])]?\s*[-–—,:]?\s*
    (?:(?P<by>[^:\n]{2,60}?)\s*:\s+)?
    (?P<words>.*)""",
    re.VERBOSE,
)
LONGEST_NAME = 120


class OldNote(Struct, frozen=True, kw_only=True):
    """One note as it was written; `at` is None where nothing says when."""

    words: str
    at: datetime | None = None
    by: str = ""


def read_journal(cell: str, zone: str, *, day_first: bool, earliest: datetime, latest: datetime) -> tuple[OldNote, ...]:
    """The notes of a cell in their order. A line without a date goes on with the note above it.

    A date before the request came in, or one still to come, is none: its line stays as it was typed.
    """
    notes: list[OldNote] = []
    for line in cell.splitlines():
        found = BEGINS.fullmatch(line)
        at = read_moment(" ".join(found["at"].replace("T", " ").split()), zone, day_first=day_first) if found else None
        if found and at and earliest <= at <= latest:
            by = " ".join((found["by"] or "").split())[:LONGEST_NAME]
            notes.append(OldNote(words=found["words"].strip(), at=at, by=by))
        elif notes:
            last = notes.pop()
            notes.append(OldNote(words=f"{last.words}\n{line}".strip(), at=last.at, by=last.by))
        elif line.strip():
            notes.append(OldNote(words=line.strip()))
    return tuple(each for each in notes if each.words)
