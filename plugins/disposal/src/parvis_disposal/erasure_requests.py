"""Erasure because a person asks: what may go, what a rule keeps until when; proposed by one, approved by another.

Nothing is erased before a second person of the town has approved it, nor for somebody whose address was not verified.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import held, insert, transaction
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.requests.actors import VERIFIED, Actor
from parvis.requests.changing import AlreadyErased
from parvis.requests.declarations import declaration
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.keeping.retention import erase, may_go, unsettled
from parvis.requests.records import Record, as_json
from parvis_disposal.destruction import served
from parvis_disposal.tables import ErasureProposal
from parvis_sdk.request_types import Retention
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

Standing = Literal["goes", "under_way", "needed", "kept"]
"""It may go; it has not come to its end; something else still needs it; its rule keeps it."""


class ErasureVerdict(Struct, frozen=True, kw_only=True):
    """One request of the person: whether it may go, and by which rule it is kept until when."""

    record: Record
    title: Text
    standing: Standing
    rule: Retention
    until: datetime | None


class Proposal(Struct, frozen=True, kw_only=True):
    """What somebody of the town has proposed to erase, and what another one has decided."""

    id: UUID
    request: UUID
    listed: tuple[str, ...]
    around: bool
    email: str
    proposed_by: str
    proposed_name: str
    proposed_at: datetime
    state: str
    decided_by: str
    decided_name: str
    decided_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.state == "waiting"


async def judge(host: Host, records: Sequence[Record]) -> tuple[ErasureVerdict, ...]:
    """What becomes of each of these when its person asks for erasure; those already erased are left out."""
    there = [each for each in records if each.erased_at is None]
    needed = await unsettled(host, [each.id for each in there])
    now, judged = clock.now(), []
    for record in there:
        request_type = await declaration(host, record.declaration)
        standing: Standing = "goes" if may_go(record, request_type, now, "asked") else "kept"
        if record.phase is not Phase.CLOSED:
            standing = "under_way"
        elif record.id in needed:
            standing = "needed"
        until = record.retention_due_at if standing == "kept" else None
        judged.append(
            ErasureVerdict(
                record=record, title=request_type.title, standing=standing, rule=request_type.retention, until=until
            )
        )
    return tuple(judged)


async def verified_address(record: Record, email: str) -> bool:
    """Whether the person showed that this address is theirs when they asked; another one written since is not."""
    entries = await entries_of(record)
    if not email or entries[0].actor != VERIFIED:
        return False
    for entry in entries:
        if entry.kind != "contact":
            continue
        changed = entry.personal or {}
        before = (changed.get("before") or {}).get("contact") or {}
        if _email(before) != _email(changed.get("contact") or {}) or not changed:
            return False
    return True


def _email(contact: dict[str, Any]) -> str:
    return str(contact.get("email") or "").strip().lower()


async def propose(
    host: Host, record: Record, wanted: Iterable[str], *, around: bool, email: str, actor: Actor
) -> Proposal:
    """Write down what is to go; it waits for another person, in place of what waited before."""
    row: Row = {
        "id": new_id(),
        "request": record.id,
        "listed": as_json(list(wanted)),
        "around": around,
        "email": email,
        "proposed_by": actor.id[:60],
        "proposed_name": actor.name[:120],
        "proposed_at": clock.now(),
        "state": "waiting",
    }
    async with transaction(host.engine):
        waits = (ErasureProposal.request == record.id) & (ErasureProposal.state == "waiting")
        await ErasureProposal.update({ErasureProposal.state: "replaced"}).where(waits)
        await insert(ErasureProposal(**row))
    return _proposal(row | {"decided_by": "", "decided_name": "", "decided_at": None})


async def proposals_of(record: Record) -> tuple[Proposal, ...]:
    """What was proposed for a person's request, the latest first."""
    rows = (
        await ErasureProposal.select()
        .where((ErasureProposal.request == record.id) & (ErasureProposal.state != "replaced"))
        .order_by(ErasureProposal.proposed_at, ascending=False)
        .order_by(ErasureProposal.id, ascending=False)
    )
    return tuple(map(_proposal, rows))


async def decide(host: Host, proposal: Proposal, *, approved: bool, actor: Actor) -> bool:
    """Approve or refuse what waits, once, and never approve what one has proposed oneself; whether it was decided."""
    table = ErasureProposal
    async with transaction(host.engine):
        rows = await held(table.select(table.state, table.proposed_by).where(table.id == proposal.id), host.engine)
        if not rows or rows[0]["state"] != "waiting" or (approved and rows[0]["proposed_by"] == actor.id):
            return False
        decided: dict[Any, Any] = {
            table.state: "approved" if approved else "refused",
            table.decided_by: actor.id[:60],
            table.decided_name: actor.name[:120],
            table.decided_at: clock.now(),
        }
        await table.update(decided).where(table.id == proposal.id)
    return True


async def carry_out(host: Host, town: str, references: Collection[str], *, actor: Actor) -> tuple[str, ...]:
    """Erase the approved requests, each judged once more under lock; returns the references erased.

    Switching disposal off in the town stops a run that has begun.
    """
    gone = []
    for reference in references:
        await host.modules.look()
        if not served(host, [town]):
            break
        try:
            erased = await erase(host, reference, actor=actor, only="asked")
        except AlreadyErased:
            continue
        if erased is not None:
            gone.append(reference)
    return tuple(gone)


async def finished(host: Host, proposal: Proposal) -> None:
    """What was approved has been carried out; until then it can be gone on with."""
    async with transaction(host.engine):
        await ErasureProposal.update({ErasureProposal.state: "done"}).where(ErasureProposal.id == proposal.id)


def _proposal(row: dict[str, Any]) -> Proposal:
    return msgspec.convert({**row, "listed": msgspec.json.decode(row["listed"])}, Proposal)
