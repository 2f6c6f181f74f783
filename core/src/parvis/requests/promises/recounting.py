"""Clocks counted anew when what their levels depend on has changed, and the requester told if their date moves."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Literal

from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.clocks.clocks import Clock, clocks_of, keep_changed, levels_told, shown_of, under
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.levels.in_force import levels_in_force, terms_of
from parvis.requests.levels.terms import Terms, allowed
from parvis.requests.lifecycle import told_of
from parvis.requests.records import Record
from parvis_sdk.events import Rescheduled
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

Cause = Literal["priority", "zone"]
WHY: Mapping[Cause, Text] = {
    "priority": Text(
        fr="La priorité de votre requête a changé, et le délai avec elle.",
        en="The priority of your request has changed, and the delay with it.",
    ),
    "zone": Text(
        fr="L’endroit a été corrigé\u00a0: le délai est maintenant celui de ce secteur.",
        en="The place was corrected: the delay is now that of this area.",
    ),
}


async def recount(heart: Heart, cause: Cause, record: Record) -> Record:
    """Inside a unit: the clocks as the levels of the town now make them, in an entry of their own where any changes."""
    standing = await levels_in_force(heart, heart.territory.jurisdiction(record.jurisdiction))
    if not standing.version and not standing.body.rules:  # nothing that the town promises ever looks at either
        return record

    async def plan(here: Situation) -> Change | Record:
        clocks = await clocks_of(here.record.id)
        terms = await terms_of(heart, here.town, here.record.place, here.record.priority)
        anew = tuple(recounted(each, here.kind, here.town, terms, here.at) for each in clocks)
        changed = tuple(new for old, new in zip(clocks, anew, strict=True) if new != old)
        if not changed:
            return here.record
        promise = shown_of(anew)
        moved = told_of(here.record, promise)
        words = {"words": WHY[cause].to(here.record.language)} if moved else None
        return Change(
            line=Line(
                kind="promised" if moved else "recounted",
                audience="requester" if moved else "internal",
                body={"cause": cause, **levels_told(changed), **moved},
                personal=words,
            ),
            columns={"promised_at": promise.due_at, "promise": promise.state} if promise else {},
            events=(Rescheduled(**here.about(SYSTEM), entry=here.record.entries + 1),) if moved else (),
            writes=(partial(keep_changed, heart, here.town, clocks, anew),),
        )

    return certainly(await change_within(heart, record.reference, plan, actor=SYSTEM))


def recounted(clock: Clock, kind: RequestType, town: Jurisdiction, terms: Terms, now: datetime) -> Clock:
    """The clock under the level of its code as these terms make it; one that the type no longer has stays."""
    level = next((each for each in kind.service_levels if each.code == clock.code), None)
    if level is None:
        return clock
    wanted, because = allowed(level, kind.code, town, terms, clock.started_at)
    return clock if wanted == clock.allowance else under(clock, wanted, because, town.calendar, now)
