"""Taking back an assignment, a priority or a merge that is one’s own last word on a request, within the hour.

What a module wrote it takes back itself: it declares a `Reversal`.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.db import transaction
from parvis.requests.actors import Actor
from parvis.requests.amendments import plan_assignment
from parvis.requests.changing import ASIDE, Change, Conflict, Situation, change_within
from parvis.requests.history import Entry, entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, may
from parvis.requests.work.priorities import plan_priority
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

WITHIN = timedelta(hours=1)
NOTHING_TO_UNDO = Text(
    fr="Il n’y a rien à annuler\u00a0: la dernière action n’est pas la vôtre, ne s’annule pas, ou date de plus "
    "d’une heure.",
    en="There is nothing to undo: the last action was not yours, cannot be undone, or is more than an hour old.",
)


class Reversal(Struct, frozen=True, kw_only=True):
    """How a change is taken back that a module made: known by the kind of its `entry` in the history.

    `lock` is asked in the transaction, before the request is locked, in the order of all; `plan` judges and plans
    as for any change, also whether the person may.
    """

    entry: str
    lock: Callable[[Host, str], Awaitable[None]]
    plan: Callable[[Host, Viewer, Actor, Entry, Situation], Awaitable[Change | Denied | Problems]]


async def undo(
    host: Host, viewer: Viewer, reference: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Problems | Conflict:
    """Give a request back to its former responsible, or the priority that it had, before this person's last change; or
    let the module that made that change take it back.
    """
    async with transaction(host.engine):
        await lock_to_undo(host, reference)
        plan = partial(plan_undo, host, viewer, actor)
        return await change_within(host, reference, plan, actor=actor, expected=expected)


async def lock_to_undo(host: Host, reference: str) -> None:
    """In a transaction: lock a request together with whatever changes with it when its last change is taken back."""
    for each in host.modules.heard(Reversal):
        await each.lock(host, reference)


async def plan_undo(host: Host, viewer: Viewer, actor: Actor, here: Situation) -> Change | Denied | Problems:
    """The change that takes the last one back, or why it is not to be had.

    An agent who handed a request to a unit that they do not work for may take it back: their right over the earlier
    unit is what counts.
    """
    entries = await entries_of(here.record)
    last = next((entry for entry in reversed(entries) if entry.kind not in ASIDE), None)
    if last is None or not _is_theirs(last, actor, here):
        return Denied(code="not_possible", reason=NOTHING_TO_UNDO)
    found = (each for each in host.modules.heard(Reversal, here.town) if each.entry == last.kind)
    if (reversal := next(found, None)) is not None:
        return await reversal.plan(host, viewer, actor, last, here)
    if "priority_before" not in last.body and not _had(last):
        return Denied(code="not_possible", reason=NOTHING_TO_UNDO)
    had = structs.replace(here.record, unit=_had(last).get("unit", here.record.unit))
    if not may(viewer, "assign", had, host.jurisdictions):
        return Denied(code="not_by_you", reason=NOTHING_TO_UNDO)
    planned = (
        plan_priority(host, here, last.body["priority_before"])
        if last.kind == "priority"
        else _back(here, last, entries, actor)
    )
    if not isinstance(planned, Change):
        return planned
    line = structs.replace(planned.line, body={**planned.line.body, "undoes": last.number})
    return structs.replace(planned, line=line)


def _is_theirs(last: Entry, actor: Actor, here: Situation) -> bool:
    return (
        (last.actor.kind, last.actor.id) == (actor.kind, actor.id)
        and "undoes" not in last.body
        and here.at - last.at <= WITHIN
    )


def _had(last: Entry) -> dict[str, str]:
    """The unit and the person before an assignment."""
    before = last.body.get("before", {})
    return before if last.kind == "assigned" else {}


def _back(here: Situation, last: Entry, entries: tuple[Entry, ...], actor: Actor) -> Change | Problems:
    who = _had(last)["assignee"]
    names: list[Any] = [each.body.get("name") for each in entries if each.body.get("assignee") == who]
    name = str(names[0]) if who and names else ""
    return plan_assignment(here, _had(last)["unit"], UUID(who) if who else None, name, actor)
