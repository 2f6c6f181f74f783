"""Freeing requests from parts whose module is off or was removed, so that no step waits for them for ever."""

from collections.abc import Iterator
from functools import reduce
from operator import or_

from piccolo.columns.combination import WhereRaw

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.module_use import declared_with, kinds_of_module, open_in
from parvis.requests.parts.together import FREED, away, freed_from, name_of, part_kinds
from parvis.requests.records import Record
from parvis.switches import Decision
from parvis_sdk.cleaning import clean
from parvis_sdk.parts import Part
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

BATCH = 200
MOST_WORDS = 500
NOTHING_AWAY = Text(
    fr="Rien ne bloque cette requête\u00a0: tous ses éléments sont en service, ou elle continue déjà sans eux.",
    en="Nothing blocks this request: all its parts are in use, or it already continues without them.",
)
NOT_FREED = (
    "NOT EXISTS (SELECT 1 FROM entry e WHERE e.request = service_request.id AND e.kind = {} "
    "AND e.body LIKE {} ESCAPE '!')"
)


async def holding(host: Host, town: Jurisdiction, record: Record, request_type: RequestType) -> tuple[Part, ...]:
    """The parts that nobody in the town looks after and that a request was not freed from yet."""
    known = part_kinds(host, town)
    freed = await freed_from(record.id, request_type, known)
    return tuple(part for part in away(request_type, known) if name_of(part) not in freed)


async def free(
    host: Host, reference: str, why: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Let a request go on without the parts that nobody looks after; who says so, and why, stands in its history.

    Their facts count as given from then on, and steps bring none of them about. Where their module is on again, they
    go on as they stood.
    """

    async def plan(here: Situation) -> Change | Denied:
        parts = await holding(host, here.town, here.record, here.request_type)
        if not parts:
            return Denied(code="not_possible", reason=NOTHING_AWAY)
        body = {"parts": [name_of(part) for part in parts]}
        words = {"words": clean(why).strip()[:MOST_WORDS]}
        return Change(line=Line(kind=FREED, audience="internal", body=body, personal=words))

    return await change(host, reference, plan, actor=actor, expected=expected)


async def free_switched_off(host: Host) -> int:
    """Free what is open from the parts of every module that somebody switched off, in their name and for their reason.

    How many requests were freed. Where the file of a town leaves a module out, nobody has said why: that is for a
    person to say on the request.
    """
    freed = 0
    for town, decision, words in _switched_off(host):
        by = Actor(kind="agent", name=decision.by)
        for reference in await _held_by(host, town, words):
            freed += isinstance(await free(host, reference, decision.why, actor=by), Record)
    return freed


def _switched_off(host: Host) -> Iterator[tuple[Jurisdiction, Decision, frozenset[str]]]:
    """Each module with kinds of part that somebody switched off in a town, with the words of these."""
    board = host.modules
    for town in host.jurisdictions.by_code.values():
        for each in board.registry.modules:
            said, words = board.said_of(town, each.name), kinds_of_module(host, each.name)
            if words and said is not None and town.modules is None and not board.of(town).has(each.name):
                yield town, said, words


async def _held_by(host: Host, town: Jurisdiction, words: frozenset[str]) -> list[str]:
    """Open requests of a town with a part of these kinds from which they were not freed yet, a batch of them."""
    held = [
        (ServiceRequest.declaration == digest) & WhereRaw(NOT_FREED, FREED, _named_in(part))
        for digest, request_type in await declared_with(host, town, words)
        for part in request_type.parts
        if part.part in words
    ]
    if not held:
        return []
    found = ServiceRequest.select(ServiceRequest.reference).where(open_in(town), reduce(or_, held))
    return [row["reference"] for row in await found.order_by(ServiceRequest.id).limit(BATCH)]


def _named_in(part: Part) -> str:
    """What the body of an entry that frees from a part is like."""
    return '%"' + name_of(part).replace("_", "!_") + '"%'
