"""Who is still to be told of something, because no machine reaches them: kept until somebody of the town has told them.

How people call and write is a module’s. Where a town has none of that, what is untold stands on a page of its own.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.db.tables import OwedContact, Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import add_business_days
from parvis.requests.actors import Actor
from parvis.requests.announcements import by_hand
from parvis.requests.changing import Change, Situation, change
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lists.stalled import StalledCount, stalled_of
from parvis.requests.personal import ErasureRule
from parvis.requests.records import Record, as_json
from parvis.requests.rows_there import RowsOf
from parvis.requests.visibility import Viewer, reads_persons, scope_of
from parvis.requests.work.waiting import MANY
from parvis_sdk.cleaning import clean
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text

Way = Literal["phone", "letter"]
Ending = Literal["told", "unreached"]
ENDINGS: tuple[Ending, ...] = ("told", "unreached")
MOST = 200
MOST_WORDS = 2000
STILL_OWED = RowsOf("owed_contact", "t.request = r.id AND t.state = 'owed'")
IN_DAYS = 1  # business days after the step, at whose end it is to be told
IN_AN_EMERGENCY = timedelta(hours=2)  # of any day and night
# SQLite reads a CROSS JOIN as it is written: from the few that are owed, never through all requests of a town.
OWED = """FROM owed_contact o CROSS JOIN service_request r
WHERE o.state = 'owed' AND r.id = o.request AND r.erased_at IS NULL
AND (o.anyway IS NOT NULL OR NOT EXISTS (SELECT 1 FROM contact c WHERE c.request = r.id AND c.stopped))"""
NO_MORE = "DELETE FROM owed_contact WHERE state = 'owed' AND delivery IN"
URGENT_FIRST = "CASE WHEN o.urgency = 'emergency' THEN 0 ELSE 1 END"


class UntoldMessage(Struct, frozen=True, kw_only=True):
    """One thing that somebody was not told: of which request, in which words, by when they should know it."""

    id: UUID
    reference: str
    type: str
    language: str
    way: Way
    about: str
    say: str
    made_at: datetime
    due_at: datetime
    is_emergency: bool


class UntoldList(Struct, frozen=True, kw_only=True):
    """Emergencies first, then by when each is due; `total` counts them, listed or not."""

    messages: tuple[UntoldMessage, ...]
    total: int


async def owe(host: Host, record: Record, delivery: UUID, told: ByHand, *, anyway: bool = False) -> None:
    """Inside a transaction: write that this is to be told by a person, once for each delivery.

    With `anyway` people who have unsubscribed are told as well.
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


async def told_after_all(deliveries: Collection[UUID]) -> None:
    """Inside a transaction: a channel has delivered what it had given up before; nobody owes a call for it any more."""
    if deliveries:
        marks = ", ".join(["{}"] * len(deliveries))
        await OwedContact.raw(f"{NO_MORE} ({marks})", *deliveries)


async def forget_owed(host: Host, request: UUID) -> None:
    """Inside a transaction: nothing is to be told any more, to nobody: the request is destroyed, or somebody else's."""
    of = OwedContact
    gone = await of.delete().where(of.request == request).returning(of.delivery, of.state)
    await by_hand(host, [row["delivery"] for row in gone if row["state"] == "owed"], "failed")


async def end(
    host: Host, reference: str, ids: Collection[UUID], result: Ending, words: str = "", *, actor: Actor
) -> Record | None:
    """Write down that these were told, or cannot be, as one entry of the story; they are owed no more.

    None where none of them is owed any more: somebody else was quicker.
    """

    async def plan(here: Situation) -> Change | None:
        rows = await owed_among(here.record.id, ids)
        if not rows:
            return None
        kind = "unreached" if result == "unreached" else "called" if rows[0]["way"] == "phone" else "posted"
        return Change(
            line=line_of(kind, result, rows, words), writes=(partial(_write_end, host, here.at, rows, result),)
        )

    ended = await change(host, reference, plan, actor=actor)
    return ended if isinstance(ended, Record) else None


def line_of(kind: str, result: str, rows: Collection[Row], words: str) -> Line:
    """How it went, for colleagues: what was told, and what the person said to it."""
    said = clean(words).strip()[:MOST_WORDS]
    note = _note([text_of(row["about"]) for row in rows] if result == "told" else (), said)
    return Line(
        kind=kind,
        audience="internal",
        body={"way": next(row["way"] for row in rows), "result": result, "told": len(rows)},
        personal={"note": note} if note else None,
    )


async def owed_among(request: UUID, ids: Collection[UUID]) -> list[Row]:
    """Of these, what is still owed about a request, the oldest first."""
    if not ids:
        return []
    table = OwedContact
    theirs = (table.request == request) & (table.state == "owed") & table.id.is_in(list(ids))
    return await table.select().where(theirs).order_by(table.made_at)


async def untold_of(record: Record) -> tuple[UntoldMessage, ...]:
    """What is still to be told of one request; one statement."""
    rows = await OwedContact.select().where((OwedContact.request == record.id) & (OwedContact.state == "owed"))
    rows.sort(key=lambda row: (row["urgency"] != "emergency", row["due_at"], row["id"].bytes))
    known = {"reference": record.reference, "type": record.type, "language": record.language}
    return tuple(_message(row | known) for row in rows)


async def untold_for(host: Host, viewer: Viewer, town: Jurisdiction) -> UntoldList:
    """What this viewer may tell people; two statements however much it is."""
    where, values = owed_over(host, viewer, town)
    counted = await OwedContact.raw(f"SELECT count(*) AS total {where}", *values)
    rows = await OwedContact.raw(
        f"SELECT o.*, r.reference, r.type, r.language {where} ORDER BY {URGENT_FIRST}, o.due_at, o.id LIMIT {MOST}",
        *values,
    )
    return UntoldList(messages=tuple(_message(row) for row in rows), total=counted[0]["total"])


def untold_requests(host: Host, viewer: Viewer, town: Jurisdiction) -> Condition:
    """The query of the requests of which this viewer may tell something, `MANY` at most.

    Their `r.id`, as SQLite would read all that was ever told to tell `o.request` apart.
    """
    where, values = owed_over(host, viewer, town)
    return f"SELECT DISTINCT r.id {where} LIMIT {MANY}", values


async def untold_since(host: Host, viewer: Viewer, town: Jurisdiction) -> StalledCount:
    """How much this viewer may tell people, and since when the first waits; one statement."""
    where, values = owed_over(host, viewer, town)
    found = await OwedContact.raw(f"SELECT COUNT(*) AS requests, MIN(o.made_at) AS since {where}", *values)
    return stalled_of(found[0])


def owed_over(host: Host, viewer: Viewer, town: Jurisdiction) -> Condition:
    """From where and under which condition rows `o` of requests `r` are read that this viewer may tell people of."""
    told, values = scope_of(viewer, town.code, host.jurisdictions, "work", "intake").condition()
    known, more = scope_of(viewer, town.code, host.jurisdictions, "contacts").condition()
    return " AND ".join((OWED, told, known)), [*values, *more]


def tells(host: Host, viewer: Viewer, record: Record) -> bool:
    """Whether the viewer calls and writes to people about this request: who works on it, who answers for it."""
    answers = scope_of(viewer, record.jurisdiction, host.jurisdictions, "work", "intake").holds(record)
    return answers and reads_persons(viewer, record, host.jurisdictions)


def text_of(kept: str) -> Text:
    """Words as they are kept in a row."""
    return msgspec.json.decode(kept, type=Text) if kept else Text(fr="")


def _message(row: Row) -> UntoldMessage:
    return UntoldMessage(
        id=row["id"],
        reference=row["reference"],
        type=row["type"],
        language=row["language"],
        way=row["way"],
        about=text_of(row["about"]).to(row["language"]),
        say=text_of(row["say"]).to(row["language"]),
        made_at=row["made_at"],
        due_at=row["due_at"],
        is_emergency=row["urgency"] == "emergency",
    )


async def _write_end(host: Host, at: datetime, rows: list[Row], result: Ending) -> None:
    table = OwedContact
    done: dict[Any, Any] = {table.state: result, table.ended_at: at, table.about: "", table.say: ""}
    await table.update({**done, table.tries: table.tries + 1}).where(table.id.is_in([row["id"] for row in rows]))
    await by_hand(host, [row["delivery"] for row in rows], "told" if result == "told" else "failed")


def _note(abouts: Collection[Text], words: str) -> Text | None:
    """What was told and what the person said to it, as it stands in the story."""
    if not abouts and not words:
        return None
    french = [f"«\u00a0{about.to('fr')}\u00a0»" for about in abouts]
    english = [f"“{about.to('en')}”" for about in abouts]
    also = [words] if words else []
    return Text(fr="\n".join([*french, *also]), en="\n".join([*english, *also]))


WORDS = EntryWords(
    titles={
        "called": Text(fr="Personne jointe par téléphone", en="Requester notified by telephone"),
        "posted": Text(fr="Lettre mise à la poste", en="Letter sent by mail"),
        "unreached": Text(fr="Personne impossible à joindre", en="Requester could not be reached"),
    },
)

ERASURE = ErasureRule(forget=forget_owed)
