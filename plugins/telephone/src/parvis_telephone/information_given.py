"""Information given at the telephone or the counter: counted by type, zone, channel and day; nothing of anybody."""

import hashlib
from datetime import date

from parvis import clock
from parvis.db import NotUnique, insert_values, transaction
from parvis.db.tables import IdempotencyKey
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.host import Host
from parvis.requests.lists.module_figures import InformationCount
from parvis_sdk.requests import Channel
from parvis_telephone.tables import InformationGiven as InformedRow

COUNT = """
INSERT INTO informed (id, jurisdiction, type, zone, channel, day, given) VALUES ({}, {}, {}, {}, {}, {}, 1)
ON CONFLICT (jurisdiction, type, zone, channel, day) DO UPDATE SET given = informed.given + 1
"""
SUMMED = """
SELECT type, channel, SUM(given) AS given FROM informed
WHERE jurisdiction = {{}} AND day >= {{}} AND day <= {{}}{narrowed}
GROUP BY type, channel
"""


async def inform(
    host: Host, town: Jurisdiction, *, type: str = "", zone: str = "", channel: Channel = "phone", idempotency_key: str
) -> bool:
    """Count one answer today; False where the same press was counted already. `type` may be unknown."""
    now = clock.now()
    day = local_day(town.calendar, now).isoformat()
    key = hashlib.sha256(f"{town.code}\ninformed {idempotency_key}".encode("utf-8", "replace")).hexdigest()
    try:
        async with transaction(host.engine):
            await insert_values(
                IdempotencyKey, {"key": key, "digest": "", "reference": "", "at": now, "lasting": False}
            )
            await InformedRow.raw(COUNT, new_id(), town.code, type, zone, channel, day)
    except NotUnique:
        return False
    return True


async def informed_between(
    jurisdiction: str,
    since: date,
    until: date,
    types: tuple[str, ...] = (),
    *,
    zones: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
) -> tuple[InformationCount, ...]:
    """Everything counted from one day to another, both included, the most given first; one statement.

    Types, zones and channels that are left empty do not narrow.
    """
    narrowed, values = "", [jurisdiction, since.isoformat(), until.isoformat()]
    for column, codes in (("type", types), ("zone", zones), ("channel", channels)):
        if codes:
            narrowed += f" AND {column} IN ({', '.join(['{}'] * len(codes))})"
            values += codes
    rows = await InformedRow.raw(SUMMED.format(narrowed=narrowed), *values)
    found = [InformationCount(type=row["type"], channel=row["channel"], given=int(row["given"])) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.given, one.type, one.channel)))
