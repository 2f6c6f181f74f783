"""Sessions: a random token in a cookie, its digest here, never one that we did not make; and devices known before."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import Session
from parvis.delegations import lending
from parvis.people.agents import WITH_GRANTS, Person, people
from parvis.people.sign_in_log import write_down
from parvis.signing import matches
from parvis_sdk.cleaning import clean

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=3)
NOTED_EVERY = timedelta(minutes=5)
FINISHING = timedelta(minutes=15)
OPENED = (
    f"SELECT t.agent AS me, t.seen_at, t.door, t.proved, t.finishing_at, {WITH_GRANTS} "  # noqa: S608 - ours
    'FROM session t {lent} JOIN agent a ON a.id IN (t.agent, s.agent) LEFT JOIN "grant" g ON g.agent = a.id '
    "WHERE t.token_digest = {{}} AND t.ends_at > {{}} AND t.seen_at > {{}}"
)
"""A session, whose it is, and what they hold: one statement with every page of a signed-in person, cached nowhere."""


class Door(Struct, frozen=True, kw_only=True):
    """By which provider somebody came in, and the digest of what it calls their session there."""

    provider: str = ""
    session: str = ""


BY_PASSWORD = Door()


class CurrentSession(Struct, frozen=True, kw_only=True):
    """A session as it comes with a page: whose, how it was begun (`door`), and whether a second factor was shown."""

    person: Person
    door: str
    proved: bool
    finishing_at: datetime | None


class OpenSession(Struct, frozen=True, kw_only=True):
    """One place where somebody is signed in; `handle` names it and opens nothing."""

    handle: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    device: str
    current: bool
    person: str
    door: str = ""


async def begin_session(
    engine: Engine, person_id: str, device: str = "", door: Door = BY_PASSWORD, *, proved: bool = False
) -> str:
    """A new sign-in, `proved` where a second factor was shown; its token, told once."""
    async with transaction(engine):
        return await put_session(person_id, device, door, proved=proved)


async def put_session(person_id: str, device: str, door: Door, *, proved: bool) -> str:
    """Inside a transaction: the same."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = Session(
        token_digest=digest_of(token),
        agent=UUID(person_id),
        made_at=now,
        seen_at=now,
        ends_at=now + LONGEST,
        device=clean(device)[:200],
        door=door.provider,
        outside=door.session,
        proved=proved,
    )
    await Session.insert(row)
    await write_down("in", person_id, door.provider)
    return token


async def seen_since(moment: datetime) -> dict[str, datetime]:
    """Who has asked for a page since then, and when they last did, as far as it is noted; one statement."""
    there = (Session.seen_at >= moment) & (Session.ends_at > clock.now())
    rows = await Session.select(Session.agent, Session.seen_at).where(there).order_by(Session.seen_at)
    return {str(row["agent"]): row["seen_at"] for row in rows}


async def is_open(token: str) -> bool:
    """Whether somebody is signed in with this token still; asking is no sign of them."""
    now = clock.now()
    there = (Session.token_digest == digest_of(token)) & (Session.ends_at > now) & (Session.seen_at > now - IDLE)
    return await Session.exists().where(there)


async def person_of(engine: Engine, token: str | None) -> Person | None:
    """Who is signed in with this token, if anybody."""
    opened = await opened_with(engine, token)
    return opened.person if opened else None


async def opened_with(engine: Engine, token: str | None) -> CurrentSession | None:
    """The session of this token; None when it was never ours, was ended, or is too old or too long idle."""
    if not token or len(token) > 200:
        return None
    digest, now = digest_of(token), clock.now()
    lent, moments = lending("t.agent", now, of="deputy")
    rows = await Session.raw(OPENED.format(lent=lent), *moments, digest, now, now - IDLE)
    whose = people(rows).get(rows[0]["me"]) if rows else None
    if whose is None or not whose.active:
        return None
    session = rows[0]
    if now - session["seen_at"] >= NOTED_EVERY:
        async with transaction(engine):
            await Session.update({Session.seen_at: now}).where(Session.token_digest == digest)
    return CurrentSession(
        person=whose, door=session["door"], proved=session["proved"], finishing_at=session["finishing_at"]
    )


async def may_finish(engine: Engine, opened: CurrentSession, token: str) -> bool:
    """Whether a session that has a second factor to show may still send what was typed: the first form, and others for
    a while."""
    now = clock.now()
    if opened.finishing_at is not None:
        return now - opened.finishing_at < FINISHING
    async with transaction(engine):
        await Session.update({Session.finishing_at: now}).where(
            Session.token_digest == digest_of(token), Session.finishing_at.is_null()
        )
    return True


async def sessions_of(engine: Engine, person_id: str, token: str = "") -> tuple[OpenSession, ...]:
    """Where somebody is signed in, the latest first; `token` marks the one that is asking."""
    return await _open(Session.agent == UUID(person_id), token)


async def all_sessions(engine: Engine, token: str = "") -> tuple[OpenSession, ...]:
    """Where anybody is signed in, the latest first."""
    return await _open(Session.token_digest != "", token)


async def _open(which: Any, token: str) -> tuple[OpenSession, ...]:
    now, current = clock.now(), digest_of(token)
    rows = (
        await Session.select()
        .where(which, Session.ends_at > now, Session.seen_at > now - IDLE)
        .order_by(Session.seen_at, ascending=False)
    )
    return tuple(
        OpenSession(
            handle=row["token_digest"][:16],
            made_at=row["made_at"],
            seen_at=row["seen_at"],
            ends_at=row["ends_at"],
            device=row["device"],
            current=row["token_digest"] == current,
            person=str(row["agent"]),
            door=row["door"],
        )
        for row in rows
    )


async def end_session(engine: Engine, token: str) -> str:
    """Sign out; the provider by which the session was begun, "" for a password or where there was none."""
    if not token:
        return ""
    async with transaction(engine):
        gone = await Session.delete().where(Session.token_digest == digest_of(token)).returning(Session.door)
    return str(gone[0]["door"]) if gone else ""


async def end_session_named(engine: Engine, person_id: str, handle: str, by: str = "") -> bool:
    """End one session of somebody, on another device; whether there was one. `by` is the operator who does it."""
    async with transaction(engine):
        mine = await Session.select(Session.token_digest).where(Session.agent == UUID(person_id))
        named = [row["token_digest"] for row in mine if row["token_digest"][:16] == handle]
        if named:
            await Session.delete().where(Session.token_digest.is_in(named))
            await write_down("ended", person_id, by=by)
    return bool(named)


async def end_sessions_at(engine: Engine, provider: str, *, session: str, agent: UUID | None) -> int:
    """End what was begun by a provider: one session by the digest of its name there, else all of one person."""
    by_it = Session.door == provider
    if session:
        which = by_it & (Session.outside == session)
    elif agent is not None:
        which = by_it & (Session.agent == agent)
    else:
        return 0
    async with transaction(engine):
        gone = await Session.delete().where(which).returning(Session.agent)
        for row in gone:
            await write_down("ended", row["agent"], provider)
    return len(gone)


async def end_other_sessions(engine: Engine, person_id: str, token: str = "", by: str = "") -> int:
    """End all sessions but the one that asks; all of them without a token. `by` is the operator who does it."""
    async with transaction(engine):
        gone = (
            await Session.delete()
            .where(Session.agent == UUID(person_id), Session.token_digest != digest_of(token))
            .returning(Session.token_digest)
        )
        if gone:
            await write_down("ended", person_id, by=by)
    return len(gone)


async def sweep_sessions(engine: Engine) -> int:
    """Sessions that are over go."""
    now = clock.now()
    async with transaction(engine):
        gone = (
            await Session.delete()
            .where((Session.ends_at <= now) | (Session.seen_at <= now - IDLE))
            .returning(Session.token_digest)
        )
    return len(gone)


def digest_of(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


MOST_MARK = 120


def new_device(secret: bytes, email: str) -> str:
    """The mark of a device on which this account was just opened."""
    id = secrets.token_urlsafe(16)
    return f"{id}.{_proof(secret, email, id)}"


def device_in(secret: bytes, email: str, mark: str) -> str:
    """The device that carries this mark; empty when it is not one of this account."""
    id, _, proof = mark[:MOST_MARK].partition(".")
    return id if matches(secret, proof, lambda key: _proof(key, email, id)) else ""


def name_of(secret: bytes, email: str) -> str:
    """Under which name a browser keeps the mark of this account: several people may share it."""
    return hmac.new(secret, b"device-name:" + _same(email), hashlib.sha256).hexdigest()[:12]


def _proof(secret: bytes, email: str, id: str) -> str:
    told = b"known-device:" + id.encode("utf-8", "replace") + b"\0" + _same(email)
    return hmac.new(secret, told, hashlib.sha256).hexdigest()[:32]


def _same(email: str) -> bytes:
    return email.strip().casefold().encode("utf-8", "replace")
