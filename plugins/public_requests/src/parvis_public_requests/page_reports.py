"""Public pages that somebody reported: written down without a word about who did, settled by a person of the town."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition, Scope
from parvis.db import insert_values, transaction
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.reported_pages import ReportedPage, Settled
from parvis_public_requests.tables import PageReport as PageReportTable
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

Why = Literal["person", "insult", "false", "other"]
WHY: dict[str, Text] = {
    "person": Text(fr="Elle révèle des renseignements sur une personne", en="It reveals information about a person"),
    "insult": Text(fr="Elle contient des propos offensants", en="It contains offensive language"),
    "false": Text(fr="Elle contient une erreur", en="It contains an error"),
    "other": Text(fr="Autre raison", en="Another reason"),
}
MOST_WORDS, MOST_PATH, MOST = 1000, 300, 200
KEY = "page_report"  # of the turn that reports of a town take, one after the other
PRESSED_TWICE = timedelta(minutes=1)
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
    host: Host, town: Jurisdiction, page: str, record: Record | None, why: Why, words: str, language: str
) -> None:
    """Keep what somebody says of a public page; nothing of them. What is said twice by one button is kept once."""
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
    async with transaction(host.engine):
        await turn_of(host.engine, f"{KEY} {town.code}")
        if not await _was_said(row):
            await insert_values(PageReportTable, row)


async def _was_said(row: Row) -> bool:
    """Inside a transaction: whether the very same was just said, and nobody has settled it."""
    table = PageReportTable
    about = table.request.is_null() if row["request"] is None else table.request == row["request"]
    same = (table.jurisdiction == row["jurisdiction"]) & (table.page == row["page"]) & about & (table.settled == "")
    said = (table.why == row["why"]) & (table.words == row["words"]) & (table.made_at > row["made_at"] - PRESSED_TWICE)
    return bool(await table.exists().where(same & said))


async def open_reports(scope: Scope, limit: int = MOST) -> tuple[PageReport, ...]:
    """Those nobody has settled: about requests in this scope, and about pages of the town; the oldest first."""
    where, values = _within(scope)
    rows = await PageReportTable.raw(
        f"SELECT p.id, p.page, p.why, p.words, p.made_at, r.reference {where} ORDER BY p.made_at, p.id LIMIT {limit}",
        *values,
    )
    return tuple(_report(row) for row in rows)


def reports_waiting(scope: Scope, limit: int) -> Condition:
    """The query of page reports that wait, `limit` at most, to be counted."""
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


async def settle_report(host: Host, town: Jurisdiction, id: UUID, why: str, by: str) -> bool:
    """Say that nothing needs hiding, and why; what somebody has settled already stays as it is. False where there is
    no such report."""
    table = PageReportTable
    ours = (table.id == id) & (table.jurisdiction == town.code) & table.request.is_null()
    async with transaction(host.engine):
        await table.update(_settled("kept", why, by)).where(ours & (table.settled == ""))
        return bool(await table.exists().where(ours))


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
