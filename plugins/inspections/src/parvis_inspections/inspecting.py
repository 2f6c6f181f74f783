"""Planning visits: asked for, given a day and somebody, moved, cancelled, found needless; the requester is told."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Plan, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.parts.part_kinds import about
from parvis.requests.records import Record, as_json
from parvis_inspections.slots import Slot, slot_words
from parvis_inspections.visits import (
    Visit,
    Wishes,
    declared,
    keep_new_visit,
    keep_visit,
    new_row,
    settle_former,
    visits_of,
)
from parvis_sdk.cleaning import clean
from parvis_sdk.days import weekday_text
from parvis_sdk.events import Received
from parvis_sdk.inspection_rules import FIRST, NOT_ASKED, NOT_NOW, NOT_OPEN, PASSED, lacking, last_found
from parvis_sdk.inspections import Inspection
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS = 1000
MOST_TIMES = 3

NOT_THERE = Text(fr="Cette visite n’existe pas.", en="This visit does not exist.")
NOT_PLANNED = Text(fr="Cette visite n’est pas prévue.", en="This visit is not planned.")
WISHED = Text(fr="{title}\u00a0: moments proposés", en="{title}: times suggested")


class VisitConflict(Struct, frozen=True, kw_only=True):
    """Somebody changed the visit since a person looked at it: how it stands now."""

    visit: Visit


async def ask(
    host: Host, reference: str, code: str, wishes: Wishes, *, actor: Actor = REQUESTER
) -> Record | Denied | Conflict:
    """As the requester: want a visit, or say when one that is wanted already would suit."""
    wishes = Wishes(times=wishes.times[:MOST_TIMES], words=clean(wishes.words).strip()[:MOST_WORDS])

    async def plan(here: Situation) -> Change | Denied:
        part, visits = declared(here.request_type, code), await visits_of(here.record.id)
        if part is None:
            return no(NOT_THERE)
        still = next((visit for visit in visits if visit.code == code and visit.is_open), None)
        personal = {"note": structs.asdict(_said(part, wishes))}
        if still is not None:
            return Change(
                line=Line(kind="received", audience="requester", body={"inspection": code}, personal=personal),
                events=(Received(**here.about(actor), entry=here.record.entries + 1),),
                writes=(partial(keep_visit, still, here.at, {"wishes": as_json(wishes)}),),
            )
        if refused := may_ask(part, here.record, visits):
            return refused
        row = new_row(here, part, asked=True, wishes=as_json(wishes))
        facts, body = about(part, "wanted"), {"inspection": code}
        writes = (partial(keep_new_visit, row),)
        return happening(host, here, facts, actor=actor, writes=writes, body=body, personal=personal)

    return await change(host, reference, plan, actor=actor)


def may_ask(part: Inspection, record: Record, visits: Sequence[Visit]) -> Denied | None:
    """Why the requester cannot ask for a visit of this kind now; None when they can."""
    if not part.on_request:
        return no(NOT_ASKED)
    here = record.state in part.during if part.during else record.phase is not Phase.CLOSED
    if not here or record.erased_at is not None:
        return no(NOT_NOW)
    if last_found(part.code, visits) == "passed":
        return no(PASSED)
    return None


async def plan_visit(
    host: Host,
    visit: Visit,
    reference: str,
    slot: Slot,
    *,
    inspector: UUID | None,
    inspector_name: str = "",
    reason: str = "",
    actor: Actor,
) -> Record | Denied | VisitConflict | Conflict:
    """Give a visit a day and somebody, or others; `visit` is as the person saw it."""

    async def plan(here: Situation, now: Visit, part: Inspection) -> Change | Denied:
        if not now.is_open:
            return no(NOT_OPEN)
        if first := lacking(part, await visits_of(here.record.id)):
            return no(FIRST.format(names=titles_of(here, first)))
        moved = now.state == "planned"
        same_time = moved and (now.starts_at, now.ends_at) == (slot.starts_at, slot.ends_at)
        said = said_of(here, slot) | {"prepare": part.prepare or Text(fr=""), "reason": _both(reason)}
        changed = {
            "state": "planned",
            "day": slot.day.isoformat(),
            "slot": slot.part,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "inspector": inspector,
            "inspector_name": inspector_name[:120],
        }
        return happening(
            host,
            here,
            about(part, "moved" if moved else "planned", said),
            actor=actor,
            # Another inspector at the same time is no news to the requester.
            audience="internal" if same_time else "requester",
            tell=not same_time,
            writes=(partial(keep_visit, now, here.at, changed),),
            body={"visit": str(now.id), "day": changed["day"], "slot": slot.part, "inspector": inspector_name},
            personal={"note": structs.asdict(when_words(said, reason))},
        )

    return await change(host, reference, seen_as(visit, plan), actor=actor)


async def cancel_visit(
    host: Host, visit: Visit, reference: str, reason: str, *, actor: Actor
) -> Record | Denied | VisitConflict | Conflict:
    """Take a planned visit back; it is wanted again."""

    async def plan(here: Situation, now: Visit, part: Inspection) -> Change | Denied:
        if now.state != "planned":
            return no(NOT_PLANNED)
        said = said_now(here, now) | {"reason": _both(reason)}
        nobody = {"inspector": None, "inspector_name": "", "day": "", "slot": "", "starts_at": None, "ends_at": None}
        return happening(
            host,
            here,
            about(part, "cancelled", said),
            actor=actor,
            writes=(partial(keep_visit, now, here.at, {"state": "wanted", **nobody}),),
            body={"visit": str(now.id)},
            personal={"note": structs.asdict(when_words(said, reason))},
        )

    return await change(host, reference, seen_as(visit, plan), actor=actor)


async def waive_visit(
    host: Host, visit: Visit, reference: str, reason: str, *, actor: Actor
) -> Record | Denied | VisitConflict | Conflict:
    """Find a visit needless, for a reason that stays with the town."""

    async def plan(here: Situation, now: Visit, part: Inspection) -> Change | Denied:
        if not now.is_open:
            return no(NOT_OPEN)
        return happening(
            host,
            here,
            about(part, "waived"),
            actor=actor,
            audience="internal",
            writes=(partial(keep_visit, now, here.at, {"state": "waived"}), partial(settle_former, now)),
            body={"visit": str(now.id)},
            personal={"words": clean(reason).strip()[:MOST_WORDS]},
        )

    return await change(host, reference, seen_as(visit, plan), actor=actor)


def seen_as(visit: Visit, plan: Any) -> Plan[Denied | VisitConflict]:
    """A plan made with the visit as it stands under lock, unless it has changed since it was seen."""

    async def seen(here: Situation) -> Change | Denied | VisitConflict:
        now = next((each for each in await visits_of(here.record.id) if each.id == visit.id), None)
        part = declared(here.request_type, visit.code)
        if now is None or part is None:
            return no(NOT_THERE)
        if now.version != visit.version:
            return VisitConflict(visit=now)
        planned: Change | Denied = await plan(here, now, part)
        return planned

    return seen


def said_of(here: Situation, slot: Slot) -> dict[str, Text]:
    """What messages may say of a time."""
    part = slot_words(slot.part, slot.starts_at, slot.ends_at, here.town.time_zone)
    return {"day": weekday_text(slot.day), "slot": part}


def said_now(here: Situation, visit: Visit) -> dict[str, Text]:
    """The same of a visit that has a time; today's day where it has none."""
    if visit.starts_at is None or visit.ends_at is None:
        return {"day": weekday_text(today_of(here)), "slot": Text(fr="")}
    part = slot_words(visit.slot, visit.starts_at, visit.ends_at, here.town.time_zone)
    return {"day": weekday_text(date.fromisoformat(visit.day)), "slot": part}


def when_words(said: Mapping[str, Text], reason: str) -> Text:
    """The time, and why, as the story tells it."""
    parts = [text for text in (said["day"], said["slot"]) if text.fr]
    line = Text(fr=", ".join(each.fr for each in parts), en=", ".join(each.to("en") for each in parts))
    return line.each(lambda words, _: f"{words}\n\n{reason}".strip())


def titles_of(here: Situation, codes: Sequence[str]) -> Text:
    """Inspections by their titles."""
    titles = [part.title for code in codes if (part := declared(here.request_type, code))]
    return Text(fr=", ".join(each.fr for each in titles), en=", ".join(each.to("en") for each in titles))


def _said(part: Inspection, wishes: Wishes) -> Text:
    def lines(language: str) -> str:
        times = [f"– {weekday_text(date.fromisoformat(day)).to(language)}, {_part_words(slot, language)}"
                 for day, slot in wishes.times]  # fmt: skip
        return "\n\n".join(each for each in ("\n".join(times), wishes.words) if each)

    title = WISHED.format(title=part.title) if wishes.times else part.title
    return Text(fr=f"{title.fr}\n{lines('fr')}".strip(), en=f"{title.to('en')}\n{lines('en')}".strip())


def _part_words(slot: str, language: str) -> str:
    known = {"morning": Text(fr="avant-midi", en="morning"), "afternoon": Text(fr="après-midi", en="afternoon")}
    return known[slot].to(language) if slot in known else slot


def _both(words: str) -> Text:
    said = clean(words).strip()[:MOST_WORDS]
    return Text(fr=said, en=said)


def today_of(here: Situation) -> date:
    """The day that it is in the town."""
    return local_day(here.town.calendar, here.at)


def no(reason: Text) -> Denied:
    """A refusal in words."""
    return Denied(code="not_possible", reason=reason)
