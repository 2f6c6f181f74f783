"""Five thousand real building permits as requests of the past, and the figures that the file itself gives of them."""

import csv
import gzip
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs
from shapely.geometry import box

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.owners import OWNERS
from parvis_migration.importing import ImportedRequest, Step

FILE = Path(__file__).parent / "calgary-building-permits.csv.gz"
SOURCE = "calgary"
TOWN_TIME = ZoneInfo("America/Toronto")
AROUND = box(-114.4, 50.7, -113.7, 51.3)
WORK = {"Addition": "extension", "New": "new", "Demolition": "demolition"}
BUILDINGS = {
    "Single Family": "house",
    "Secondary Suites": "house",
    "Garage": "house",
    "Additional Dwelling": "house",
    "Swimming Pool": "house",
    "Two Family": "plex",
    "Townhouse": "plex",
    "Apartment": "multiple",
}


def rows(every: int = 1) -> Iterator[dict[str, str]]:
    """The lines of the file; with `every` 10, each tenth."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            if number % every == 0:
                yield row


def town_there(town: Jurisdiction) -> Jurisdiction:
    """The same town, where these permits are; it has no sectors there."""
    return OWNERS.put(structs.replace(town, boundary=AROUND, zones=()), ())


def permit(row: dict[str, str]) -> ImportedRequest:
    """One permit as it was: applied for, issued, completed."""
    applied = row["applieddate"]
    issued, completed = row["issueddate"], row["completeddate"]
    steps = [Step(at=_at(issued, 12), state="issued")] if issued else []
    if issued and completed and completed >= issued:
        steps.append(Step(at=_at(completed, 15), state="closed"))
    return ImportedRequest(
        key=row["permitnum"],
        type="construction",
        language="en",
        channel="counter",
        submitted_at=_at(applied, 9),
        answers=_answers(row),
        place={"lon": float(row["longitude"]), "lat": float(row["latitude"]), "address": row["originaladdress"]},
        steps=tuple(steps),
    )


def category(row: dict[str, str]) -> str:
    """What the work was, in the words of our form."""
    if row["permitclassgroup"] == "Swimming Pool":
        return "pool"
    if row["permitclassgroup"] == "Garage" and row["workclass"] == "New":
        return "accessory"
    return WORK.get(row["workclass"], "renovation")


def _answers(row: dict[str, str]) -> dict[str, Any]:
    kind = category(row)
    answers: dict[str, Any] = {
        "applicant": "owner",
        "building_kind": BUILDINGS.get(row["permitclassgroup"], "business"),
        "work_kind": kind,
        "description": row["description"] or row["permittype"],
    }
    if row["estprojectcost"] and float(row["estprojectcost"]) >= 1:
        answers["work_value"] = round(float(row["estprojectcost"]) * 100)
    area = round(float(row["totalsqft"] or 0) * 0.09290304)
    if kind in ("new", "extension", "accessory") and area:
        answers["floor_area"] = area
    return answers


def _at(day: str, hour: int) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), tzinfo=TOWN_TIME)


def counted(lines: list[dict[str, str]]) -> dict[str, dict[str, tuple[int, int, float | None, float | None]]]:
    """By month and by category: received, decided, median and nine in ten of the days, from the file alone."""
    return {
        "months": _table([(row["applieddate"][:7], row["issueddate"][:7], _days(row)) for row in lines]),
        "categories": _table(
            [(category(row), category(row) if row["issueddate"] else "", _days(row)) for row in lines]
        ),
    }


def _days(row: dict[str, str]) -> int:
    if not row["issueddate"]:
        return 0
    return (date.fromisoformat(row["issueddate"]) - date.fromisoformat(row["applieddate"])).days


def _table(lines: list[tuple[str, str, int]]) -> dict[str, tuple[int, int, float | None, float | None]]:
    came = Counter(received for received, _, _ in lines)
    done: dict[str, list[int]] = defaultdict(list)
    for _, decided, days in lines:
        if decided:
            done[decided].append(days)
    return {
        code: (came[code], len(done[code]), _quantile(done[code], 50), _quantile(done[code], 90))
        for code in sorted(came.keys() | done.keys())
    }


def _quantile(days: list[int], share: int) -> float | None:
    if len(days) < 2:
        return float(days[0]) if days else None
    return statistics.quantiles(days, n=100, method="inclusive")[share - 1]
