"""What was told to those who have a mandate, written in the access log with the mandate: each disclosure once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Contact, Row
from parvis.outbox.deliveries import receiver_of
from parvis.requests.access_log import LogSubject, Told, log_told
from parvis.requests.contacts import person_in
from parvis.requests.host import Host
from parvis_mandates.mandates import Mandate, mandate_of
from parvis_mandates.tables import Mandate as MandateRow
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text

SETTLED = timedelta(seconds=30)  # what was told before is committed by now
FOR = Text(fr="{name}, au nom de {represented} ({kind})", en="{name}, on behalf of {represented} ({kind})")
ENDED = Text(fr="mandat terminé\u00a0: {who}", en="mandate ended: {who}")
HAND: Mapping[str, Told] = {"called": "told_call", "posted": "told_letter"}
# Read from the few mandates on, by the request of each: SQLite keeps the order of a CROSS JOIN.
BY_CHANNEL = """
SELECT m.*, r.reference, r.jurisdiction, d.lane AS how, d.done_at AS told_at
FROM mandates_mandate m CROSS JOIN delivery d JOIN service_request r ON r.id = m.request
WHERE d.request = m.request AND d.state = 'done' AND d.subscriber LIKE 'channel:%'
AND d.done_at > m.logged_to AND d.done_at <= {} ORDER BY d.done_at"""
BY_HAND = """
SELECT m.*, r.reference, r.jurisdiction, e.kind AS how, e.at AS told_at
FROM mandates_mandate m CROSS JOIN entry e JOIN service_request r ON r.id = m.request
WHERE e.request = m.request AND e.kind IN ('called', 'posted')
AND e.at > m.logged_to AND e.at <= {} ORDER BY e.at"""


class TownRequest(Struct, frozen=True, kw_only=True):
    """The request of a disclosure, as the access log names it."""

    id: UUID
    reference: str
    jurisdiction: str


async def log_disclosures(host: Host) -> int:
    """Write what channels delivered and people told since; how many disclosures there were."""
    until = clock.now() - SETTLED
    rows = [*await MandateRow.raw(BY_CHANNEL, until), *await MandateRow.raw(BY_HAND, until)]
    people = await _people({row["request"] for row in rows if row["how"] in HAND})
    written = 0
    for id in dict.fromkeys(row["id"] for row in rows):
        written += await _log(host, [row for row in rows if row["id"] == id], people, until)
    return written


async def _people(requests: Collection[UUID]) -> dict[UUID, Requester]:
    rows = await Contact.select().where(Contact.request.is_in(list(requests))) if requests else []
    return {row["request"]: person_in(row, "named") for row in rows}


async def _log(host: Host, rows: Sequence[Row], people: Mapping[UUID, Requester], until: datetime) -> int:
    """All of one mandate, once: nothing where another worker has written it meanwhile."""
    mandate, table = mandate_of(rows[0]), MandateRow
    unlogged = (table.id == mandate.id) & (table.logged_to == rows[0]["logged_to"])
    written = 0
    async with transaction(host.engine):
        if not await table.update({table.logged_to: until}).where(unlogged).returning(table.id):
            return 0
        for row in rows:
            person, by_hand = people.get(row["request"]), HAND.get(row["how"])
            if not (mandate.is_of(person) if by_hand else row["how"].rpartition(":")[2] in _receivers(mandate)):
                continue
            about = TownRequest(id=row["request"], reference=row["reference"], jurisdiction=row["jurisdiction"])
            await log_disclosure(host, about, mandate, by_hand or "told_message", row["told_at"])
            written += 1
    return written


def _receivers(mandate: Mandate) -> frozenset[str]:
    """The representative's addresses, as the lane of a delivery names its receiver."""
    addresses = (each for each in (mandate.email, mandate.phone) if each)
    return frozenset(receiver_of(each) for each in addresses)


async def log_disclosure(host: Host, request: LogSubject, mandate: Mandate, what: Told, at: datetime) -> None:
    """Inside a transaction: log one disclosure to the representative, with the mandate, and with its end if it was
    over.
    """
    town = host.jurisdictions.jurisdiction(request.jurisdiction)
    language = town.languages[0]
    kind = mandate.kind_title.to(language)
    who = FOR.format(name=mandate.name, represented=mandate.represented, kind=kind)
    if mandate.had_ended(town, at):
        who = ENDED.format(who=who)
    await log_told(request, what, str(mandate.id), who.to(language), at)
