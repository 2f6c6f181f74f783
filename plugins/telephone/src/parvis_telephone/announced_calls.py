"""Calls that a telephone system announces to one agent: taken on their page, kept with the request that comes of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import as_id
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text
from parvis_telephone.tables import AnnouncedCall as CallRow

RINGS = timedelta(minutes=10)  # that a call is offered on the page of whom it rings at
KEPT = timedelta(days=1)  # that a number without a request is kept
MOST_WORDS = 2000
ANNOUNCED = """
INSERT INTO telephone_call (id, jurisdiction, agent, number, call, recording, at) VALUES ({}, {}, {}, {}, {}, {}, {})
ON CONFLICT (jurisdiction, call) DO UPDATE SET agent = excluded.agent, number = excluded.number,
at = CASE WHEN excluded.agent = telephone_call.agent THEN telephone_call.at ELSE excluded.at END,
recording = CASE WHEN excluded.recording = '' THEN telephone_call.recording ELSE excluded.recording END
WHERE telephone_call.request IS NULL RETURNING id
"""


class IncomingCall(Struct, frozen=True, kw_only=True):
    """One call: whose number, at whom it rings, since when, and where its recording is kept."""

    id: UUID
    agent: str
    number: str
    recording: str
    at: datetime
    request: UUID | None = None


async def announce_call(
    host: Host, town: Jurisdiction, *, agent: str, number: str, call: str, recording: str = ""
) -> UUID | None:
    """Write down that a call rings at somebody; told again, it gets its recording, or rings at another agent.

    None where the call is kept with a request already: what belongs to a request is changed by no announcement.
    """
    async with transaction(host.engine):
        rows = await CallRow.raw(ANNOUNCED, new_id(), town.code, agent, number, call, recording, clock.now())
    return UUID(str(rows[0]["id"])) if rows else None


async def ringing(town: Jurisdiction, agent: str) -> IncomingCall | None:
    """The latest call that rings at an agent, or rang just now and came to nothing; one statement."""
    table = CallRow
    theirs = (table.jurisdiction == town.code) & (table.agent == agent) & table.request.is_null()
    recent = theirs & (table.at >= clock.now() - RINGS)
    row = await table.select().where(recent).order_by(table.at, ascending=False).first()
    return _call(row) if row else None


async def announced(town: Jurisdiction, agent: str, id: str) -> IncomingCall | None:
    """The call of that id, as long as it rings at this agent and belongs to no request yet."""
    identifier, table = as_id(id), CallRow
    if identifier is None:
        return None
    theirs = (table.id == identifier) & (table.jurisdiction == town.code) & (table.agent == agent)
    row = await table.select().where(theirs & table.request.is_null()).first()
    return _call(row) if row else None


async def calls_kept(request: UUID) -> tuple[IncomingCall, ...]:
    """The calls that belong to a request, the latest first; one statement."""
    rows = await CallRow.select().where(CallRow.request == request).order_by(CallRow.at, ascending=False)
    return tuple(map(_call, rows))


async def note_call(
    host: Host, reference: str, words: str, call: IncomingCall | None, *, actor: Actor
) -> Record | None:
    """Write what was said in a call into the story of a request, for colleagues, and keep the call with it.

    None where the call is kept with a request already, or nothing was said and none announced.
    """
    said = clean(words).strip()[:MOST_WORDS]

    async def plan(here: Situation) -> Change | None:
        if call is not None:
            unbound = (CallRow.id == call.id) & CallRow.request.is_null()
            if not await CallRow.exists().where(unbound):
                return None
        elif not said:
            return None
        return Change(
            line=Line(kind="call_noted", audience="internal", personal=_personal(said, call)),
            writes=(partial(_bind, call.id, here.record.id),) if call else (),
        )

    noted = await change(host, reference, plan, actor=actor)
    return noted if isinstance(noted, Record) else None


def _personal(said: str, call: IncomingCall | None) -> dict[str, object] | None:
    kept = call.recording if call else ""
    if not said and not kept:
        return None
    french = [*([said] if said else []), *([f"Enregistrement\u00a0: {kept}"] if kept else [])]
    english = [*([said] if said else []), *([f"Recording: {kept}"] if kept else [])]
    return {"note": Text(fr="\n".join(french), en="\n".join(english))}


async def _bind(call: UUID, request: UUID) -> None:
    await CallRow.update({CallRow.request: request}).where(CallRow.id == call)


async def forget_calls(host: Host) -> int:
    """Forget the numbers of calls of which no request came; how many there were."""
    table = CallRow
    async with transaction(host.engine):
        passed = table.request.is_null() & (table.at < clock.now() - KEPT)
        gone: Collection[Row] = await table.delete().where(passed).returning(table.id)
    return len(gone)


def _call(row: Row) -> IncomingCall:
    return IncomingCall(**{name: row[name] for name in IncomingCall.__struct_fields__})
