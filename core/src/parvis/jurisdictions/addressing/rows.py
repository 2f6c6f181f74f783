"""Reads the CSV files of a town's places: addresses, crossings, places without a number, other names."""

import csv
import io
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from parvis.jurisdictions.reading import Findings
from parvis.jurisdictions.shapes import is_turned

ADDRESS_COLUMNS = ("number", "street", "lon", "lat")
CROSSING_COLUMNS = ("street", "other_street", "lon", "lat")
PLACE_COLUMNS = ("name", "lon", "lat")
ALIAS_COLUMNS = ("name", "alias")
SHOWN_MISTAKES = 10
Row = tuple[list[str], float, float]


def read_rows(
    findings: Findings, path: Path, columns: Sequence[str], needed: str, more: Sequence[str] = ()
) -> Iterator[Row]:
    """The values of `columns` without lon and lat, then those of `more` (empty where there are none), and the point."""
    at = [name for name in columns if name not in ("lon", "lat")].index(needed)
    for line, values in read_lines(findings, path, columns, more):
        trouble = ""
        lon = lat = 0.0
        try:
            lon, lat = float(values[-2]), float(values[-1])
        except ValueError:
            trouble = f"'{values[-2]}', '{values[-1]}' is not a longitude and a latitude"
        if not values[at]:
            trouble = f"has no {needed}"
        elif not trouble and not (abs(lon) <= 180 and abs(lat) <= 90):
            trouble = f"{lon}, {lat} is not on Earth in degrees"
        elif not trouble and is_turned(lon, lat, findings.home):
            trouble = f"{lon}, {lat} has latitude before longitude"
        if trouble:
            line.wrong(trouble)
        else:
            yield values[:-2], lon, lat


class Lines:
    """The place in a file, and the mistakes told of it: the first ones one by one, the others counted."""

    def __init__(self, findings: Findings, path: Path) -> None:
        self.findings, self.path = findings, path
        self.number = 0
        self.mistakes = 0

    def wrong(self, what: str) -> None:
        self.mistakes += 1
        if self.mistakes <= SHOWN_MISTAKES:
            self.findings.add(self.path, f"line {self.number}", what, "correct or remove the line")

    def close(self) -> None:
        if self.mistakes > SHOWN_MISTAKES:
            more = self.mistakes - SHOWN_MISTAKES
            self.findings.add(self.path, "", f"has {more} more such lines", "correct or remove them")


def read_lines(
    findings: Findings, path: Path, columns: Sequence[str], more: Sequence[str] = ()
) -> Iterator[tuple[Lines, list[str]]]:
    """Each line's values in the order `columns` without lon and lat, `more`, then lon and lat as text if asked for."""
    text = findings.text_of(path) if path.is_file() else None
    if text is None:
        return
    lines = Lines(findings, path)
    reader = csv.reader(io.StringIO(text))
    titles = [title.strip() for title in next(reader, [])]
    if missing := [name for name in columns if name not in titles]:
        findings.add(path, "line 1", f"has no column {', '.join(missing)}", f"name the columns {', '.join(columns)}")
        return
    point = [name for name in ("lon", "lat") if name in columns]
    wanted = [*(name for name in columns if name not in point), *more, *point]
    # one empty value more at the end of each row: what a column that is not there gives
    pick = itemgetter(*(titles.index(name) if name in titles else -1 for name in wanted))
    least, most = max(titles.index(name) for name in columns) + 1, len(titles) + 1
    for row in reader:
        lines.number = reader.line_num
        if len(row) >= least:
            row += [""] * max(1, most - len(row))
            yield lines, [*map(str.strip, pick(row))]
        elif row:
            lines.wrong("has too few columns")
    lines.close()
