"""Proposals as people of the town see and decide them: all that one says is done at once, by their own rights."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import in_transaction_of_its_own
from parvis.db.tables import Row, ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.parts.together import page_before, part_kinds
from parvis.requests.records import Record, both_locked, record_of
from parvis.requests.relations.children import locked_with_the_whole
from parvis.requests.relations.ties import keep_tie, not_both, of_tie, ties_of, write_down
from parvis.requests.visibility import Viewer, may, mover_of
from parvis_proposals.granting import hearing, is_granted
from parvis_proposals.tables import PluginProposal
from parvis_sdk.events import Replied
from parvis_sdk.problems import Problems
from parvis_sdk.proposals import HAS_PAGE, Proposal
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

State = Literal["waiting", "accepted", "declined"]
DECIDED = Text(
    fr="Cette proposition a déjà été traitée, ou n’existe plus.",
    en="This proposal has already been decided, or no longer exists.",
)
NOT_YOURS = Text(
    fr="Vous n’avez pas le droit de faire cela pour cette requête.",
    en="You do not have permission to do this on this request.",
)
KEPT_AWAY = Text(
    fr="Vous n’avez pas accès à la requête d’où vient cette proposition.",
    en="You do not have access to the request that this proposal comes from.",
)
NOT_GRANTED = Text(
    fr="La portée de l’extension n’est plus autorisée\u00a0: cette proposition peut seulement être déclinée.",
    en="The plugin’s scope is no longer granted: this proposal can only be declined.",
)
GOES_ON = Text(
    fr="Cette requête a été fusionnée avec une autre\u00a0: cette proposition peut seulement être déclinée.",
    en="This request was merged with another: this proposal can only be declined.",
)
GONE = Text(fr="L’autre requête n’existe plus.", en="The other request no longer exists.")


class KeptProposal(Struct, frozen=True, kw_only=True):
    """A proposal as it stands: whose, the request because of which it was made, what it says, what became of it."""

    id: UUID
    plugin: str
    subscription: str
    request: UUID
    origin: UUID
    proposal: Proposal
    state: State
    proposed_at: datetime
    decided_name: str
    decided_at: datetime | None


class NotPossible(Exception):
    """Something that an accepted proposal says cannot be done; nothing of it is."""

    def __init__(self, why: Denied | Problems) -> None:
        self.why = why
        super().__init__(str(why))


def kept_of(row: dict[str, object]) -> KeptProposal:
    """The struct of one row."""
    names = [name for name in KeptProposal.__struct_fields__ if name != "proposal"]
    proposal = msgspec.json.decode(str(row["proposal"]), type=Proposal)
    return msgspec.convert({name: row[name] for name in names} | {"proposal": proposal}, KeptProposal)


async def proposals_of(record: Record) -> tuple[KeptProposal, ...]:
    """Those for a request and those because of it, what waits first, then the newest."""
    about = (PluginProposal.request == record.id) | (PluginProposal.origin == record.id)
    rows = await PluginProposal.select().where(about).order_by(PluginProposal.proposed_at, ascending=False).limit(50)
    return tuple(sorted(map(kept_of, rows), key=lambda each: each.state != "waiting"))


async def requests_of(ids: Sequence[UUID]) -> dict[UUID, Record]:
    """The requests of these ids, in one statement."""
    rows = await ServiceRequest.select().where(ServiceRequest.id.is_in(list(ids))) if ids else []
    return {row["id"]: record_of(row) for row in rows}


async def decide(
    host: Host, viewer: Viewer, record: Record, id: UUID, *, accept: bool, actor: Actor
) -> Record | Denied | Problems:
    """Accept a proposal and do all that it says, or decline it; where something of it cannot be done, it waits on."""
    try:
        made = partial(_decided, host, viewer, record, id, accept, actor)
        return await in_transaction_of_its_own(host.engine, made)
    except NotPossible as refused:
        return refused.why


async def _decided(host: Host, viewer: Viewer, record: Record, id: UUID, accept: bool, actor: Actor) -> Record:
    row = await PluginProposal.select().where((PluginProposal.id == id) & (PluginProposal.request == record.id)).first()
    if row is None:
        raise NotPossible(Denied(code="unknown", reason=DECIDED))
    kept = kept_of(row)
    origins = await requests_of([kept.origin])
    origin = origins.get(kept.origin)
    named = origin.reference if origin else ""
    await locked_with_the_whole(host, record.reference, named)
    here, other = await both_locked(host, record.reference, named)
    if here is None or here.erased_at is not None or other is None:
        raise NotPossible(Denied(code="unknown", reason=GONE))
    if not may(viewer, "work", here, host.jurisdictions):
        raise NotPossible(Denied(code="not_by_you", reason=NOT_YOURS))
    if is_kept_from(viewer, other):
        raise NotPossible(Denied(code="not_by_you", reason=KEPT_AWAY))
    if accept and here.merged_into is not None:
        raise NotPossible(Denied(code="not_possible", reason=GOES_ON))
    if accept and not await _still_granted(host, here.jurisdiction, kept):
        raise NotPossible(Denied(code="not_possible", reason=NOT_GRANTED))
    state = "accepted" if accept else "declined"
    said: Row = {"state": state, "decided_by": actor.id, "decided_name": actor.name, "decided_at": clock.now()}
    still = (PluginProposal.id == id) & (PluginProposal.state == "waiting")
    if not await PluginProposal.update(said).where(still).returning(PluginProposal.id):
        raise NotPossible(Denied(code="not_possible", reason=DECIDED))
    line = Line(kind=f"proposal_{state}", audience="internal", body={"plugin": kept.plugin})
    now = await _made(host, here, Change(line=line), actor)
    return await _done(host, viewer, now, other, kept.proposal, actor) if accept else now


def is_kept_from(viewer: Viewer, other: Record) -> bool:
    """Whether somebody is kept away from the request because of which something is proposed."""
    return viewer.id in other.excluded_agents


async def _still_granted(host: Host, town: str, kept: KeptProposal) -> bool:
    named = host.plugins.subscription(kept.subscription)
    return named is not None and await is_granted(town, hearing(named))


async def _done(host: Host, viewer: Viewer, here: Record, other: Record, wanted: Proposal, actor: Actor) -> Record:
    if wanted.tie:
        here = await _tied(host, viewer, here, other, actor)
    if wanted.move:
        mover = mover_of(viewer, here, host.jurisdictions)
        if mover is None:
            raise NotPossible(Denied(code="not_by_you", reason=NOT_YOURS))
        request_type = await type_of_record(host, here)
        step, town = request_type.workflow.transition(wanted.move), host.jurisdictions.jurisdiction(here.jurisdiction)
        if step is not None and page_before(part_kinds(host, town).values(), request_type, step):
            raise NotPossible(Denied(code="not_possible", reason=HAS_PAGE))
        plan = partial(plan_move, host, wanted.move, wanted.given, actor, mover, "")
        moved = await change_within(host, here.reference, plan, actor=actor)
        if not isinstance(moved, Record):
            raise NotPossible(moved if isinstance(moved, Denied | Problems) else Denied(code="unknown", reason=GONE))
        here = moved
    if wanted.message is not None:
        here = await _written(host, here, wanted.message, actor)
    return here


async def _tied(host: Host, viewer: Viewer, here: Record, other: Record, actor: Actor) -> Record:
    if refused := not_both(host, viewer, here, other):
        raise NotPossible(refused)
    if any(each.kind == "about" and each.record.id == other.id for each in await ties_of(here)):
        return here
    await keep_tie(here, "about", other, clock.now())
    now = await _made(host, here, Change(line=Line(kind="tied", audience="internal", **of_tie("about", other))), actor)
    await write_down(host, other, "tied", "about", now, actor)
    return now


async def _written(host: Host, here: Record, message: Text, actor: Actor) -> Record:
    async def plan(situation: Situation) -> Change:
        words = message.to(situation.record.language)
        line = Line(kind="reply", audience="requester", personal={"words": words})
        return Change(line=line, events=(Replied(**situation.about(actor), entry=situation.record.entries + 1),))

    return certainly(await change_within(host, here.reference, plan, actor=actor))


async def _made(host: Host, here: Record, change: Change, actor: Actor) -> Record:
    async def plan(situation: Situation) -> Change:
        return change

    return certainly(await change_within(host, here.reference, plan, actor=actor))
