"""Freeing requests from parts whose module is off or was removed, so that no step waits for them for ever."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import timedelta

from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.declarations import declaration
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.parts.freed import FREED, away, freed_from, name_of
from parvis.requests.parts.together import part_kinds
from parvis.requests.records import Record
from parvis.switches import Decision
from parvis.territory import Jurisdiction
from parvis_sdk.cleaning import clean
from parvis_sdk.parts import Part
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

BATCH = 200
MOST_WORDS = 500
KNOWN_EVERYWHERE = timedelta(minutes=1)  # by then no process makes a request by an older decision
NOTHING_AWAY = Text(
    fr="Rien ne retient cette requête\u00a0: toutes ses pièces sont en service, ou elle continue déjà sans elles.",
    en="Nothing holds this request: all its parts are in use, or it goes on without them already.",
)
NOT_FREED = "NOT EXISTS (SELECT 1 FROM entry e WHERE e.request = service_request.id AND e.kind = {} AND e.at >= {})"


@dataclass(frozen=True)
class SeenTo:
    """The decisions after which this process found no request left to free, each by town and module."""

    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)


async def holding(heart: Heart, town: Jurisdiction, record: Record, kind: RequestType) -> tuple[Part, ...]:
    """The parts that nobody in the town looks after and that a request was not freed from yet."""
    known = part_kinds(heart, town)
    freed = await freed_from(record.id, kind, known)
    return tuple(part for part in away(kind, known) if name_of(part) not in freed)


async def free(
    heart: Heart, reference: str, why: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Let a request go on without the parts that nobody looks after; who says so, and why, stands in its history.

    Their facts count as given from then on, and steps bring none of them about. Where their module is on again, they
    go on as they stood.
    """

    async def plan(here: Situation) -> Change | Denied:
        parts = await holding(heart, here.town, here.record, here.kind)
        if not parts:
            return Denied(code="not_possible", reason=NOTHING_AWAY)
        body = {"parts": [name_of(part) for part in parts]}
        words = {"words": clean(why).strip()[:MOST_WORDS]}
        return Change(line=Line(kind=FREED, audience="internal", body=body, personal=words))

    return await change(heart, reference, plan, actor=actor, expected=expected)


async def free_switched_off(heart: Heart) -> int:
    """Free what is open from the parts of every module that somebody switched off, in their name and for their reason.

    How many requests were freed. Where the file of a town leaves a module out, nobody has said why: that is for a
    person to say on the request.
    """
    freed, seen = 0, heart.of(SeenTo)
    async for town, decision, words in _switched_off(heart):
        open_ones = await _held_by(heart, town, decision, words)
        by = Actor(kind="agent", name=decision.by)
        for reference in open_ones:
            freed += isinstance(await free(heart, reference, decision.why, actor=by), Record)
        if len(open_ones) < BATCH and decision.at <= clock.now() - KNOWN_EVERYWHERE:
            seen.decisions[town.code, decision.module] = decision
    return freed


async def _switched_off(heart: Heart) -> AsyncIterator[tuple[Jurisdiction, Decision, frozenset[str]]]:
    board, seen = heart.modules, heart.of(SeenTo)
    for town in heart.territory.jurisdictions.values():
        for each in board.registry.modules:
            said = board.said_of(town, each.name)
            is_off = said is not None and town.modules is None and not board.of(town).has(each.name)
            if said is None or not is_off or seen.decisions.get((town.code, each.name)) == said:
                continue
            if words := frozenset(kind.word for kind in board.registry.part_kinds({each.name})):
                yield town, said, words


async def _held_by(heart: Heart, town: Jurisdiction, decision: Decision, words: Collection[str]) -> list[str]:
    """Open requests of a town with parts of these kinds that were not freed since the decision, a batch of them."""
    table = ServiceRequest
    is_open = (table.jurisdiction == town.code) & (table.phase != Phase.CLOSED.value) & table.erased_at.is_null()
    rows = await table.select(table.declaration).where(is_open).group_by(table.declaration)
    kinds = [(row["declaration"], await declaration(heart, row["declaration"])) for row in rows]
    digests = [digest for digest, kind in kinds if any(part.part in words for part in kind.parts)]
    if not digests:
        return []
    not_freed = WhereRaw(NOT_FREED, FREED, decision.at)
    found = table.select(table.reference).where(is_open & table.declaration.is_in(digests), not_freed)
    return [row["reference"] for row in await found.order_by(table.id).limit(BATCH)]
