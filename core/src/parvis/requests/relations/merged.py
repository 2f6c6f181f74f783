"""Requests that go on with another one: which they are, and that their people are told of its steps."""

from typing import Any
from uuid import UUID

from parvis.db.tables import Contact, ServiceRequest
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import Change, Situation, announce, certainly, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import PUBLIC, sees
from parvis_sdk.events import Joined, Noted
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State

# Merged into a request that was merged later itself: those go on with the last of them too.
WITH_IT = """
WITH RECURSIVE along (id) AS (
    SELECT id FROM service_request WHERE merged_into = {}
    UNION SELECT r.id FROM service_request r JOIN along a ON r.merged_into = a.id
)
SELECT r.* FROM service_request r JOIN along a ON r.id = a.id WHERE r.erased_at IS NULL ORDER BY r.id"""
# Of the request into which another is merged and of those that go on with it: people reached at the same address.
SAME_WAY = """
WITH RECURSIVE along (id) AS (
    SELECT id FROM service_request WHERE id = {}
    UNION SELECT r.id FROM service_request r JOIN along a ON r.merged_into = a.id
)
SELECT c.request, c.stopped FROM contact c JOIN along a ON c.request = a.id
WHERE LOWER(c.email) = {} AND (c.email <> '' OR c.phone = {})"""
JOINED, PARTED = "joined", "parted"  # in its history: it goes on with another one, and by itself again
FAR = 100  # requests in a row of which each was merged into the next
PHASES = {
    Phase.RECEIVED: Text(fr="Reçue", en="Received"),
    Phase.IN_PROGRESS: Text(fr="En traitement", en="In progress"),
    Phase.WAITING_FOR_YOU: Text(fr="En attente", en="Waiting"),
    Phase.DECIDED: Text(fr="Décidée", en="Decided"),
    Phase.CLOSED: Text(fr="Fermée", en="Closed"),
}


async def going_on_with(record: Record) -> tuple[Record, ...]:
    """The requests that were merged into this one, also by way of others; the erased ones left out."""
    if not record.duplicates:
        return ()
    return tuple(record_of(row) for row in await ServiceRequest.raw(WITH_IT, record.id))


async def goes_on_with(record: Record) -> Record | None:
    """The request with which a merged one goes on: the last of those that were merged one into the next."""
    found: Record | None = None
    into = record.merged_into
    for _ in range(FAR):
        if into is None:
            return found
        rows = await ServiceRequest.select().where(ServiceRequest.id == into)
        if not rows:
            return found
        found = record_of(rows[0])
        into = found.merged_into
    return found


def told_of(record: Record, request_type: RequestType, host: Host) -> Text:
    """Where a request stands, for people whose own goes on with it: its step where everybody may know it."""
    if sees(PUBLIC, record, host.jurisdictions):
        return request_type.workflow.state(record.state).title
    return PHASES[record.phase]


async def tell_along(host: Host, record: Record, here: Situation, target: State, actor: Actor) -> None:
    """Inside a transaction: announce a step to each whose request goes on with this one; to one person once."""
    others = await going_on_with(record)
    if not others:
        return
    now = told_of(record, here.request_type, host)
    known = await _ways_of([record.id, *(each.id for each in others)])
    told = {way for way in (known.get(record.id),) if way}
    for each in others:
        way = known.get(each.id)
        if way in told:
            continue
        told |= {way} if way else set()
        over = target.phase in (Phase.DECIDED, Phase.CLOSED)
        event = Joined(**here.about(actor) | {"reference": each.reference}, did="moved", now=now, over=over)
        await announce(host, each, here.town, (event,))


async def pass_on(host: Host, record: Record) -> Record:
    """Inside a transaction: note where a request goes on that its requester has written, so that somebody reads it."""
    other = await goes_on_with(record)
    if other is None or other.erased_at is not None:
        return record

    async def plan(here: Situation) -> Change:
        line = Line(kind="word_along", audience="internal", personal={"other": record.reference})
        return Change(line=line, events=(Noted(**here.about(SYSTEM)),))

    certainly(await change_within(host, other.reference, plan, actor=SYSTEM))
    return record


async def known_by(record: Record, other: Record) -> tuple[bool, bool]:
    """Of a request that goes on with another one: whether that one is of the same person, and whether they are told of
    its steps already because yet another request of theirs goes on with it.
    """
    mine = (await _ways_of([record.id])).get(record.id)
    if not mine:
        return False, False
    email, phone = (mine, "") if "@" in mine else ("", mine)
    rows = await Contact.raw(SAME_WAY, other.id, email, phone)
    own = any(row["request"] == other.id for row in rows)
    return own, any(row["request"] != other.id and not row["stopped"] for row in rows)


async def ways_along(record: Record) -> set[str]:
    """By what those are told whose requests go on with this one; a person told of one report is told of no other."""
    along = [each.id for each in await going_on_with(record)]
    return set((await _ways_of(along)).values()) if along else set()


async def ways_with(record: Record) -> dict[UUID, str]:
    """By what each person is reached whose request this is or goes on with it, where anything is known of them."""
    rows = await _contacts([record.id, *(each.id for each in await going_on_with(record))])
    return {row["request"]: way for row in rows if (way := row["email"] or row["phone"])}


async def emails_along(record: Record) -> frozenset[str]:
    """The addresses, in small letters, of those who are told because their own request goes on with this one."""
    ids = [each.id for each in await going_on_with(record)]
    rows = await _contacts(ids) if ids else []
    return frozenset(row["email"].lower() for row in rows if row["email"] and not row["stopped"])


async def _ways_of(ids: list[UUID]) -> dict[UUID, str]:
    """By what each of these people is told, alike for the same person; those left out who want no messages."""
    return {row["request"]: row["email"].lower() or row["phone"] for row in await _contacts(ids) if not row["stopped"]}


async def _contacts(ids: list[UUID]) -> list[dict[str, Any]]:
    columns = (Contact.request, Contact.email, Contact.phone, Contact.stopped)
    return list(await Contact.select(*columns).where(Contact.request.is_in(ids)))


ERASURE = ErasureRule(
    needed=(
        """WITH RECURSIVE along (id) AS (
    SELECT m.id FROM service_request m JOIN service_request s ON s.id = m.merged_into
    WHERE m.merged_into IS NOT NULL AND s.phase <> 'closed'
    UNION SELECT r.id FROM service_request r JOIN along a ON r.merged_into = a.id
) SELECT id FROM along""",
    )
)
"""A request is needed as long as the one that it goes on with is not over."""
