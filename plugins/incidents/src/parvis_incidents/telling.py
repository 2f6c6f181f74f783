"""One message to everybody whom an incident concerns: requesters and followers, each address once.

An announcement is written in one transaction, so a repeated one is recognised, and people who are attached later get
the latest one. Those attached already are told in batches, each in a transaction with its deliveries, so that neither
new reports nor pages wait for thousands of them; a chore finishes what a killed process left.
"""

from collections import defaultdict
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import Contact
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import deliveries
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.announcements import MessageLedger
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.links import page_url
from parvis.requests.parties import Receiver, address_of, addressed, by_way, mark_of
from parvis.requests.records import Record, as_json, get
from parvis_incidents import ledger
from parvis_incidents.bulletin import Reach, Word, word_of
from parvis_incidents.ledger import begin
from parvis_incidents.tables import IncidentTold, IncidentWord
from parvis_sdk.contact_methods import CALL, EMAIL, LETTER
from parvis_sdk.events import Announced
from parvis_sdk.requests import Requester, Urgency
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

PIECE = 200
END = "end"
THOSE_IN = "SELECT ir.request FROM incident_request ir WHERE ir.incident = {} AND ir.state = 'in'"
STANDING = "(r.phase <> 'closed' OR r.closed_at >= {})"  # or closed since the word was said
# With those that are merged into them: who reported the same thing is concerned by the same word.
CONCERNED = f"""WITH RECURSIVE concerned (id) AS (
SELECT r.id FROM service_request r WHERE {{those}} AND ({STANDING} OR EXISTS (
    SELECT 1 FROM service_request k WHERE k.id = r.merged_into AND {STANDING.replace("r.", "k.")}))
UNION SELECT r.id FROM service_request r JOIN concerned c ON r.merged_into = c.id
)
SELECT r.id, r.reference, r.type, r.identity, c.email, c.phone, c.postal_address, c.preferred_channel,
c.returned_at FROM service_request r JOIN contact c ON c.request = r.id
WHERE r.id IN (SELECT id FROM concerned) AND r.erased_at IS NULL AND NOT c.stopped"""  # noqa: S608 - ours
REQUESTERS = CONCERNED.replace("{those}", f"r.id IN ({THOSE_IN})")
FOLLOWERS = f"""
SELECT r.id, r.reference, r.type, f.id AS follower, f.email FROM follower f JOIN service_request r ON r.id = f.request
WHERE (r.id = {{}} OR r.id IN ({THOSE_IN})) AND f.state = 'active' AND r.public AND {STANDING}
AND r.erased_at IS NULL"""  # noqa: S608 - ours
# People who got an earlier announcement of the incident, whatever became of their request since.
TOLD_BEFORE = """
SELECT t.id AS telling, r.id, r.reference, r.type, r.identity, c.email, c.phone, c.postal_address, c.preferred_channel,
c.returned_at FROM incident_told t JOIN incident_word w ON w.id = t.word JOIN service_request r ON r.id = t.request
JOIN contact c ON c.request = r.id
WHERE w.incident = {} AND w.number < {} AND t.follower IS NULL AND r.erased_at IS NULL"""
FOLLOWED_BEFORE = """
SELECT t.id AS telling, r.id, r.reference, r.type, f.id AS follower, f.email FROM incident_told t
JOIN incident_word w ON w.id = t.word JOIN follower f ON f.id = t.follower JOIN service_request r ON r.id = f.request
WHERE w.incident = {} AND w.number < {} AND r.erased_at IS NULL"""
WANTING = {TOLD_BEFORE: " AND NOT c.stopped", FOLLOWED_BEFORE: " AND f.state = 'active'"}
REQUESTERS_OF_ONE = CONCERNED.replace("{those}", "r.id = {}") + " ORDER BY r.id"
FOLLOWERS_OF_ONE = f"{FOLLOWERS} AND r.id = {{}} ORDER BY f.id"
NEXT_ONES = "{} AND {} > {{}} ORDER BY {} LIMIT {}"
FIRST = UUID(int=0)
MOST_NUMBER = 1_000_000  # of a word that is not said yet: after all others


class NamedIncident(Protocol):
    """An incident by its id and reference."""

    @property
    def id(self) -> UUID: ...

    @property
    def reference(self) -> str: ...


class Audience(Struct, frozen=True, kw_only=True):
    """How many people an announcement would reach, by way; and how many are concerned whom nothing reaches."""

    ways: dict[str, int]

    @property
    def people(self) -> int:
        return sum(self.ways.values())


async def audience(host: Host, town: Jurisdiction, incident: UUID, reach: Reach = "all") -> Audience:
    """Whom an announcement would reach now; a statement for each kind of people."""
    now = clock.now()
    rows: list[dict[str, Any]] = []
    for source in _sources(incident, now, MOST_NUMBER, reach):
        rows += await Contact.raw(f"{source.sql} ORDER BY {source.by}", *source.values)
    return Audience(ways=by_way(addressed(host, town, rows)))


class Source(Struct, frozen=True, kw_only=True):
    """Some of those whom an announcement is for: what finds them, and by which column they are read in pieces."""

    sql: str
    values: tuple[Any, ...]
    by: str
    column: str


def _sources(incident: UUID, at: datetime, number: int, reach: Reach) -> tuple[Source, ...]:
    """Requesters before those who only follow, then people who got an earlier announcement, unless only those are meant
    whom the incident concerns now. A correction is also for people who have unsubscribed since.
    """
    now = (
        Source(sql=REQUESTERS, values=(incident, at, at), by="r.id", column="id"),
        Source(sql=FOLLOWERS, values=(incident, incident, at), by="f.id", column="follower"),
    )
    if reach == "now":
        return now
    before = tuple(
        Source(
            sql=sql if reach == "correction" else sql + WANTING[sql],
            values=(incident, number),
            by="t.id",
            column="telling",
        )
        for sql in (TOLD_BEFORE, FOLLOWED_BEFORE)
    )
    return (*now, *before)


async def announce_word(
    host: Host,
    incident: Record,
    id: UUID,
    title: Text,
    words: Text,
    *,
    actor: Actor,
    closing: bool = False,
    urgency: Urgency = "normal",
    reach: Reach = "all",
) -> Word | Denied:
    """Tell everybody; with `closing` the incident is over. The same `id` again changes nothing.

    The step that ends it is not told for itself: the closing word is.
    """
    word = Word(
        id=id,
        number=0,
        title=title,
        words=words,
        by=actor.name[:120],
        at=clock.now(),
        closing=closing,
        urgency=urgency,
        reach=reach,
    )
    said = await _say(host, incident, word, actor)
    if isinstance(said, Word):
        await _tell_those_there(host, said.id)
    return said


async def tell_due(host: Host) -> int:
    """Tell whom announcements under way have not reached yet; how many announcements."""
    rows = await IncidentWord.select(IncidentWord.id).where(IncidentWord.told_at.is_null()).order_by(IncidentWord.at)
    for row in rows:
        await _tell_those_there(host, row["id"])
    return len(rows)


async def _say(host: Host, incident: Record, word: Word, actor: Actor) -> Word | Denied:
    """The word in a transaction of its own, short as every one that reports may have to wait for."""
    async with transaction(host.engine):
        rows = await _word_rows(word.id)
        if rows:
            return word_of(rows[0])
        plan = partial(_plan_word, word)
        answer = await change_within(host, incident.reference, plan, actor=actor)
        if not isinstance(answer, Record):
            return answer if isinstance(answer, Denied) else word_of((await _word_rows(word.id))[0])
        if word.closing:
            ending = partial(plan_move, host, END, {}, actor, "agent", "", quiet=True)
            certainly(await change_within(host, incident.reference, ending, actor=actor))
        return word_of((await _word_rows(word.id))[0])


async def _tell_those_there(host: Host, id: UUID) -> None:
    """Piece by piece: requesters before those who only follow, of several requests the oldest; each address once."""
    (row,) = await _word_rows(id)
    if row["told_at"] is not None:
        return
    word, incident = word_of(row), await get(host, row["incident"])
    town = host.jurisdictions.get(incident.jurisdiction)
    if town is None:
        return
    for source in _sources(incident.id, word.at, word.number, word.reach):
        after: UUID | None = FIRST
        while after is not None:
            async with transaction(host.engine):
                piece = NEXT_ONES.format(source.sql, source.by, source.by, PIECE)
                rows = await Contact.raw(piece, *source.values, after)
                await _tell(host, town, incident, word, addressed(host, town, rows))
            after = rows[-1][source.column] if len(rows) == PIECE else None
    async with transaction(host.engine):
        await IncidentWord.update({IncidentWord.told_at: clock.now()}).where(IncidentWord.id == id)


async def _word_rows(id: UUID) -> list[dict[str, Any]]:
    return await IncidentWord.select().where(IncidentWord.id == id)


async def _plan_word(word: Word, here: Situation) -> Change | Denied | None:
    known = await IncidentWord.select(IncidentWord.id, IncidentWord.number).where(
        IncidentWord.incident == here.record.id
    )
    if any(row["id"] == word.id for row in known):  # by the same press, a moment ago
        return None
    if here.record.phase in ("closed", "decided"):
        return Denied(code="not_possible", reason=OVER)
    row: dict[str, Any] = {
        "id": word.id,
        "incident": here.record.id,
        "number": 1 + max((row["number"] for row in known), default=0),
        "closing": word.closing,
        "title": as_json(word.title),
        "words": as_json(word.words),
        "by": word.by,
        "at": here.at,
        "told_at": None,
        "urgency": word.urgency if word.urgency != "normal" else None,
        "reach": word.reach if word.reach != "all" else None,
    }
    note = {"note": as_note(word.words)}
    return Change(
        line=Line(kind="announced", audience="public", body={"word": str(word.id)}, personal=note),
        writes=(partial(insert_values, IncidentWord, row),),
    )


OVER = Text(fr="L’incident est déjà terminé.", en="The incident has already ended.")


def as_note(words: Text) -> dict[str, str]:
    return {"fr": words.fr, "en": words.to("en")}


async def tell_latest(host: Host, town: Jurisdiction, incident: NamedIncident, request: UUID, at: datetime) -> None:
    """Inside the transaction that attaches a request: its people get the latest announcement, unless they have it."""
    rows = (
        await IncidentWord.select()
        .where(IncidentWord.incident == incident.id)
        .order_by(IncidentWord.number, ascending=False)
        .limit(1)
    )
    if rows and not rows[0]["closing"]:
        word = word_of(rows[0])
        found = await Contact.raw(REQUESTERS_OF_ONE, request, word.at, word.at)
        following = await Contact.raw(FOLLOWERS_OF_ONE, incident.id, incident.id, word.at, request)
        await _tell(host, town, incident, word, addressed(host, town, [*found, *following]))


async def _tell(
    host: Host, town: Jurisdiction, incident: NamedIncident, word: Word, receivers: tuple[Receiver, ...]
) -> None:
    """Inside a transaction: a delivery for each request of somebody who has not received this announcement."""
    new = await begin(host, word.id, receivers)
    by_request: dict[UUID, list[Receiver]] = defaultdict(list)
    for each in receivers:
        if each.address in new:
            by_request[each.request].append(each)
    at = clock.now()
    for request, those in by_request.items():
        event = Announced(
            id=str(new_id()),
            reference=those[0].reference,
            at=at,
            actor=SYSTEM.kind,
            incident=incident.reference,
            title=word.title,
            words=word.words,
            url=Text(
                fr=page_url(host, town, incident.reference, "fr"), en=page_url(host, town, incident.reference, "en")
            ),
            requester=any(not each.follower for each in those),
            followers=tuple(each.follower for each in those if each.follower),
            word=str(word.id),
            urgency=word.urgency,
            correction=word.reach == "correction",
        )
        await deliveries.write(
            host.plugins,
            (event,),
            request=request,
            reference=those[0].reference,
            type_code=those[0].type,
            plugins=town.plugins,
            town=town.code,
        )


async def told_to(host: Host, request: UUID, person: Requester | None) -> tuple[Word, ...]:
    """What was announced to the requester about this request, the oldest first: for their own archive."""
    if person is None:
        return ()
    marks = [mark_of(host, each) for each in _addresses(person, request)]
    of = IncidentTold
    rows = await of.select(of.word).where((of.request == request) & of.address.is_in(marks))
    if not rows:
        return ()
    words = IncidentWord.select().where(IncidentWord.id.is_in([row["word"] for row in rows]))
    return tuple(word_of(row) for row in await words.order_by(IncidentWord.at))


def _addresses(person: Requester, request: UUID) -> tuple[str, ...]:
    row = {"id": request, "email": person.email, "phone": person.phone}
    return tuple(address_of(method, row) for method in (EMAIL, CALL, LETTER))


LEDGER = MessageLedger(
    carried=ledger.carried,
    owed=ledger.owed,
    left_out=ledger.left_out,
    delivered=ledger.delivered,
    moved_on=ledger.moved_on,
    by_hand=ledger.by_hand,
    sent_again=ledger.sent_again,
    is_correction=ledger.is_correction,
    told_by=ledger.told_by,
    told_to=told_to,
    overdue=ledger.overdue,
    closing=ledger.closing_word,
    heard=ledger.heard,
)
