"""Two reports of one thing made one: the first goes on with the second, and nobody who was told is told no more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db import transaction
from parvis.db.tables import Follower, ServiceRequest, Tie
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, certainly, change_within
from parvis.requests.declarations import declaration, type_of_record
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import arrival, retention_due_after
from parvis.requests.records import ENDED, Record, both_locked
from parvis.requests.relations.merged import JOINED, PARTED, known_by, told_of
from parvis.requests.relations.ties import NO_SUCH, end_tie, keep_tie, not_both, of_tie
from parvis.requests.visibility import Viewer, may
from parvis_merging.handing_over import hand_back, hand_over
from parvis_sdk.documents import Document
from parvis_sdk.events import Joined
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

GOES_ON = Text(
    fr="Cette requête est déjà fusionnée avec une autre.", en="This request is already merged with another one."
)
OTHER_GOES_ON = Text(
    fr="L’autre requête est elle-même fusionnée avec une troisième. Fusionnez celle-ci avec la troisième.",
    en="The other request is itself merged with a third one. Merge this one with the third.",
)
OVER = Text(
    fr="Seules des requêtes ouvertes peuvent être fusionnées. Liez-les plutôt («\u00a0Sur le même sujet\u00a0»).",
    en="Only open requests can be merged. Link them instead (“About the same subject”).",
)
HAS_PARTS = Text(
    fr="Cette requête ne peut pas être fusionnée, car elle a ses propres frais, avis ou "
    "inspections, ou une requête par propriétaire.",
    en="This request cannot be merged because it has its own fees, opinions or inspections, or one request per owner.",
)
AWAITED = Text(
    fr="Cette requête ne peut pas être fusionnée\u00a0: elle fait partie d’une autre, qui attend "
    "qu’elle soit terminée. Retirez d’abord ce lien.",
    en="This request cannot be merged: it is part of another one, which is waiting for it to be "
    "completed. Remove that link first.",
)
NO_PAGE = Text(
    fr="Des personnes suivent cette requête, et l’autre n’a pas de page publique. Fusionnez-les dans l’autre sens.",
    en="People follow this request, and the other one has no public page. Merge them the other way round.",
)
NOT_MERGED = Text(
    fr="Cette requête n’est fusionnée avec aucune autre.", en="This request is not merged with another one."
)


async def merge(
    host: Host, viewer: Viewer, reference: str, into: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Let a request go on with another report of the same thing.

    It is closed by the tie, where it stands in its workflow. Its words, files, people and key stay its own; those who
    follow it follow the other one, and its requester is told of the other's steps as they wish to be told.
    """
    async with transaction(host.engine):
        _, other = await both_locked(host, reference, into)
        plan = partial(plan_merge, host, viewer, other, actor)
        return await change_within(host, reference, plan, actor=actor, expected=expected)


async def part(
    host: Host, viewer: Viewer, reference: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Take a merged request apart again: it stands where it stood, with those who followed it."""
    async with transaction(host.engine):
        other = await locked_with_the_kept(host, reference)
        plan = partial(plan_parting, host, viewer, other, actor)
        return await change_within(host, reference, plan, actor=actor, expected=expected)


async def locked_with_the_kept(host: Host, reference: str) -> Record | None:
    """Inside a transaction: lock a request with the one that it goes on with, if there is any, and give that one."""
    rows = await Tie.raw(INTO, reference)
    return (await both_locked(host, reference, rows[0]["reference"]))[1] if rows else None


INTO = """
SELECT o.reference FROM service_request r JOIN service_request o ON o.id = r.merged_into WHERE r.reference = {}"""


async def refused(host: Host, viewer: Viewer, record: Record, other: Record | None) -> Denied | None:
    """Why the one does not go on with the other; None where it may."""
    request_type = await type_of_record(host, record)
    return hindered(host, viewer, record, request_type, other, await beside(host, [record]))


class Beside(Struct, frozen=True, kw_only=True):
    """What is known of requests that are to be merged into others: how many follow each, and which have or are parts.

    Those `awaited` are parts of one that waits, by the rule of its type, for what becomes of them.
    """

    followers: Mapping[UUID, int]
    divided: frozenset[UUID]
    awaited: frozenset[UUID]


async def beside(host: Host, records: Sequence[Record]) -> Beside:
    """The same for however many requests, in three statements."""
    ids = [record.id for record in records]
    followed = await Follower.select(Follower.request).where(
        Follower.request.is_in(ids), Follower.state.is_in(["asked", "active"])
    )
    either = Tie.one.is_in(ids) | Tie.other.is_in(ids)
    parts = await Tie.select(Tie.one, Tie.other).where((Tie.kind == "child_of") & either)
    waiting = await _waiting(host, [row["other"] for row in parts])
    return Beside(
        followers=Counter(row["request"] for row in followed),
        divided=frozenset(id for row in parts for id in (row["one"], row["other"])),
        awaited=frozenset(row["one"] for row in parts if row["other"] in waiting),
    )


async def _waiting(host: Host, wholes: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these requests with parts that have a rule for them."""
    if not wholes:
        return frozenset()
    columns = (ServiceRequest.id, ServiceRequest.declaration)
    rows = await ServiceRequest.select(*columns).where(ServiceRequest.id.is_in(list(wholes)))
    return frozenset([row["id"] for row in rows if (await declaration(host, row["declaration"])).children is not None])


def hindered(
    host: Host, viewer: Viewer, record: Record, request_type: RequestType, other: Record | None, near: Beside
) -> Denied | None:
    """The same with what was read beforehand, so that a thousand cost no more than one."""
    if other is None:
        return Denied(code="unknown", reason=NO_SUCH)
    if denied := not_both(host, viewer, record, other):
        return denied
    if record.merged_into is not None:
        return Denied(code="not_possible", reason=GOES_ON)
    if record.phase in ENDED:
        return Denied(code="not_possible", reason=OVER)
    if denied := not_kept(other):
        return denied
    if has_parts(request_type) or (request_type.children is not None and record.id in near.divided):
        return Denied(code="not_possible", reason=HAS_PARTS)
    if record.id in near.awaited:
        return Denied(code="not_possible", reason=AWAITED)
    if not other.public and record.public and near.followers.get(record.id):
        return Denied(code="not_possible", reason=NO_PAGE)
    return None


def not_kept(other: Record) -> Denied | None:
    """Why nothing goes on with this one."""
    if other.merged_into is not None:  # so nothing ever goes on with itself, however many are merged at once
        return Denied(code="not_possible", reason=OTHER_GOES_ON)
    return Denied(code="not_possible", reason=OVER) if other.phase in ENDED else None


def has_parts(request_type: RequestType) -> bool:
    """Whether more than steps and words belong to requests of this type, which would be left behind."""
    return any(not isinstance(part, Document) for part in request_type.parts)


async def plan_merge(
    host: Host, viewer: Viewer, other: Record | None, actor: Actor, here: Situation
) -> Change | Denied:
    """The change that lets a request go on with another one that is locked as well, or why it does not."""
    record = here.record
    if other is None:
        return Denied(code="unknown", reason=NO_SUCH)
    if denied := await refused(host, viewer, record, other):
        return denied
    now = told_of(other, await type_of_record(host, other), host)
    own, knows = await known_by(record, other)

    async def tie() -> None:
        moved = await hand_over(record, other)
        await keep_tie(record, "duplicate_of", other, here.at, msgspec.json.encode(moved).decode())

    return Change(
        line=Line(kind=JOINED, audience="requester", **of_tie("duplicate_of", other)),
        columns={
            "merged_into": other.id,
            "phase": Phase.CLOSED,
            "public": False,
            "timer_due_at": None,
            "retention_due_at": retention_due_after(here.request_type, here.at),
        },
        events=(Joined(**here.about(actor), did="joined", now=now, own=own, tell=not knows),),
        writes=(tie,),
        then=partial(_count, host, other, 1, JOINED, actor),
    )


async def plan_parting(
    host: Host, viewer: Viewer, other: Record | None, actor: Actor, here: Situation
) -> Change | Denied:
    """The change that takes a merged request apart from the one that is locked as well, or why it is not to be had."""
    record = here.record
    if other is None or record.merged_into != other.id:
        return Denied(code="not_possible", reason=NOT_MERGED)
    if not may(viewer, "work", record, host.jurisdictions) or not may(viewer, "work", other, host.jurisdictions):
        return Denied(code="not_by_you", reason=NO_SUCH)
    state = here.request_type.workflow.state(record.state)

    async def untie() -> None:
        gone = await end_tie("duplicate_of", record, other)
        await hand_back(record, other, msgspec.json.decode(gone["moved"], type=list[str]) if gone else ())

    columns: dict[str, Any] = {
        "merged_into": None,
        "phase": state.phase,
        "public": here.request_type.visibility.public
        and record.identity != "confidential"
        and record.hidden_at is None,
        "timer_due_at": arrival(here.request_type, here.town, state, here.at)["timer_due_at"],
        "retention_due_at": None,
    }
    return Change(
        line=Line(kind=PARTED, audience="requester", **of_tie("duplicate_of", other)),
        columns=columns,
        events=(Joined(**here.about(actor), did="parted", now=state.title),),
        writes=(untie,),
        then=partial(_count, host, other, -1, PARTED, actor) if other.erased_at is None else None,
    )


async def _count(host: Host, other: Record, more: int, what: str, actor: Actor, merged: Record) -> Record:
    async def plan(here: Situation) -> Change:
        line = Line(kind=f"{what}_by", audience="internal", **of_tie("duplicate_of", merged, taken=True))
        return Change(line=line, columns={"duplicates": here.record.duplicates + more})

    certainly(await change_within(host, other.reference, plan, actor=actor))
    return merged
