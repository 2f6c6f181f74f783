"""Open data: the public requests of a year as rows that tell what their public pages tell, each column explained.

Days are told, no hours; a service of which too few came in the year is left out, for so few would say more about people
than about the town.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis.db.replica import may_be_behind
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.clocks.measures import A_DAY
from parvis.sheets import MARK, line_of
from parvis_dashboards.published import LEAST
from parvis_sdk.text import Text

NOBODY = UUID(int=0)
TOGETHER = 1000
SEEN = "jurisdiction = {} AND public AND erased_at IS NULL AND submitted_at >= {} AND submitted_at < {}"
ENOUGH = f"SELECT type, COUNT(*) AS requests FROM service_request WHERE {SEEN} GROUP BY type"  # noqa: S608 - ours
ROWS = f"""
SELECT id, reference, type, phase, public_zone, public_lon, public_lat, submitted_at, closed_at, took
FROM service_request WHERE {SEEN} AND (submitted_at > {{}} OR (submitted_at = {{}} AND id > {{}}))
AND type IN ({{types}}) ORDER BY submitted_at, id LIMIT {TOGETHER}"""  # noqa: S608 - ours


class Column(Struct, frozen=True, kw_only=True):
    """One column of the file: its name, and what it holds."""

    code: str
    meaning: Text


COLUMNS = tuple(
    Column(code=code, meaning=Text(fr=fr, en=en))
    for code, fr, en in (
        ("reference", "Numéro de la requête, celui de sa page publique.", "Its number, that of its public page."),
        ("service", "Code du service, qui ne change jamais.", "The code of the service, which never changes."),
        ("service_fr", "Nom du service en français.", "The name of the service in French."),
        ("service_en", "Nom du service en anglais.", "The name of the service in English."),
        (
            "phase",
            "Où en est la requête\u00a0: received, in_progress, waiting_for_you, decided ou closed.",
            "Where it stands: received, in_progress, waiting_for_you, decided or closed.",
        ),
        ("zone", "Code du secteur, vide s’il n’est pas public.", "The code of the zone; empty where it is not public."),
        (
            "longitude",
            "Degrés (WGS\u00a084), arrondis comme sur la page publique.",
            "Degrees (WGS 84), rounded as on the public page.",
        ),
        (
            "latitude",
            "Degrés (WGS\u00a084), arrondis comme sur la page publique.",
            "Degrees (WGS 84), rounded as on the public page.",
        ),
        ("received_on", "Jour de la réception, à la Ville.", "The day on which it was received, in the town."),
        (
            "closed_on",
            "Jour de la fermeture, vide si elle est ouverte.",
            "The day it was closed; empty where it is open.",
        ),
        (
            "business_days",
            "Jours ouvrables de la réception à ce qui était promis, sinon à la fermeture.",
            "Business days from reception to what was promised, else to the closing.",
        ),
    )
)


async def open_data(town: Jurisdiction, services: Mapping[str, Text], year: int) -> AsyncIterator[str]:
    """The file, a piece at a time, however long it is; `services` are those that have public pages."""
    zone = ZoneInfo(town.time_zone)
    begins, ends = (datetime.combine(date(each, 1, 1), time(), zone) for each in (year, year + 1))
    seen = [town.code, begins, ends]
    yield MARK + line_of([column.code for column in COLUMNS])
    with may_be_behind():
        counted = await ServiceRequest.raw(ENOUGH, *seen)
    types = sorted(row["type"] for row in counted if row["requests"] >= LEAST and row["type"] in services)
    async for rows in _pages(seen, types):
        yield "".join(line_of(_cells(town, services, row)) for row in rows)


async def _pages(seen: list[Any], types: Collection[str]) -> AsyncIterator[list[dict[str, Any]]]:
    sql = ROWS.format(*["{}"] * 6, types=", ".join(["{}"] * len(types)))
    after: tuple[Any, Any] = (datetime(1900, 1, 1, tzinfo=UTC), NOBODY)
    while types:
        with may_be_behind():
            rows = await ServiceRequest.raw(sql, *seen, after[0], *after, *types)
        if rows:
            yield rows
        if len(rows) < TOGETHER:
            return
        after = (rows[-1]["submitted_at"], rows[-1]["id"])


def _cells(town: Jurisdiction, services: Mapping[str, Text], row: Mapping[str, Any]) -> list[Any]:
    named = services[row["type"]]
    return [
        row["reference"],
        row["type"],
        named.to("fr"),
        named.to("en"),
        row["phase"],
        row["public_zone"],
        row["public_lon"],
        row["public_lat"],
        local_day(town.calendar, row["submitted_at"]).isoformat(),
        local_day(town.calendar, row["closed_at"]).isoformat() if row["closed_at"] else "",
        None if row["took"] is None else round(row["took"] / A_DAY, 1),
    ]
