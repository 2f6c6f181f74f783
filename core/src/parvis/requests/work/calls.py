"""Calls and letters that are owed: what a person of the town tells a requester whom no machine can write to."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.db.tables import Contact, Row, ServiceRequest
from parvis.db.work_tables import OwedContact
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import BusinessCalendar, add_business_days, local_day, next_business_day, spans_of
from parvis.requests.actors import Actor
from parvis.requests.announcements import by_hand
from parvis.requests.changing import Change, Situation, change
from parvis.requests.contacts import contact_of, person_in
from parvis.requests.declarations import type_of_record
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lists.stalled import StalledCount, stalled_of
from parvis.requests.personal import ErasureRule
from parvis.requests.records import Record, as_json, record_of
from parvis.requests.visibility import Viewer, reads_persons, scope_of, sees_contact
from parvis.requests.work.waiting import MANY
from parvis_sdk.cleaning import clean
from parvis_sdk.requests import Requester, Urgency
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text

Way = Literal["phone", "letter"]
Result = Literal["told", "again", "unreached"]
When = Literal["now", "later"]
RESULTS: tuple[Result, ...] = ("told", "again", "unreached")
MOST = 200
MOST_WORDS = 2000
IN_DAYS = 1  # business days after the step, at whose end it is to be told
IN_AN_EMERGENCY = timedelta(hours=2)  # of any day and night
TRIED_AGAIN = timedelta(minutes=30)  # in an emergency, when nobody answered
CALL_BACK = Text(fr="La personne demande à être rappelée", en="The person asks to be called back")
# SQLite reads a CROSS JOIN as it is written: from the few calls that are owed, never through all requests of a town.
OWED = """FROM owed_contact o CROSS JOIN service_request r
WHERE o.state = 'owed' AND r.id = o.request AND r.erased_at IS NULL
AND (o.anyway IS NOT NULL OR NOT EXISTS (SELECT 1 FROM contact c WHERE c.request = r.id AND c.stopped))"""

URGENT_FIRST = "CASE WHEN o.urgency = 'emergency' THEN 0 ELSE 1 END"


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


async def owe(host: Host, record: Record, delivery: UUID, told: ByHand, *, anyway: bool = False) -> None:
    """Inside a transaction: write that this is to be told by a person, once for each delivery.

    With `anyway` it is told also to who wants no messages since.
    """
    town, at = host.jurisdictions.get(record.jurisdiction), clock.now()
    emergency = told.urgency == "emergency"
    row: dict[str, Any] = {
        "id": new_id(),
        "request": record.id,
        "delivery": delivery,
        "way": told.way,
        "about": as_json(told.about),
        "say": as_json(told.say),
        "state": "owed",
        "made_at": at,
        "from_at": at,
        "due_at": at + IN_AN_EMERGENCY if emergency else _by_the_end(town, at),
        "tries": 0,
        "ended_at": None,
        "urgency": told.urgency if emergency else None,
        "anyway": True if anyway else None,
    }
    await OwedContact.insert(OwedContact(**row)).on_conflict(target=OwedContact.delivery, action="DO NOTHING")


def _by_the_end(town: Jurisdiction | None, at: datetime) -> datetime:
    return add_business_days(town.calendar, at, IN_DAYS) if town else at


async def call_back(host: Host, reference: str, words: str = "", *, actor: Actor) -> Record | None:
    """Write that the person asks to be called back, and about what; None where no telephone number is kept of them."""
    said = clean(words).strip()[:MOST_WORDS]

    async def plan(here: Situation) -> Change | None:
        person = await contact_of(here.record)
        if person is None or not person.phone:
            return None
        told = ByHand(way="phone", about=CALL_BACK, say=Text(fr=said, en=said))
        return Change(
            line=Line(kind="call_wanted", audience="internal", personal={"words": said} if said else None),
            writes=(partial(owe, host, here.record, new_id(), told),),
        )

    wanted = await change(host, reference, plan, actor=actor)
    return wanted if isinstance(wanted, Record) else None


async def told_after_all(delivery: UUID) -> None:
    """Inside a transaction: a channel has delivered what it had given up before; nobody owes a call for it any more."""
    await OwedContact.delete().where((OwedContact.delivery == delivery) & (OwedContact.state == "owed"))


async def forget_owed(host: Host, request: UUID) -> None:
    """Inside a transaction: nothing is to be told any more, to nobody: the request is destroyed, or somebody else's."""
    of = OwedContact
    gone = await of.delete().where(of.request == request).returning(of.delivery, of.state)
    await by_hand(host, [row["delivery"] for row in gone if row["state"] == "owed"], "failed")


async def mark(
    host: Host, reference: str, ids: Collection[UUID], result: Result, words: str = "", *, actor: Actor
) -> Record | None:
    """Write down how a call or a letter went, as one entry of the story.

    Told and unreached ones are owed no more; `again` puts them off to the next business day, in an emergency by half an
    hour. None where none of them is owed any more: somebody else was quicker.
    """
    said = clean(words).strip()[:MOST_WORDS]

    async def plan(here: Situation) -> Change | None:
        rows = await _owed_by(here.record.id, ids)
        if not rows:
            return None
        way, abouts = rows[0]["way"], [_text(row["about"]) for row in rows]
        note = _note(abouts if result == "told" else (), said)
        return Change(
            line=Line(
                kind=_kind(way, result),
                audience="internal",
                body={"way": way, "result": result, "told": len(rows)},
                personal={"note": note} if note else None,
            ),
            writes=(partial(_write, host, here, rows, result),),
        )

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
    """What this viewer may tell people, now or from a later day on; four statements however much it is."""
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


async def owed_late(host: Host, viewer: Viewer, town: Jurisdiction) -> StalledCount:
    """How much this viewer was to tell people before now and has not, and since when; one statement."""
    where, values = _where(host, viewer, town, "now", ())
    late = f"SELECT COUNT(*) AS requests, MIN(o.due_at) AS since {where} AND o.due_at < {{}}"
    return stalled_of((await OwedContact.raw(late, *values, clock.now()))[0])


def tells(host: Host, viewer: Viewer, record: Record) -> bool:
    """Whether the viewer calls and writes to people about this request: who works on it, who answers for it."""
    answers = scope_of(viewer, record.jurisdiction, host.jurisdictions, "work", "intake").holds(record)
    return answers and reads_persons(viewer, record, host.jurisdictions)


def _where(host: Host, viewer: Viewer, town: Jurisdiction, when: When, units: Collection[str]) -> tuple[str, list[Any]]:
    told, values = scope_of(viewer, town.code, host.jurisdictions, "work", "intake").condition()
    known, more = scope_of(viewer, town.code, host.jurisdictions, "contacts").condition()
    parts, values = [OWED, told, known], [*values, *more]
    if units:
        parts.append(f"r.unit IN ({', '.join(['{}'] * len(units))})")
        values += sorted(units)
    parts.append("o.from_at <= {}" if when == "now" else "o.from_at > {}")
    return " AND ".join(parts), [*values, clock.now()]


async def _together(
    host: Host, viewer: Viewer, rows: Sequence[Row], records: dict[UUID, Record], people: dict[UUID, Row]
) -> tuple[Call, ...]:
    grouped: dict[tuple[UUID, Way], list[Row]] = {}
    for row in rows:
        if row["request"] in records:
            grouped.setdefault((row["request"], row["way"]), []).append(row)
    calls = []
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
            )
        )
    return tuple(calls)


def _owed(row: Row, language: str) -> ContactTask:
    return ContactTask(
        id=row["id"],
        request=row["request"],
        way=row["way"],
        about=_text(row["about"]).to(language),
        say=_text(row["say"]).to(language),
        made_at=row["made_at"],
        from_at=row["from_at"],
        due_at=row["due_at"],
        tries=row["tries"],
        urgency=row["urgency"] or "normal",
    )


async def _owed_by(request: UUID, ids: Collection[UUID]) -> list[Row]:
    if not ids:
        return []
    table = OwedContact
    theirs = (table.request == request) & (table.state == "owed") & table.id.is_in(list(ids))
    return await table.select().where(theirs).order_by(table.made_at)


async def _write(host: Host, here: Situation, rows: list[Row], result: Result) -> None:
    table = OwedContact
    if result != "again":
        done: dict[Any, Any] = {table.state: result, table.ended_at: here.at, table.about: "", table.say: ""}
        await table.update({**done, table.tries: table.tries + 1}).where(table.id.is_in([row["id"] for row in rows]))
        await by_hand(host, [row["delivery"] for row in rows], "told" if result == "told" else "failed")
        return
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


def _kind(way: Way, result: Result) -> str:
    if result == "told":
        return "called" if way == "phone" else "posted"
    return "not_reached" if result == "again" else "unreached"


def _note(abouts: Collection[Text], words: str) -> Text | None:
    """What was told and what the person said to it, as it stands in the story."""
    if not abouts and not words:
        return None
    french = [f"«\u00a0{about.to('fr')}\u00a0»" for about in abouts]
    english = [f"“{about.to('en')}”" for about in abouts]
    also = [words] if words else []
    return Text(fr="\n".join([*french, *also]), en="\n".join([*english, *also]))


def _text(kept: str) -> Text:
    return msgspec.json.decode(kept, type=Text) if kept else Text(fr="")


async def _forget(host: Host, request: UUID) -> None:
    await forget_owed(host, request)


WORDS = EntryWords(
    titles={
        "call_wanted": Text(fr="Rappel demandé", en="Asked to be called back"),
        "called": Text(fr="Personne jointe par téléphone", en="Requester told by telephone"),
        "not_reached": Text(fr="Appel sans réponse", en="Call not answered"),
        "posted": Text(fr="Lettre mise à la poste", en="Letter sent by mail"),
        "unreached": Text(fr="Personne impossible à joindre", en="Requester could not be reached"),
    },
)

ERASURE = ErasureRule(forget=_forget)
