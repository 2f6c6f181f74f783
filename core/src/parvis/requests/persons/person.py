"""Everything that one verified address has in one town: requests, followed ones, wishes; and forgetting what it may."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Follower as FollowerRow
from parvis.db.tables import Party as PartyRow
from parvis.db.tables import Row, ServiceRequest, Wish
from parvis.identifiers import new_id
from parvis.outbox import letters
from parvis.outbox.addressees import forget_addressee
from parvis.requests import drafting
from parvis.requests.declarations import declaration, each_readable
from parvis.requests.erasure_rules import forget_address
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, OfAddress
from parvis.requests.persons.followers import token_of
from parvis.requests.records import Record, record_of, state_title
from parvis_sdk.text import Text

ERASURE = ErasureRule(addressed=(OfAddress(table="wish"), OfAddress(table="one_time_link", column="sent_to")))


async def forget_taking_part(host: Host, jurisdiction: str, email: str) -> int:
    """End every access of an address, and forget who held it; how many."""
    ended: Row = {PartyRow.name: "", PartyRow.email: "", PartyRow.ended_at: clock.now()}
    here = ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.jurisdiction == jurisdiction)
    theirs = (PartyRow.email == email.lower()) & PartyRow.ended_at.is_null() & PartyRow.request.is_in(here)
    async with transaction(host.engine):
        return len(await PartyRow.update(ended).where(theirs).returning(PartyRow.id))


THEIRS = """
SELECT r.* FROM contact c JOIN service_request r ON r.id = c.request
WHERE lower(c.email) = {} AND r.jurisdiction = {} ORDER BY r.submitted_at DESC, r.id DESC LIMIT 500"""
FOLLOWED = """
SELECT f.id AS follower, f.state AS following, f.since, r.* FROM follower f JOIN service_request r ON r.id = f.request
WHERE lower(f.email) = {} AND r.jurisdiction = {} AND f.state <> 'stopped' AND r.public
ORDER BY f.since DESC LIMIT 500"""


FOLLOWING = """
SELECT f.id FROM follower f JOIN service_request r ON r.id = f.request
WHERE lower(f.email) = {} AND r.jurisdiction = {}"""


class Theirs(Struct, frozen=True, kw_only=True):
    """One request that a person made, as a line of their page."""

    record: Record
    title: Text
    state_title: Text


class FollowedRequest(Struct, frozen=True, kw_only=True):
    """One request that a person follows; `token` stops it."""

    record: Record
    title: Text
    state_title: Text
    token: str
    confirmed: bool
    since: datetime


class Wishes(Struct, frozen=True, kw_only=True):
    """How a person wants to be written to, whatever the request."""

    language: str
    questions: bool = True


async def requests_of(host: Host, jurisdiction: str, email: str) -> tuple[Theirs, ...]:
    """What was asked with this address, confidential or not, the newest first; one statement."""

    async def read(row: Any) -> Theirs:
        record = record_of(row)
        request_type = await declaration(host, record.declaration)
        return Theirs(record=record, title=request_type.title, state_title=state_title(record, request_type))

    return tuple(await each_readable(host, await ServiceRequest.raw(THEIRS, email, jurisdiction), read))


async def followed_by(host: Host, jurisdiction: str, email: str) -> tuple[FollowedRequest, ...]:
    """What this address follows of others, as far as that is public; one statement."""

    async def read(row: Any) -> FollowedRequest:
        record = record_of(row)
        request_type = await declaration(host, record.declaration)
        return FollowedRequest(
            record=record,
            title=request_type.title,
            state_title=state_title(record, request_type),
            token=token_of(host, row["follower"]),
            confirmed=row["following"] == "active",
            since=row["since"],
        )

    return tuple(await each_readable(host, await ServiceRequest.raw(FOLLOWED, email, jurisdiction), read))


async def wishes_of(jurisdiction: str, email: str, language: str = "fr") -> Wishes:
    """What the person of this address wishes; by default to be written to in `language` and asked how it went."""
    row = await Wish.select().where((Wish.jurisdiction == jurisdiction) & (Wish.email == email)).first()
    return Wishes(language=row["language"], questions=row["questions"]) if row else Wishes(language=language)


async def keep_wishes(host: Host, jurisdiction: str, email: str, wishes: Wishes) -> None:
    """Write what the person wishes from now on."""
    kept: Row = {"language": wishes.language, "questions": wishes.questions, "changed_at": clock.now()}
    row = Wish(id=new_id(), jurisdiction=jurisdiction, email=email, **kept)
    async with transaction(host.engine):
        await Wish.insert(row).on_conflict(
            target=(Wish.jurisdiction, Wish.email),
            action="DO UPDATE",
            values=[Wish.language, Wish.questions, Wish.changed_at],
        )


async def forget_around(host: Host, jurisdiction: str, email: str) -> int:
    """Destroy what this address left besides its own requests: drafts, followings, wishes, letters; how many."""
    ids: list[UUID] = [row["id"] for row in await ServiceRequest.raw(FOLLOWING, email, jurisdiction)]
    async with transaction(host.engine):
        gone = 0
        if ids:
            gone = len(await FollowerRow.delete().where(FollowerRow.id.is_in(ids)).returning(FollowerRow.id))
        gone += await forget_address(host, jurisdiction, email)
        await letters.forget_address(email)
        await forget_addressee(host.secret, email)
    gone += await forget_taking_part(host, jurisdiction, email)
    return gone + await drafting.forget_address(host, jurisdiction, email)
