"""Tying a request to another one by hand, as a part of it or about the same matter, and taking the tie away.

A part that is tied by hand counts for its whole as one does that the system made: what that means follows at once, in
the same transaction, and when it is untied as well. Nothing is ever undone by it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from parvis.db import transaction
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, certainly, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import planning_move
from parvis.requests.records import Record, both_locked, locked
from parvis.requests.relations.children import Outlook, follow_up, outlook, parts_of
from parvis.requests.relations.ties import NO_SUCH, end_tie, keep_tie, not_both, of_tie, ties_of, write_down
from parvis.requests.visibility import Viewer
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

HandTied = Literal["child_of", "about"]
TIED_ALREADY = Text(
    fr="Ce lien entre les deux requêtes existe déjà.", en="This link between the two requests already exists."
)
NOT_TIED = Text(
    fr="Ce lien entre les deux requêtes n’existe pas.", en="This link between the two requests does not exist."
)
PART_ALREADY = Text(
    fr="La requête fait déjà partie d’une autre, ou a elle-même des parties.",
    en="The request is already part of another one, or has parts of its own.",
)
NOT_A_WHOLE = Text(
    fr="L’autre requête fait elle-même partie d’une autre.", en="The other request is itself part of another one."
)
GOES_ON = Text(
    fr="L’une des deux est fusionnée avec une autre requête. Liez plutôt cette autre requête.",
    en="One of the two is merged with another request. Link that other request instead.",
)
Doing = Callable[[Record, Record, datetime], Awaitable[UUID | Denied | None]]
"""What is done about a tie: why not, or the request that stands for the other, where one of the two does."""


async def link(
    host: Host,
    viewer: Viewer,
    reference: str,
    kind: HandTied,
    other: str,
    *,
    actor: Actor,
    expected: int | None = None,
) -> Record | Denied | Conflict:
    """Say that one request is a part of another, or about the same matter; history tells it on both sides."""
    return await _both(host, viewer, reference, other, partial(_tie, kind), "tied", kind, actor, expected)


async def unlink(
    host: Host,
    viewer: Viewer,
    reference: str,
    kind: HandTied,
    other: str,
    *,
    actor: Actor,
    expected: int | None = None,
) -> Record | Denied | Conflict:
    """Take such a tie away, from whichever of the two."""
    return await _both(host, viewer, reference, other, partial(_untie, kind), "untied", kind, actor, expected)


async def not_tied(host: Host, viewer: Viewer, kind: HandTied, record: Record, other: Record | None) -> Denied | None:
    """Why these two are not to be tied so by this viewer; what they may not see is not there."""
    refused = not_both(host, viewer, record, other)
    return await _not_possible(kind, record, other) if refused is None and other is not None else refused


async def becomes_with(host: Host, whole: Record, part: Record) -> Outlook:
    """What would become by itself of a request of which another one is made a part."""
    return await outlook(host, whole, (*await parts_of(whole), part))


async def _both(
    host: Host,
    viewer: Viewer,
    reference: str,
    other: str,
    doing: Doing,
    what: str,
    kind: HandTied,
    actor: Actor,
    expected: int | None,
) -> Record | Denied | Conflict:
    whole: UUID | None = None
    async with transaction(host.engine):
        _, theirs = await both_locked(host, reference, other)

        async def plan(here: Situation) -> Change | Denied:
            nonlocal whole
            if theirs is None:
                return Denied(code="unknown", reason=NO_SUCH)
            if refused := not_both(host, viewer, here.record, theirs):
                return refused
            done = await doing(here.record, theirs, here.at)
            if isinstance(done, Denied):
                return done
            whole = done
            return Change(line=Line(kind=what, audience="internal", **of_tie(kind, theirs)))

        done = await change_within(host, reference, plan, actor=actor, expected=expected)
        if not isinstance(done, Record) or theirs is None:
            return done
        written = await write_down(host, theirs, what, kind, done, actor)
        if whole is None:
            return done
        await follow_up(host, written if whole == written.id else done, partial(planning_move, host))
        return certainly(await locked(host, reference))


async def _tie(kind: HandTied, record: Record, other: Record, at: datetime) -> UUID | Denied | None:
    if refused := await _not_possible(kind, record, other):
        return refused
    await keep_tie(record, kind, other, at)
    return other.id if kind == "child_of" else None


async def _not_possible(kind: HandTied, record: Record, other: Record) -> Denied | None:
    mine, theirs = await ties_of(record), await ties_of(other)
    reason: Text | None = None
    if any(each.kind == kind and each.record.id == other.id for each in mine):
        reason = TIED_ALREADY
    elif kind == "about":
        return None
    elif record.merged_into is not None or other.merged_into is not None:
        reason = GOES_ON
    elif any(each.kind == kind for each in mine):
        reason = PART_ALREADY
    elif any(each.kind == kind and each.ours for each in theirs):
        reason = NOT_A_WHOLE
    return Denied(code="not_possible", reason=reason) if reason is not None else None


async def _untie(kind: HandTied, record: Record, other: Record, at: datetime) -> UUID | Denied | None:
    gone = await end_tie(kind, record, other)
    if gone is None:
        return Denied(code="not_possible", reason=NOT_TIED)
    whole: UUID | None = gone["other"] if kind == "child_of" else None
    return whole
