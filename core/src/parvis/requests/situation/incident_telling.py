"""One message to everybody whom an incident concerns: requesters and followers, each address once, whatever happens.

A word is written in one unit: a repeat finds it there, and whoever comes later is told of the latest one as they are
attached. Those who are there are told in pieces, each in a unit of its own beside its deliveries, so that neither new
reports nor pages wait for thousands of them; what a killed process left of it, a chore tells.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, unit
from parvis.db.incident_tables import IncidentTold, IncidentWord
from parvis.db.tables import Contact
from parvis.identifiers import new_id
from parvis.outbox import deliveries
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.lifecycle import plan_move
from parvis.requests.links import page_url
from parvis.requests.persons.receivers import Receiver, address_of, addressed, by_way, mark_of
from parvis.requests.records import Record, as_json, get
from parvis.requests.situation.bulletin import Word, word_of
from parvis.territory import Jurisdiction
from parvis_sdk.events import Announced
from parvis_sdk.requests import PreferredChannel, Requester
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
REQUESTERS_OF_ONE = CONCERNED.replace("{those}", "r.id = {}") + " ORDER BY r.id"
FOLLOWERS_OF_ONE = f"{FOLLOWERS} AND r.id = {{}} ORDER BY f.id"
NEXT_ONES = "{} AND {} > {{}} ORDER BY {} LIMIT {}"
FIRST = UUID(int=0)


class Named(Protocol):
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


async def audience(heart: Heart, town: Jurisdiction, incident: UUID) -> Audience:
    """Whom an announcement would reach now; two statements."""
    now = clock.now()
    asking = await Contact.raw(f"{REQUESTERS} ORDER BY r.id", incident, now, now)
    following = await Contact.raw(f"{FOLLOWERS} ORDER BY f.id", incident, incident, now)
    return Audience(ways=by_way(addressed(heart, town, [*asking, *following])))


async def announce_word(
    heart: Heart, incident: Record, id: UUID, title: Text, words: Text, *, actor: Actor, closing: bool = False
) -> Word | Denied:
    """Tell everybody; with `closing` the incident is over. The same `id` again changes nothing.

    The step that ends it is not told for itself: the closing word is.
    """
    said = await _say(heart, incident, id, title, words, actor, closing)
    if isinstance(said, Word):
        await _tell_those_there(heart, said.id)
    return said


async def tell_due(heart: Heart) -> int:
    """Tell whom announcements under way have not reached yet; how many announcements."""
    rows = await IncidentWord.select(IncidentWord.id).where(IncidentWord.told_at.is_null()).order_by(IncidentWord.at)
    for row in rows:
        await _tell_those_there(heart, row["id"])
    return len(rows)


async def _say(
    heart: Heart, incident: Record, id: UUID, title: Text, words: Text, actor: Actor, closing: bool
) -> Word | Denied:
    """The word in a unit of its own, short as every unit that reports may have to wait for."""
    async with unit(heart.engine):
        rows = await IncidentWord.select().where(IncidentWord.id == id)
        if rows:
            return word_of(rows[0])
        plan = partial(_plan_word, heart, id, title, words, actor, closing)
        answer = await change_within(heart, incident.reference, plan, actor=actor)
        if not isinstance(answer, Record):
            return answer if isinstance(answer, Denied) else word_of((await _word_rows(id))[0])
        if closing:
            ending = partial(plan_move, heart, END, {}, actor, "agent", "", quiet=True)
            certainly(await change_within(heart, incident.reference, ending, actor=actor))
        return word_of((await _word_rows(id))[0])


async def _tell_those_there(heart: Heart, id: UUID) -> None:
    """Piece by piece: requesters before those who only follow, of several requests the oldest; each address once."""
    (row,) = await _word_rows(id)
    if row["told_at"] is not None:
        return
    word, incident = word_of(row), await get(heart, row["incident"])
    town = heart.territory.get(incident.jurisdiction)
    if town is None:
        return
    of_incident = {REQUESTERS: [incident.id, word.at, word.at], FOLLOWERS: [incident.id, incident.id, word.at]}
    for people, by in ((REQUESTERS, "r.id"), (FOLLOWERS, "f.id")):
        after: UUID | None = FIRST
        while after is not None:
            async with unit(heart.engine):
                rows = await Contact.raw(NEXT_ONES.format(people, by, by, PIECE), *of_incident[people], after)
                await _tell(heart, town, incident, word, addressed(heart, town, rows))
            after = rows[-1]["follower" if people is FOLLOWERS else "id"] if len(rows) == PIECE else None
    async with unit(heart.engine):
        await IncidentWord.update({IncidentWord.told_at: clock.now()}).where(IncidentWord.id == id)


async def _word_rows(id: UUID) -> list[dict[str, Any]]:
    return await IncidentWord.select().where(IncidentWord.id == id)


async def _plan_word(
    heart: Heart, id: UUID, title: Text, words: Text, actor: Actor, closing: bool, here: Situation
) -> Change | Denied | None:
    known = await IncidentWord.select(IncidentWord.id, IncidentWord.number).where(
        IncidentWord.incident == here.record.id
    )
    if any(row["id"] == id for row in known):  # by the same press, a moment ago
        return None
    if here.record.phase in ("closed", "decided"):
        return Denied(code="not_possible", reason=OVER)
    row: dict[str, Any] = {
        "id": id,
        "incident": here.record.id,
        "number": 1 + max((row["number"] for row in known), default=0),
        "closing": closing,
        "title": as_json(title),
        "words": as_json(words),
        "by": actor.name[:120],
        "at": here.at,
        "told_at": None,
        "urgency": None,
        "reach": None,
    }

    return Change(
        line=Line(kind="announced", audience="public", body={"word": str(id)}, personal={"note": as_note(words)}),
        writes=(partial(insert_values, IncidentWord, row),),
    )


OVER = Text(fr="L’incident est déjà terminé.", en="The incident is over already.")


def as_note(words: Text) -> dict[str, str]:
    return {"fr": words.fr, "en": words.to("en")}


async def tell_latest(heart: Heart, town: Jurisdiction, incident: Named, request: UUID, at: datetime) -> None:
    """Inside the unit that attaches a request: its people hear the latest word, unless they have heard it."""
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
        await _tell(heart, town, incident, word, addressed(heart, town, [*found, *following]))


async def _tell(heart: Heart, town: Jurisdiction, incident: Named, word: Word, receivers: tuple[Receiver, ...]) -> None:
    """Inside a unit: a delivery for each request of somebody who has not heard this word."""
    new = await _first_time(heart, word.id, receivers)
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
                fr=page_url(heart, town, incident.reference, "fr"), en=page_url(heart, town, incident.reference, "en")
            ),
            requester=any(not each.follower for each in those),
            followers=tuple(each.follower for each in those if each.follower),
        )
        await deliveries.write(
            heart.house,
            (event,),
            request=request,
            reference=those[0].reference,
            type_code=those[0].type,
            plugins=town.plugins,
            town=town.code,
        )


async def _first_time(heart: Heart, word: UUID, receivers: Iterable[Receiver]) -> frozenset[str]:
    """Inside a unit: note that these are told; the addresses that were not noted before."""
    marked = {mark_of(heart, each.address): each for each in receivers}
    at, table = clock.now(), IncidentTold
    new: set[str] = set()
    marks = list(marked)
    for start in range(0, len(marks), PIECE):
        rows = [
            table(id=new_id(), word=word, address=mark, way=marked[mark].way, request=marked[mark].request, at=at)
            for mark in marks[start : start + PIECE]
        ]
        noted = (
            await table.insert(*rows)
            .on_conflict(target=(table.word, table.address), action="DO NOTHING")
            .returning(table.address)
        )
        new.update(marked[row["address"]].address for row in noted)
    return frozenset(new)


async def told_to(heart: Heart, request: UUID, person: Requester | None) -> tuple[Word, ...]:
    """What was announced to the requester about this request, the oldest first: for their own archive."""
    if person is None:
        return ()
    marks = [mark_of(heart, each) for each in _addresses(person, request)]
    of = IncidentTold
    rows = await of.select(of.word).where((of.request == request) & of.address.is_in(marks))
    if not rows:
        return ()
    words = IncidentWord.select().where(IncidentWord.id.is_in([row["word"] for row in rows]))
    return tuple(word_of(row) for row in await words.order_by(IncidentWord.at))


def _addresses(person: Requester, request: UUID) -> tuple[str, ...]:
    row = {"id": request, "email": person.email, "phone": person.phone}
    ways: tuple[PreferredChannel, ...] = ("email", "phone", "letter")
    return tuple(address_of(way, row) for way in ways)


async def forget_told(request: UUID) -> None:
    """Inside the unit of an erasure: that somebody was told stays counted, who it was does not."""
    table = IncidentTold
    for row in await table.select(table.id).where(table.request == request):
        await table.update({table.request: None, table.address: row["id"].hex}).where(table.id == row["id"])
