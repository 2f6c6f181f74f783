"""All kinds of parts together: what a move brings about in them, which of their facts stand, how they are forgotten."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from parvis.requests.changing import Write
from parvis.requests.parts.documents import DOCUMENTS
from parvis.requests.parts.engine import Bringing, Brought, Engine
from parvis.requests.parts.fees import FEE
from parvis.requests.parts.inspections import INSPECTIONS
from parvis.requests.parts.obligations import OBLIGATIONS
from parvis.requests.parts.reviews import REVIEWS
from parvis.requests.parts.supplements import SUPPLEMENTS
from parvis.requests.parts.validity import VALIDITY
from parvis.requests.records import Record
from parvis_sdk.documents import Document
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Transition

ENGINES: dict[str, Engine] = {
    engine.part: engine for engine in (FEE, SUPPLEMENTS, REVIEWS, VALIDITY, OBLIGATIONS, INSPECTIONS, DOCUMENTS)
}


async def bring_about(bringing: Bringing, facts: Iterable[str]) -> Brought | Denied | Problems:
    """Plan every one of these facts, documents last; the first that cannot be had refuses them all."""
    writes: list[Write] = []
    came: dict[str, dict[str, Text]] = {}
    body: dict[str, Any] = {}
    for fact in sorted(facts, key=lambda name: name.startswith(f"{Document.part}.")):
        part, word = bringing.here.kind.part_of(fact)
        brought = await ENGINES[part.part].bring(bringing, part, word)
        if not isinstance(brought, Brought):
            return brought
        writes += brought.writes
        came |= brought.facts
        body |= brought.body
        for said in brought.facts.values():
            bringing.said.update(said)
    return Brought(writes=tuple(writes), facts=came, body=body)


async def end_parts(bringing: Bringing) -> tuple[Write, ...]:
    """Plan what becomes of every part of a request that is closed, or is of another type from now on."""
    writes: list[Write] = []
    for name in sorted({part.part for part in bringing.here.kind.parts()}):
        if (end := ENGINES[name].end) is not None:
            writes += await end(bringing)
    return tuple(writes)


async def standing_facts(record: Record, kind: RequestType) -> frozenset[str]:
    """Every fact that is true of the request now."""
    parts = {part.part for part in kind.parts()}
    return frozenset().union(*[await ENGINES[name].standing(record, kind) for name in sorted(parts)])


async def possible(record: Record, kind: RequestType, moves: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """Those of these moves for which every fact that they need stands now."""
    if not any(move.needs for move in moves):
        return moves
    standing = await standing_facts(record, kind)
    return tuple(move for move in moves if standing.issuperset(move.needs))


async def forget_parts(request: UUID) -> None:
    """Inside the unit of an erasure: what is personal in any part goes."""
    for engine in ENGINES.values():
        await engine.forget(request)
