"""What was granted for a time is reminded of, may be renewed, and ends by itself: the chore that sees to it."""

from functools import partial
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.db.tables import Row
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, Write
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening, retention_due
from parvis.requests.put_off import due
from parvis_grants import NAME
from parvis_grants.tables import Validity as ValidityRow
from parvis_grants.validity import keep, kept_validity_of
from parvis_grants.waking import wake_each
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import HOLDING, said_of, woken


async def expire(host: Host) -> int:
    """See to every validity to which time has brought something; how many requests changed."""
    return await wake_each(host, await due(host, ValidityRow, module=NAME), partial(_plan, host), _end_quietly)


async def _plan(host: Host, here: Situation) -> Change | None:
    # Judged anew under lock: it may have been renewed, or revoked, since we looked.
    declared = {each.code: each for each in here.request_type.of(Validity)}
    calendar = here.town.calendar
    facts: dict[str, dict[str, Text]] = {}
    writes: list[Write] = []
    for held in await kept_validity_of(here.record.id):
        if (validity := declared.get(held.code)) is None:  # of another type of request, before it was corrected
            await ValidityRow.update({ValidityRow.wake_at: None}).where(ValidityRow.id == held.id)
            continue
        became, words = woken(held, validity, calendar, here.at)
        facts |= {validity.fact(word): said_of(became, calendar) for word in words}
        writes.append(partial(keep, here.record.id, became, validity, calendar))
    if not facts:
        # Its moment has moved with the town's calendar: it must not stand first in line for ever.
        for write in writes:
            await write()
        return None
    planned = happening(host, here, facts, actor=SYSTEM, writes=tuple(writes))
    # What had to be kept while it held is kept as long again from now on.
    due = retention_due(here.request_type, here.request_type.workflow.state(here.record.state), here.at)
    return structs.replace(planned, columns={"retention_due_at": due}) if due else planned


async def _end_quietly(request: UUID) -> None:
    """Nothing is written to the history of an erased request any more, nor is anybody reminded."""
    table, now = ValidityRow, clock.now()
    theirs = table.request == request
    over: Row = {table.state: "expired", table.changed_at: now}
    await table.update(over).where(theirs & (table.until <= now) & table.state.is_in(list(HOLDING)))
    rows = await table.select().where(theirs)
    for row in rows:
        later = row["until"] if row["until"] and row["until"] > now else None
        await table.update({table.wake_at: later}).where(table.id == row["id"])
