"""People who want to be told of a request that somebody else made: asked, confirmed by mail, stopped by one press."""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Follower as FollowerRow
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox.addressees import confirm_address, may_write
from parvis.requests.actors import REQUESTER
from parvis.requests.changing import AlreadyErased, Change, NoSuchRequest, Situation, announce, certainly, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.links import LINK_LASTS, dated_key, follower_url, is_dated_key, was_dated_key
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.persons.link_letters import LinkLetter, send_link
from parvis.requests.records import Record, get, locked
from parvis.requests.relations.merged import emails_along
from parvis.signing import matches
from parvis_sdk.events import Followed
from parvis_sdk.requests import Follower
from parvis_sdk.text import Text

MOST = 500
COUNTED = "SELECT request, count(*) AS people FROM follower WHERE state = 'active' AND request IN ({}) GROUP BY request"
BETWEEN_LINKS = timedelta(hours=1)  # nobody makes us write to a stranger more often
AGAIN = Text(fr="Votre lien pour la requête {reference}", en="Your link for request {reference}")
AGAIN_BODY = Text(
    fr=(
        "Voici un nouveau lien pour la requête {reference}, que vous suivez ou avez demandé à suivre. Il permet de la "
        "suivre ou de ne plus recevoir de messages à son sujet."
    ),
    en=(
        "Here is a new link for request {reference}, which you follow or asked to follow. With it you follow the "
        "request or stop messages about it."
    ),
)
AGAIN_LABEL = Text(fr="Choisir", en="Choose")
AGAIN_BECAUSE = Text(
    fr="Vous recevez ce message parce qu’un nouveau lien a été demandé à partir d’un ancien. Sinon, ignorez-le.",
    en="You receive this message because a new link was asked for from an older one. If it was not you, ignore it.",
)
TO_CONFIRM = timedelta(days=1)  # after which an address that never answered gives way when the places are taken


Standing = Literal["good", "stops", "over"]


class FollowerState(Struct, frozen=True, kw_only=True):
    """One person's following of one request, as its link shows it.

    The link of a letter is `good` for as long as every dated one, and renewed by each letter. One that is `over` is
    ours and does nothing. Older links had no end: they only stop.
    """

    id: UUID
    request: UUID
    state: str
    language: str
    email: str
    link: Standing = "good"


async def follow(host: Host, reference: str, email: str, language: str) -> None:
    """Ask that this address be told of the steps; nothing is sent but a link to confirm, and that once an hour for
    this request, a few times a day for all that an address is named for.

    What anybody may ask for anybody leaves no trace in the story of the request before it is confirmed.
    """
    async with transaction(host.engine):
        record = await locked(host, reference)
        if record is None:
            raise NoSuchRequest(reference)
        if record.erased_at is not None:
            raise AlreadyErased(reference)
        if not record.public:
            return
        at = clock.now()
        if (id := await _asked(record, email, language, at)) is None:
            return
        if not await may_write(host.secret, email, "asked"):
            return
        event = Followed(id=str(new_id()), reference=record.reference, at=at, actor=REQUESTER.kind, follower=str(id))
        await announce(host, record, host.jurisdictions.jurisdiction(record.jurisdiction), (event,))


async def _asked(record: Record, email: str, language: str, at: datetime) -> UUID | None:
    """Inside a transaction: the follower who has just asked; None when there is no reason to write to them now."""
    known = await FollowerRow.select().where(FollowerRow.request == record.id)
    mine = next((row for row in known if row["email"].lower() == email.lower()), None)
    if mine is not None:
        if mine["state"] == "active" or mine["since"] > at - BETWEEN_LINKS:
            return None
        again: Row = {"state": "asked", "language": language, "since": at}
        await FollowerRow.update(again).where(FollowerRow.id == mine["id"])
        return UUID(str(mine["id"]))
    if len(known) >= MOST and not await _made_room(known, at):
        return None
    id = new_id()
    await FollowerRow.insert(
        FollowerRow(id=id, request=record.id, email=email, language=language, state="asked", since=at)
    )
    return id


async def _made_room(known: list[Row], at: datetime) -> bool:
    """Inside a transaction: forget who never confirmed, so that invented addresses keep nobody out for long."""
    idle = [row["id"] for row in known if row["state"] != "active" and row["since"] < at - TO_CONFIRM]
    if idle:
        await FollowerRow.delete().where(FollowerRow.id.is_in(idle))
    return bool(idle)


async def following(host: Host, token: str) -> FollowerState | None:
    """The follower that a link belongs to, or None if the link is invalid or its request is no longer public."""
    found = await _following(host, token)
    return found if found is not None and (await get(host, found.request)).public else None


async def _following(host: Host, token: str) -> FollowerState | None:
    id, _, mark = token.partition(".")
    try:
        wanted = UUID(hex=id)
    except ValueError:
        return None
    link = _standing(host, wanted, mark)
    rows = await FollowerRow.select().where(FollowerRow.id == wanted) if link else []
    if link is None or not rows:
        return None
    row = rows[0]
    return FollowerState(
        id=row["id"],
        request=row["request"],
        state=row["state"],
        language=row["language"],
        email=row["email"],
        link=link,
    )


def _standing(host: Host, id: UUID, mark: str) -> Standing | None:
    """What the secret part of a link is good for; None when it is not ours."""
    if is_dated_key(host.secret, "follow", id, mark):
        return "good"
    if was_dated_key(host.secret, "follow", id, mark):
        return "over"
    return "stops" if matches(host.secret, mark, lambda key: _mark(key, id)) else None


async def confirm(host: Host, token: str) -> Record | None:
    """From now on this person is told; the request followed, or None when the link is no good or nothing is public."""
    found = await following(host, token)
    if found is None or found.link != "good":
        return None

    async def plan(here: Situation) -> Change | Record:
        rows = await FollowerRow.select(FollowerRow.state).where(FollowerRow.id == found.id)
        if not rows or rows[0]["state"] == "active":  # a second press on the same button
            return here.record
        await FollowerRow.update({FollowerRow.state: "active"}).where(FollowerRow.id == found.id)
        return Change(line=Line(kind="followed", audience="internal", body={"follower": str(found.id)}))

    await confirm_address(host.engine, host.secret, found.email)
    return certainly(await change(host, (await get(host, found.request)).reference, plan, actor=REQUESTER))


async def renew(host: Host, found: FollowerState) -> None:
    """Send another link to the address that the one which is over was sent to."""
    record = await get(host, found.request)
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    letter = LinkLetter(
        to=found.email,
        language=found.language,
        subject=AGAIN.format(reference=record.reference),
        body=AGAIN_BODY.format(reference=record.reference),
        label=AGAIN_LABEL,
        because=AGAIN_BECAUSE,
        link=follower_url(host, town, found.language, token_of(host, found.id)),
    )
    await send_link(host, town, letter, "asked")


async def stop(host: Host, token: str) -> Record | None:
    """From now on this person is told nothing."""
    found = await _following(host, token)
    if found is None or found.link == "over":
        return None
    async with transaction(host.engine):
        await FollowerRow.update({FollowerRow.state: "stopped"}).where(FollowerRow.id == found.id)
    return await get(host, found.request)


async def followers_of(host: Host, record: Record) -> tuple[Follower, ...]:
    """Everybody who follows or has asked to; those not confirmed yet carry the link that confirms.

    Nobody while the request has no public page: it may have become something that is nobody else's business.
    """
    return (await followers_of_each(host, (record,)))[record.id]


async def followers_of_each(host: Host, records: Sequence[Record]) -> dict[UUID, tuple[Follower, ...]]:
    """The same of several, in one statement, and one for each with which others go on."""
    public = [record.id for record in records if record.public]
    rows = await FollowerRow.select().where(_following_any(public)) if public else []
    found: dict[UUID, tuple[Follower, ...]] = {}
    for record in records:
        told_already = await emails_along(record) if record.public else frozenset()
        town = host.jurisdictions.jurisdiction(record.jurisdiction)
        of = (row for row in rows if row["request"] == record.id and row["email"].lower() not in told_already)
        found[record.id] = tuple(_follower(host, town, row) for row in of)
    return found


def _following_any(requests: list[UUID]) -> Any:
    return FollowerRow.request.is_in(requests) & FollowerRow.state.is_in(["asked", "active"])


async def followers_named(host: Host, record: Record, ids: Collection[str]) -> tuple[Follower, ...]:
    """These followers, even of what is over: an announcement goes to everybody who received the one before."""
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    rows = await FollowerRow.select().where(FollowerRow.id.is_in([UUID(each) for each in ids]))
    return tuple(_follower(host, town, row) for row in rows if row["state"] != "asked")


def _follower(host: Host, town: Jurisdiction, row: Row) -> Follower:
    link = follower_url(host, town, row["language"], token_of(host, row["id"]))
    return Follower(
        id=str(row["id"]),
        email=row["email"],
        language=row["language"],
        stop_url=link,
        confirm_url=link if row["state"] == "asked" else "",
    )


async def count_followers(record: Record) -> int:
    """How many people follow."""
    return int(await FollowerRow.count().where(FollowerRow.request == record.id, FollowerRow.state == "active"))


async def followers_counted(requests: Collection[UUID]) -> dict[UUID, int]:
    """How many people follow each of these, in one statement; those that nobody follows are left out."""
    if not requests:
        return {}
    rows = await FollowerRow.raw(COUNTED.format(", ".join(["{}"] * len(requests))), *requests)
    return {row["request"]: int(row["people"]) for row in rows}


def token_of(host: Host, id: UUID) -> str:
    """The secret part of a follower's link, derived so that a copy of the database stops nobody's messages, and with an
    end."""
    return f"{id.hex}.{dated_key(host.secret, 'follow', id, LINK_LASTS)}"


def _mark(secret: bytes, id: UUID) -> str:
    """The mark of older links, which had no end."""
    return hmac.new(secret, b"follower:" + id.bytes, hashlib.sha256).hexdigest()[:32]


ERASURE = ErasureRule(personal=(Personal(table="follower"),))
