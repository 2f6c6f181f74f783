"""How often a ready text of the town was put in a message that was sent, by text and day; nothing about anybody."""

from collections.abc import Collection
from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.host import Host
from parvis_canned_replies.tables import ReadyTextUse

DAYS = 90
COUNT = """
INSERT INTO ready_text_use (key, jurisdiction, code, day, times) VALUES ({}, {}, {}, {}, 1)
ON CONFLICT (key) DO UPDATE SET times = ready_text_use.times + 1"""
SUMMED = "SELECT code, SUM(times) AS times FROM ready_text_use WHERE jurisdiction = {} AND day > {} GROUP BY code"


async def count_used(host: Host, town: Jurisdiction, codes: Collection[str]) -> None:
    """Count each of these texts once more today."""
    if codes:
        day = local_day(town.calendar, clock.now()).isoformat()
        async with transaction(host.engine):
            for code in sorted(set(codes)):
                await ReadyTextUse.raw(COUNT, f"{town.code}/{code}/{day}", town.code, code, day)


async def used_lately(town: Jurisdiction) -> dict[str, int]:
    """How often in the last days, by code; one statement."""
    since = local_day(town.calendar, clock.now()) - timedelta(days=DAYS)
    rows = await ReadyTextUse.raw(SUMMED, town.code, since.isoformat())
    return {row["code"]: int(row["times"]) for row in rows}
