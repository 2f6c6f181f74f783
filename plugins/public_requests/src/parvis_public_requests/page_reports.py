"""Public pages that somebody reported: written down without a word about who did, settled by a person of the town."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition, Scope
from parvis.db import insert_values, transaction
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.heart import Heart
from parvis.requests.records import Record
from parvis.requests.reported_pages import ReportedPage, Settled
from parvis_public_requests.tables import PageReport as PageReportTable
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

Why = Literal["person", "insult", "false", "other"]
WHY: dict[str, Text] = {
    "person": Text(fr="Elle renseigne sur une personne", en="It gives information about a person"),
    "insult": Text(fr="Elle contient des propos offensants", en="It contains offensive words"),
    "false": Text(fr="Elle contient une erreur", en="It contains a mistake"),
    "other": Text(fr="Autre raison", en="Another reason"),
}
MOST_WORDS, MOST_PATH, MOST = 1000, 300, 200
PUBLIC_PAGES = "/bureau/pages-publiques"  # where they are read
OPEN_FROM = (
    "FROM page_report p LEFT JOIN service_request r ON r.id = p.request WHERE p.jurisdiction = {} AND p.settled = ''"
)


class PageReport(Struct, frozen=True, kw_only=True):
    """One report that is still open; `reference` where it is about the page of a request."""

    id: UUID
    page: str
    reference: str
    why: str
    words: str
    made_at: datetime


async def report_page(
    heart: Heart, town: Jurisdiction, page: str, record: Record | None, why: Why, words: str, language: str
) -> None:
    """Keep what somebody says of a public page; nothing of them."""
    row = {
        "id": new_id(),
        "jurisdiction": town.code,
        "page": page[:MOST_PATH],
        "request": record.id if record else None,
        "why": why,
        "words": clean(words).strip()[:MOST_WORDS],
        "language": language,
        "made_at": clock.now(),
        "settled": "",
        "settled_at": None,
        "settled_by": "",
        "settled_why": "",
    }
    async with transaction(heart.engine):
        await insert_values(PageReportTable, row)


async def open_reports(scope: Scope, limit: int = MOST) -> tuple[PageReport, ...]:
    """Those nobody has settled: about requests in this scope, and about pages of the town; the oldest first."""
    where, values = _within(scope)
    rows = await PageReportTable.raw(
        f"SELECT p.id, p.page, p.why, p.words, p.made_at, r.reference {where} ORDER BY p.made_at, p.id LIMIT {limit}",
        *values,
    )
    return tuple(_report(row) for row in rows)


def reports_waiting(scope: Scope, limit: int) -> Condition:
    """The query of them, `limit` at most, for whoever counts."""
    where, values = _within(scope)
    return f"SELECT p.id {where} LIMIT {limit}", values


async def reports_of(record: Record) -> tuple[ReportedPage, ...]:
    """Those about one request that nobody has settled."""
    same = (PageReportTable.request == record.id) & (PageReportTable.settled == "")
    rows = await PageReportTable.select().where(same).order_by(PageReportTable.made_at, PageReportTable.id)
    return tuple(told(_report(row | {"reference": record.reference})) for row in rows)


def told(report: PageReport) -> ReportedPage:
    """A report as the page of a request tells it."""
    return ReportedPage(why=report.why, title=WHY[report.why], words=report.words, at=report.made_at)


async def settle_report(heart: Heart, town: Jurisdiction, id: UUID, why: str, by: str) -> bool:
    """Say that nothing needs hiding, and why; False where somebody has settled it already."""
    table = PageReportTable
    mine = (table.id == id) & (table.jurisdiction == town.code) & (table.settled == "") & table.request.is_null()
    async with transaction(heart.engine):
        return bool(await table.update(_settled("kept", why, by)).where(mine).returning(table.id))


async def settle_of(request: UUID, how: Settled, why: str, by: str) -> None:
    """Inside a transaction: what was reported about a request is settled."""
    same = (PageReportTable.request == request) & (PageReportTable.settled == "")
    await PageReportTable.update(_settled(how, why, by)).where(same)


def _settled(how: str, why: str, by: str) -> Row:
    words = clean(why).strip()[:MOST_WORDS]
    return {"settled": how, "settled_at": clock.now(), "settled_by": by[:120], "settled_why": words}


def _within(scope: Scope) -> tuple[str, list[Any]]:
    condition, values = scope.condition("r", walked=False)
    return f"{OPEN_FROM} AND (p.request IS NULL OR ({condition}))", [scope.jurisdiction, *values]


def _report(row: Row) -> PageReport:
    return PageReport(
        id=row["id"] if isinstance(row["id"], UUID) else UUID(str(row["id"])),
        page=row["page"],
        reference=row["reference"] or "",
        why=row["why"],
        words=row["words"],
        made_at=row["made_at"],
    )
