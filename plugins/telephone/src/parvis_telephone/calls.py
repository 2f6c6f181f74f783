"""Calls to make and letters to send: what a person is to be told of one request in one of them, and how each went."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID, uuid5

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.db.tables import Contact, OwedContact, Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import BusinessCalendar, local_day, next_business_day, spans_of
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, change
from parvis.requests.contacts import contact_of, person_in
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lists.stalled import StalledCount, stalled_of
from parvis.requests.records import Record, as_json, record_of
from parvis.requests.visibility import Viewer, sees_contact
from parvis.requests.work.untold import (
    MOST,
    MOST_WORDS,
    OWED,
    URGENT_FIRST,
    Ending,
    Way,
    end,
    line_of,
    owe,
    owed_among,
    owed_over,
    text_of,
)
from parvis.requests.work.waiting import MANY
from parvis_sdk.cleaning import clean
from parvis_sdk.requests import Requester, Urgency
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text
from parvis_telephone.tables import LateCall
from parvis_telephone.wishes import NONE, Wish, wishes_of

Result = Ending | Literal["again"]
When = Literal["now", "later", "urgent", "late"]
RESULTS: tuple[Result, ...] = ("told", "again", "unreached")
TRIED_AGAIN = timedelta(minutes=30)  # in an emergency, when nobody answered
WHICH: dict[When, str] = {
    "now": "o.from_at <= {}",
    "later": "o.from_at > {}",
    "urgent": "o.from_at <= {} AND o.urgency = 'emergency'",
    "late": "o.due_at < {}",
}
CALL_BACK = Text(fr="La personne demande à être rappelée", en="The person asks to be called back")


class ContactTask(Struct, frozen=True, kw_only=True):
    """One thing to tell: what about, the words, by when; in the language of the person."""

    id: UUID
    request: UUID
    way: Way
    about: str
    say: str
    made_at: datetime
    from_at: datetime
    due_at: datetime
    tries: int
    urgency: Urgency = "normal"


class Call(Struct, frozen=True, kw_only=True):
    """Everything that one person is to be told of one request in one call or letter, the oldest first."""

    record: Record
    title: Text
    way: Way
    owed: tuple[ContactTask, ...]
    contact: Requester | None
    is_confidential: bool
    wish: Wish = NONE
    escalated: int = 0  # how high it was taken, as it is late

    @property
    def due_at(self) -> datetime:
        return min(each.due_at for each in self.owed)

    @property
    def is_emergency(self) -> bool:
        return any(each.urgency == "emergency" for each in self.owed)

    @property
    def tries(self) -> int:
        return max(each.tries for each in self.owed)


class FoundCalls(Struct, frozen=True, kw_only=True):
    """Calls and letters to be made, emergencies first, then by when they are due.

    `total` counts what is to be told, listed or not.
    """

    calls: tuple[Call, ...]
    total: int
    listed: int


class OwedByOwner(Struct, frozen=True, kw_only=True):
    """What somebody who holds requests is to tell now, or a unit where nobody does: all of it, and what is late."""

    urgency: str
    holder: UUID | None
    unit: str
    owed: StalledCount
    late: StalledCount


async def call_back(
    host: Host, reference: str, words: str = "", *, actor: Actor, from_the_sheet: bool = False
) -> Record | None:
    """Write that the person asks to be called back, and about what; None where no telephone number is kept of them.

    What was asked on the sheet that opened the request is written once, however often it is sent; and what is still to
    be told in the same words is not owed twice by a press that is made twice.
    """
    said = clean(words).strip()[:MOST_WORDS]
    told = ByHand(way="phone", about=CALL_BACK, say=Text(fr=said, en=said))

    async def plan(here: Situation) -> Change | Record | None:
        person = await contact_of(here.record)
        if person is None or not person.phone:
            return None
        if await _is_owed(here.record, told):
            return here.record
        delivery = uuid5(here.record.id, "call back") if from_the_sheet else new_id()
        if await OwedContact.exists().where(OwedContact.delivery == delivery):
            return None
        return Change(
            line=Line(kind="call_wanted", audience="internal", personal={"words": said} if said else None),
            writes=(partial(owe, host, here.record, delivery, told),),
        )

    wanted = await change(host, reference, plan, actor=actor)
    return wanted if isinstance(wanted, Record) else None


async def _is_owed(record: Record, told: ByHand) -> bool:
    """Whether the same words are still to be told about a request in the same way."""
    of = OwedContact
    same = (of.way == told.way) & (of.about == as_json(told.about)) & (of.say == as_json(told.say))
    return bool(await of.exists().where((of.request == record.id) & (of.state == "owed") & same))


async def mark(
    host: Host, reference: str, ids: Collection[UUID], result: Result, words: str = "", *, actor: Actor
) -> Record | None:
    """Write down how a call or a letter went, as one entry of the story.

    Told and unreached ones are owed no more; `again` puts them off to the next business day, in an emergency by half an
    hour. None where none of them is owed any more: somebody else was quicker.
    """
    if result != "again":
        return await end(host, reference, ids, result, words, actor=actor)

    async def plan(here: Situation) -> Change | None:
        rows = await owed_among(here.record.id, ids)
        if not rows:
            return None
        kind = "not_reached"
        return Change(line=line_of(kind, result, rows, words), writes=(partial(_put_off, here, rows),))

    marked = await change(host, reference, plan, actor=actor)
    return marked if isinstance(marked, Record) else None


async def calls_of(host: Host, record: Record, viewer: Viewer) -> tuple[Call, ...]:
    """What is still to be told of one request; one statement."""
    rows = await OwedContact.select().where((OwedContact.request == record.id) & (OwedContact.state == "owed"))
    rows.sort(key=lambda row: (row["urgency"] != "emergency", row["due_at"], row["id"].bytes))
    return await _together(host, viewer, rows, {record.id: record}, {})


async def calls_for(
    host: Host, viewer: Viewer, town: Jurisdiction, when: When = "now", units: Collection[str] = ()
) -> FoundCalls:
    """What this viewer may tell people, now or from a later day on; six statements however much it is."""
    where, values = _where(host, viewer, town, when, units)
    counted = await OwedContact.raw(f"SELECT count(*) AS total {where}", *values)
    rows = await OwedContact.raw(
        f"SELECT o.* {where} ORDER BY {URGENT_FIRST}, o.due_at, o.id LIMIT {MOST}",
        *values,
    )
    ids = list({row["request"] for row in rows})
    found = await ServiceRequest.select().where(ServiceRequest.id.is_in(ids)) if ids else []
    records = {row["id"]: record_of(row) for row in found}
    people = await Contact.select().where(Contact.request.is_in(ids)) if ids else []
    calls = await _together(host, viewer, rows, records, {row["request"]: row for row in people})
    return FoundCalls(calls=calls, total=counted[0]["total"], listed=len(rows))


def owed_now(host: Host, viewer: Viewer, town: Jurisdiction) -> Condition:
    """The query of the calls and letters that wait for this viewer now, `MANY` at most; read by an index."""
    where, values = _where(host, viewer, town, "now", ())
    return f"SELECT DISTINCT o.request, o.way {where} LIMIT {MANY}", values


async def owed_in(town: Jurisdiction) -> int:
    """How much is still to be told in a town, by anyone; one statement."""
    found = await OwedContact.raw(f"SELECT COUNT(*) AS owed {OWED} AND r.jurisdiction = {{}}", town.code)
    return int(found[0]["owed"])


async def owed_by_owner(host: Host, viewer: Viewer, town: Jurisdiction) -> tuple[OwedByOwner, ...]:
    """How much this viewer is to tell people now, emergencies apart, by the agent or unit who owes the call; one
    statement.
    """
    where, values = _where(host, viewer, town, "now", ())
    late = "o.due_at < {}"
    rows = await OwedContact.raw(
        "SELECT COALESCE(o.urgency, '') AS urgency, r.assignee, r.unit, COUNT(*) AS requests, MIN(o.made_at) AS since, "
        f"SUM(CASE WHEN {late} THEN 1 ELSE 0 END) AS late, MIN(CASE WHEN {late} THEN o.due_at END) AS late_since "
        f"{where} GROUP BY 1, 2, 3",
        *[clock.now()] * 2,
        *values,
    )
    return tuple(
        OwedByOwner(
            urgency=row["urgency"],
            holder=row["assignee"],
            unit=row["unit"],
            owed=stalled_of(row),
            late=stalled_of({"requests": row["late"], "since": row["late_since"]}),
        )
        for row in rows
    )


def together(counts: Iterable[StalledCount]) -> StalledCount:
    """All of these, since the first of them."""
    known = tuple(counts)
    first = min((each.since for each in known if each.since), default=None)
    return StalledCount(requests=sum(each.requests for each in known), since=first)


def _where(host: Host, viewer: Viewer, town: Jurisdiction, when: When, units: Collection[str]) -> tuple[str, list[Any]]:
    where, values = owed_over(host, viewer, town)
    parts = [where]
    if units:
        parts.append(f"r.unit IN ({', '.join(['{}'] * len(units))})")
        values += sorted(units)
    parts.append(WHICH[when])
    return " AND ".join(parts), [*values, clock.now()]


async def _together(
    host: Host, viewer: Viewer, rows: Sequence[Row], records: dict[UUID, Record], people: dict[UUID, Row]
) -> tuple[Call, ...]:
    grouped: dict[tuple[UUID, Way], list[Row]] = {}
    for row in rows:
        if row["request"] in records:
            grouped.setdefault((row["request"], row["way"]), []).append(row)
    calls = []
    wishes = await wishes_of([request for request, _ in grouped])
    steps = await _steps_of([row["id"] for row in rows if row["due_at"] <= clock.now()])
    for (request, way), theirs in grouped.items():
        record = records[request]
        person = people.get(request) if sees_contact(viewer, record, host.jurisdictions) else None
        calls.append(
            Call(
                record=record,
                title=(await type_of_record(host, record)).title,  # known by host after the first of its kind
                way=way,
                owed=tuple(_owed(row, record.language) for row in theirs),
                contact=person_in(person, record.identity) if person else None,
                is_confidential=record.identity == "confidential",
                wish=wishes.get(request, NONE),
                escalated=max((steps.get(row["id"], 0) for row in theirs), default=0),
            )
        )
    return tuple(calls)


async def _steps_of(late: Sequence[UUID]) -> dict[UUID, int]:
    """How high each of these was taken; one statement where any is late."""
    rows = await LateCall.select().where(LateCall.call.is_in(list(late))) if late else []
    return {row["call"]: row["step"] for row in rows}


def _owed(row: Row, language: str) -> ContactTask:
    return ContactTask(
        id=row["id"],
        request=row["request"],
        way=row["way"],
        about=text_of(row["about"]).to(language),
        say=text_of(row["say"]).to(language),
        made_at=row["made_at"],
        from_at=row["from_at"],
        due_at=row["due_at"],
        tries=row["tries"],
        urgency=row["urgency"] or "normal",
    )


async def _put_off(here: Situation, rows: list[Row]) -> None:
    table = OwedContact
    opens, closes = _next_day(here.town.calendar, here.at)
    urgent = [row["id"] for row in rows if row["urgency"] == "emergency"]
    others = [row["id"] for row in rows if row["urgency"] != "emergency"]
    soon = here.at + TRIED_AGAIN
    for ids, since, until in ((urgent, soon, soon + TRIED_AGAIN), (others, opens, closes)):
        if ids:
            put_off: dict[Any, Any] = {table.from_at: since, table.due_at: until, table.tries: table.tries + 1}
            await table.update(put_off).where(table.id.is_in(ids))


def _next_day(calendar: BusinessCalendar, at: datetime) -> tuple[datetime, datetime]:
    """When the next business day begins, and its end."""
    spans = spans_of(calendar, next_business_day(calendar, local_day(calendar, at)))
    return spans[0][0], spans[-1][1]
