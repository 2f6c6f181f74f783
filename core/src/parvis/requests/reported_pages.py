"""What somebody reported of a public page: the module that keeps reports declares it, and is told the outcome."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.text import Text

Settled = Literal["hidden", "kept"]


class ReportedPage(Struct, frozen=True, kw_only=True):
    """One report that nobody has settled; `title` says in words what `why` is a code of."""

    why: str
    title: Text
    words: str
    at: datetime


class PageReports(Struct, frozen=True, kw_only=True):
    """How one owner answers what was reported of a request’s page, and notes, in a transaction, what a person decided.

    `counted_at` is the page of the desk that counts them: where nothing waits there, nothing is asked.
    """

    of: Callable[[Record], Awaitable[tuple[ReportedPage, ...]]]
    settle: Callable[[UUID, Settled, str, str], Awaitable[None]]
    counted_at: str


def keepers_of_reports(host: Host, town: Jurisdiction) -> tuple[PageReports, ...]:
    """Those of a town."""
    return host.modules.heard(PageReports, town)


async def reports_about(host: Host, town: Jurisdiction, record: Record) -> tuple[ReportedPage, ...]:
    """What was reported of the page of a request and waits for somebody of the town."""
    return tuple([report for keeper in keepers_of_reports(host, town) for report in await keeper.of(record)])


def settling(host: Host, request: UUID, how: Settled, why: str, by: str) -> tuple[Callable[[], Awaitable[None]], ...]:
    """What is written, inside the transaction, of the reports about a page: by all that are installed, on or off."""
    return tuple(partial(each.settle, request, how, why, by) for each in host.modules.heard(PageReports))
