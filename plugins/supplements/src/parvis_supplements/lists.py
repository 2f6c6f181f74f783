"""What a requester is asked to correct or to add: lists of points, sent by a move, and what follows in time."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis.db import insert_values
from parvis.db.tables import Attachment as AttachmentRow
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import last_day, local_day, midnight_after
from parvis.requests.changing import Situation, Write
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import DateColumn, EffectContext, Effects, LaterDates, PartKind, TimeAway, about
from parvis.requests.records import Record, as_json
from parvis.requests.visibility import Viewer, is_of_viewer
from parvis.signing import oldest_key
from parvis_sdk.days import day_text
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplement_rules import (
    ANSWER_BY,
    NOTHING_MARKED,
    ListState,
    MarkedPoint,
    asked_by_rules,
    checked,
    is_awaited,
    rules_of,
    steps_of,
    told_of_points,
    with_carried,
    words_of,
)
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_supplements.tables import Supplement as SupplementRow


class SupplementList(Struct, frozen=True, kw_only=True):
    """One list of one request as it stands; `draft` is what its requester has typed and not sent."""

    id: UUID
    code: str
    number: int
    state: ListState
    version: int
    points: tuple[MarkedPoint, ...]
    draft: dict[str, Any]
    draft_holder: str
    due_on: str
    asked_at: datetime | None
    due_at: datetime | None
    next_at: datetime | None
    told: int

    @property
    def left(self) -> tuple[Point, ...]:
        """What is still to be answered."""
        return tuple(each.point for each in self.points if not each.done)

    def is_open(self, record: Record, request_type: RequestType) -> bool:
        """Whether it can be answered now: it was sent, and the town still waits for it."""
        waits = record.erased_at is None and is_awaited(request_type, self.code, record.state)
        return self.state == "asked" and waits

    def holder(self, host: Host) -> str:
        """The key under which the files of its draft wait, shared by all agents who edit it."""
        return hashlib.sha256(b"supplement:" + oldest_key(host.secret) + self.id.bytes).hexdigest()


async def lists_of(request: UUID) -> tuple[SupplementList, ...]:
    """Every list of a request, the one being prepared too, oldest first."""
    rows = await SupplementRow.select().where(SupplementRow.request == request).order_by(SupplementRow.id)
    return tuple(_listed(row) for row in rows)


def last_of(lists: Sequence[SupplementList], code: str) -> SupplementList | None:
    """The list of a supplement that was sent last."""
    return next((each for each in reversed(lists) if each.code == code and each.state != "prepared"), None)


def prepared_of(lists: Sequence[SupplementList], code: str) -> SupplementList | None:
    """The list that the desk is preparing."""
    return next((each for each in lists if each.code == code and each.state == "prepared"), None)


def reads_list(viewer: Viewer, record: Record, request_type: RequestType, listed: SupplementList) -> bool:
    """Whether the viewer may read what was asked: agents who write to the requester, and those who answer, once it is
    sent.
    """
    if viewer.is_staff:
        return True
    theirs = viewer.holds("answer") or viewer.holds("messages")
    in_time = listed.asked_at is not None and is_of_viewer(viewer, record, listed.asked_at)
    return theirs and listed.state != "prepared" and (in_time or listed.is_open(record, request_type))


async def _bring(bringing: EffectContext, supplement: Supplement, word: str) -> Effects | Denied:
    here = bringing.here
    lists = await lists_of(here.record.id)
    if word == "checked":
        return _looked_at(bringing, supplement, lists)
    last = last_of(lists, supplement.code)
    chosen = prepared_of(lists, supplement.code)
    if chosen is None and last is not None and last.state in ("asked", "abandoned"):
        chosen = structs.replace(last, due_on="")  # the same points again, with as many days as before
    if chosen is None or not chosen.left:
        return Denied(code="not_possible", reason=NOTHING_MARKED)
    before = last if last is not None and last.state == "asked" and last.id != chosen.id else None
    points = with_carried(chosen.points, before.left if before else ())
    calendar = here.town.calendar
    today = local_day(calendar, here.at)
    until = date.fromisoformat(chosen.due_on) if chosen.due_on else today + timedelta(days=supplement.days)
    left = tuple(each.point for each in points if not each.done)
    said = told_of_points(supplement, here.request_type.form.fields(), left, until)
    steps = steps_of(supplement, calendar, here.at, until)
    sent: Row = {
        SupplementRow.state: "asked",
        SupplementRow.points: as_json(points),
        SupplementRow.due_on: until.isoformat(),
        SupplementRow.asked_at: here.at,
        SupplementRow.due_at: midnight_after(calendar, until),
        SupplementRow.next_at: steps[0].at if steps else None,
        SupplementRow.told: 0,
        SupplementRow.changed_at: here.at,
    }
    replaced = (partial(_replace, before.id, here.at),) if before else ()
    writes = (partial(write, chosen.id, sent), *replaced)
    ruled = rules_of(supplement, points)
    return Effects(writes=writes, facts=about(supplement, word, said), body={"rules": [*ruled]} if ruled else {})


def _looked_at(bringing: EffectContext, supplement: Supplement, lists: Sequence[SupplementList]) -> Effects:
    """What the rules ask for is put on the list that is prepared."""
    here = bringing.here
    asked = [each.point for listed in lists if listed.code == supplement.code for each in listed.points]
    points = asked_by_rules(here.request_type, supplement, bringing.answers, asked)
    if not points:
        return Effects()
    before = prepared_of(lists, supplement.code)
    values: Row = {"points": as_json(checked(points, before.points if before else ())), "changed_at": here.at}
    if before is not None:
        keep: Write = partial(write, before.id, values | {"version": before.version + 1})
    else:
        number = 1 + sum(each.code == supplement.code for each in lists)
        keep = partial(insert_values, SupplementRow, new_row(here, supplement.code, number) | {"due_on": ""} | values)
    return Effects(writes=(keep,), facts=about(supplement, "lacking"))


def new_row(here: Situation, code: str, number: int) -> Row:
    """What a list begins with, before anything is marked."""
    nothing: Row = dict.fromkeys(("asked_at", "due_at", "next_at"))
    row: Row = {"id": new_id(), "request": here.record.id, "code": code, "number": number, "state": "prepared"}
    return row | nothing | {"version": 1, "draft": "", "holder": "", "told": 0}


async def write(id: UUID, values: Row) -> None:
    """Inside a transaction: change the row of a list."""
    await SupplementRow.update(values).where(SupplementRow.id == id)


async def _replace(id: UUID, at: datetime) -> None:
    gone: Row = {SupplementRow.state: "replaced", SupplementRow.next_at: None, SupplementRow.draft: ""}
    await write(id, gone | {SupplementRow.changed_at: at})


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    lists = await lists_of(record.id)
    facts: set[str] = set()
    for supplement in request_type.of(Supplement):
        if (last := last_of(lists, supplement.code)) is not None:
            awaited = is_awaited(request_type, last.code, record.state)
            facts |= {supplement.fact(word) for word in words_of(last.state, last.points, awaited)}
    return frozenset(facts)


async def _forget(request: UUID) -> None:
    """What was said and typed goes; which questions were marked, how often and when stays for figures."""
    for each in await lists_of(request):
        points = [MarkedPoint(point=structs.replace(one.point, words=""), done=one.done) for one in each.points]
        gone: Row = {SupplementRow.points: as_json(points), SupplementRow.draft: "", SupplementRow.next_at: None}
        await write(each.id, gone)
        if each.draft:
            waits = (AttachmentRow.holder == each.draft_holder) & AttachmentRow.request.is_null()
            await AttachmentRow.delete().where(waits)


def _listed(row: dict[str, Any]) -> SupplementList:
    values: dict[str, Any] = {name: row.get(name) for name in SupplementList.__struct_fields__}
    values["draft_holder"] = row["holder"]
    values["points"] = msgspec.json.decode(row["points"], type=tuple[MarkedPoint, ...])
    values["draft"] = msgspec.json.decode(row["draft"]) if row["draft"] else {}
    return SupplementList(**values)


async def _put_off(away: TimeAway) -> LaterDates:
    writes, told = [], []
    for listed in await lists_of(away.here.record.id):
        if listed.state != "asked" or listed.due_at is None or not away.moves(listed.due_at):
            continue
        later = away.later(listed.due_at)
        ahead = listed.next_at + timedelta(days=away.days) if listed.next_at else None
        values = {SupplementRow.due_at: later, SupplementRow.next_at: ahead, SupplementRow.changed_at: away.here.at}
        writes.append(partial(write, listed.id, values))
        told.append(ANSWER_BY.format(day=day_text(last_day(away.calendar, later))))
    return LaterDates(tuple(writes), tuple(told))


PAGE = "complements"  # of the desk, on which a list is prepared
PART_KINDS = (
    PartKind(
        noun=Supplement,
        title=Text(fr="Compléments", en="Supplements"),
        bring=_bring,
        standing=_standing,
        forget=_forget,
        dates=(DateColumn(SupplementRow, "due_at", "d.state = 'asked'"),),
        put_off=_put_off,
        page=PAGE,
        rows=SupplementRow,
    ),
)
