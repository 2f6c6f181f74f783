"""The ledger of an announcement: who was to be told, by which way, and what became of it.

A row stands in it for each address, from the unit in which its telling begins. What carries it is noted as it changes:
a message, perhaps a text in its place, a call that is owed, and in the end that somebody was told, or could not be.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db.tables import Contact, Follower, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM
from parvis.requests.announcements import TellingState
from parvis.requests.changing import Change, Situation, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.parties import Receiver, mark_of
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import Viewer, scope_of, sees_contact
from parvis_incidents.bulletin import Word, word_of
from parvis_incidents.tables import IncidentTold, IncidentWord
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Announced
from parvis_sdk.text import Text

State = TellingState
STATES: tuple[State, ...] = ("told", "on_its_way", "to_call", "failed")
MOST = 500
# Who was told before it was noted what became of it counts as told; what an operator put aside will not arrive.
BECAME = """CASE WHEN t.state IS NULL THEN 'told' WHEN t.state = 'on_its_way' AND EXISTS (
SELECT 1 FROM delivery d WHERE d.id = t.carrier AND d.state IN ('dead', 'skipped')) THEN 'failed' ELSE t.state END"""
LINES = """SELECT t.*, {became} AS became, w.number FROM incident_told t JOIN incident_word w ON w.id = t.word
JOIN service_request r ON r.id = t.request WHERE w.incident = {{}} AND {where}{more} ORDER BY t.id LIMIT {limit}"""
OVERDUE = """
SELECT t.carrier, r.reference FROM incident_told t JOIN incident_word w ON w.id = t.word
JOIN delivery d ON d.id = t.carrier JOIN service_request r ON r.id = t.request
WHERE t.state = 'on_its_way' AND w.urgency = 'emergency' AND t.follower IS NULL AND t.state_at < {}
AND d.state IN ('waiting', 'postponed') AND r.erased_at IS NULL ORDER BY t.id LIMIT 500"""
HEARD = """SELECT t.address FROM incident_told t WHERE t.word = {{}} AND t.address IN ({marks})
AND {became} IN ('told', 'on_its_way')"""


class LedgerLine(Struct, frozen=True, kw_only=True):
    """One row of the ledger, as somebody may read it; `person` is empty where they may not know who it is."""

    id: UUID
    number: int
    record: Record
    person: str
    address: str
    follows: bool
    way: str
    state: State
    begun_at: datetime
    at: datetime | None
    repeated: bool


async def closing_word(incident: UUID) -> Word | None:
    """The word that ended an incident; None where it ended without one, or has not ended."""
    of = IncidentWord
    closing = (of.incident == incident) & (of.closing == True)  # noqa: E712 - a column
    row = await of.select().where(closing).order_by(of.number, ascending=False).first()
    return word_of(row) if row else None


async def heard(host: Host, word: UUID, receivers: Iterable[Receiver]) -> frozenset[str]:
    """Of these addresses, those that an announcement has reached, or is on its way to by mail or text message: not
    those where it failed, nor those whom somebody has still to call or to write to.
    """
    marked = {mark_of(host, each.address): each.address for each in receivers}
    if not marked:
        return frozenset()
    rows = await IncidentTold.raw(HEARD.format(became=BECAME, marks=", ".join(["{}"] * len(marked))), word, *marked)
    return frozenset(marked[row["address"]] for row in rows)


async def begin(host: Host, word: UUID, receivers: Sequence[Receiver]) -> frozenset[str]:
    """Inside a transaction: enter those who stand in the ledger of this word not yet; their addresses."""
    marked = {mark_of(host, each.address): each for each in receivers}
    at, table = clock.now(), IncidentTold
    if not marked:
        return frozenset()
    rows = [
        table(
            id=new_id(),
            word=word,
            address=mark,
            way=each.way,
            request=each.request,
            at=at,
            follower=UUID(each.follower) if each.follower else None,
            state="on_its_way",
            state_at=at,
        )
        for mark, each in marked.items()
    ]
    noted = (
        await table.insert(*rows)
        .on_conflict(target=(table.word, table.address), action="DO NOTHING")
        .returning(table.address)
    )
    return frozenset(marked[row["address"]].address for row in noted)


async def carried(host: Host, word: str, request: UUID, message: OutgoingMessage, by: UUID) -> None:
    """Inside a transaction: a message is on its way with this announcement."""
    of = IncidentTold
    theirs = (of.word == UUID(word)) & (of.request == request)
    if message.recipient == "requester":
        theirs = theirs & of.follower.is_null()
    else:
        theirs = theirs & (of.address == mark_of(host, f"email:{message.to.strip().lower()}"))
    await of.update(_now("on_its_way", way=message.channel, carrier=by)).where(theirs)


async def owed(word: str, request: UUID, way: str, by: UUID) -> None:
    """Inside a transaction: a person of the town is to tell the requester."""
    of = IncidentTold
    theirs = (of.word == UUID(word)) & (of.request == request) & of.follower.is_null()
    await of.update(_now("to_call", way=way, carrier=by)).where(theirs)


async def left_out(event: Announced, request: UUID) -> None:
    """Inside a transaction: whom an event named, and for whom nothing was written, nothing reaches."""
    of = IncidentTold
    theirs = (of.word == UUID(event.word)) & (of.request == request)
    waiting = theirs & (of.state == "on_its_way") & of.carrier.is_null()
    if event.requester:
        await of.update(_now("failed")).where(waiting & of.follower.is_null())
    if event.followers:
        named = [UUID(each) for each in event.followers]
        await of.update(_now("failed")).where(waiting & of.follower.is_in(named))


async def moved_on(before: UUID, state: State, *, way: str = "", to: UUID | None = None) -> None:
    """Inside a transaction: what carried a telling has given it up; something else carries it, or nothing does."""
    of = IncidentTold
    await of.update(_now(state, way=way, carrier=to)).where(of.carrier == before)


async def by_hand(owed_by: Collection[UUID], state: State) -> None:
    """Inside a transaction: somebody was told by telephone or by letter, or could not be."""
    if owed_by:
        await IncidentTold.update(_now(state)).where(IncidentTold.carrier.is_in(list(owed_by)))


async def sent_again(carrier: UUID) -> None:
    """Inside a transaction: it is sent although an earlier try may have arrived."""
    of = IncidentTold
    for row in await of.select(of.id, of.repeated).where(of.carrier == carrier):
        await of.update({of.repeated: (row["repeated"] or 0) + 1}).where(of.id == row["id"])


async def delivered(host: Host, carrier: UUID, record: Record | None) -> None:
    """Inside a transaction: a channel has delivered it; the history of the request says what its person was told."""
    of = IncidentTold
    rows = await of.update(_now("told")).where(of.carrier == carrier).returning(of.word, of.way, of.follower)
    for row in rows:
        if row["follower"] is None and record is not None and record.erased_at is None:
            plan = partial(_plan_told, row["word"], row["way"])
            await change_within(host, record.reference, plan, actor=SYSTEM)


async def _plan_told(word: UUID, way: str, here: Situation) -> Change | None:
    said = await IncidentWord.select().where(IncidentWord.id == word)
    if not said:
        return None
    about = ServiceRequest.select(ServiceRequest.reference).where(ServiceRequest.id == said[0]["incident"])
    incident = (await about)[0]["reference"]
    words = msgspec.json.decode(said[0]["words"], type=Text)
    return Change(
        line=Line(
            kind="told",
            audience="requester",
            body={"incident": incident, "word": str(word), "way": way},
            personal={"note": {"fr": words.fr, "en": words.to("en")}},
        )
    )


async def is_correction(word: str) -> bool:
    """Whether an announcement is a correction, which also goes to people who have unsubscribed since."""
    of = IncidentWord
    return bool(word) and bool(await of.select(of.id).where((of.id == UUID(word)) & (of.reach == "correction")))


async def told_by(carriers: Collection[UUID], request: UUID) -> tuple[UUID, Word] | None:
    """Which of these messages told the requester of this request of an announcement, and which announcement."""
    of = IncidentTold
    theirs = of.carrier.is_in(list(carriers)) & (of.request == request) & of.follower.is_null()
    row = await of.select(of.carrier, of.word).where(theirs).first()
    said = await IncidentWord.select().where(IncidentWord.id == row["word"]) if row else []
    return (row["carrier"], word_of(said[0])) if row and said else None


async def overdue(since: datetime) -> list[tuple[UUID, str]]:
    """The deliveries of emergencies that have reached nobody since that moment, with the reference of the request."""
    return [(row["carrier"], row["reference"]) for row in await IncidentTold.raw(OVERDUE, since)]


async def forget(host: Host, request: UUID) -> None:
    """Inside the transaction of an erasure: that somebody was told stays counted, who it was does not."""
    of = IncidentTold
    unfinished = of.state.is_in(["on_its_way", "to_call"])
    await of.update(_now("failed")).where((of.request == request) & unfinished)
    for row in await of.select(of.id).where(of.request == request):
        nobody: dict[Any, Any] = {of.request: None, of.follower: None, of.address: row["id"].hex}
        await of.update(nobody).where(of.id == row["id"])


async def ledger_of(
    host: Host,
    viewer: Viewer,
    town: Jurisdiction,
    incident: UUID,
    *,
    number: int = 0,
    state: str = "",
    after: UUID | None = None,
    limit: int = MOST,
) -> tuple[LedgerLine, ...]:
    """The ledger of an incident's announcements, as far as this viewer sees the requests; `number` of one of them."""
    where, values = scope_of(viewer, town.code, host.jurisdictions, "see").condition()
    more, given = "", list[Any]()
    for condition, value in (
        (" AND w.number = {}", number),
        (f" AND {BECAME} = {{}}", state),
        (" AND t.id > {}", after),
    ):
        if value:
            more, given = more + condition, [*given, value]
    sql = LINES.format(became=BECAME, where=where, more=more, limit=limit)
    rows = await IncidentTold.raw(sql, incident, *values, *given)
    return await _as_read(host, viewer, rows)


async def _as_read(host: Host, viewer: Viewer, rows: Sequence[dict[str, Any]]) -> tuple[LedgerLine, ...]:
    ids = list({row["request"] for row in rows})
    found = await ServiceRequest.select().where(ServiceRequest.id.is_in(ids)) if ids else []
    records = {row["id"]: record_of(row) for row in found}
    known = await Contact.select().where(Contact.request.is_in(ids)) if ids else []
    people = {row["request"]: row for row in known}
    following = [row["follower"] for row in rows if row["follower"]]
    asked = await Follower.select(Follower.id, Follower.email).where(Follower.id.is_in(following)) if following else []
    emails = {row["id"]: row["email"] for row in asked}
    tellings = []
    for row in rows:
        record = records[row["request"]]
        may = sees_contact(viewer, record, host.jurisdictions)
        person = people.get(record.id) if may and row["follower"] is None else None
        address = emails.get(row["follower"], "") if may else ""
        if person is not None:
            address = person["email"] if row["way"] == "email" else person["phone"] if row["way"] != "letter" else ""
        tellings.append(
            LedgerLine(
                id=row["id"],
                number=row["number"],
                record=record,
                person=person["name"] if person is not None else "",
                address=address,
                follows=row["follower"] is not None,
                way=row["way"],
                state=row["became"],
                begun_at=row["at"],
                at=row["state_at"],
                repeated=bool(row["repeated"]),
            )
        )
    return tuple(tellings)


def _now(state: State, *, way: str = "", carrier: UUID | None = None) -> dict[Any, Any]:
    of = IncidentTold
    changed: dict[Any, Any] = {of.state: state, of.state_at: clock.now()}
    return changed | ({of.way: way} if way else {}) | ({of.carrier: carrier} if carrier else {})
