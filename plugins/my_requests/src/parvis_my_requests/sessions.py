"""Sessions of a resident’s own space: begun by a link that was mailed, short, for one address in one town."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.people.one_time_links import MOST_TOKEN, end_links, take_link
from parvis.people.sessions import digest_of
from parvis_my_requests.tables import OwnKey
from parvis_sdk.cleaning import clean

LINK = "link"  # the kind of links that begin a session; stored
SESSION_LASTS = timedelta(hours=1)
IDLE = timedelta(minutes=20)
NOTED_EVERY = timedelta(minutes=1)


class Owner(Struct, frozen=True, kw_only=True):
    """Somebody who has shown that this address is theirs, in this town only."""

    jurisdiction: str
    email: str
    language: str
    ends_at: datetime
    other_sessions: int = 0


class BegunSession(Struct, frozen=True, kw_only=True):
    """A session that a link has just begun: the token for its browser, and where the link was sent."""

    token: str
    email: str


async def begin_session(engine: Engine, jurisdiction: str, link: str, device: str = "") -> BegunSession | None:
    """Use a link up; None when it is no good any more. It stays good where the process ends before the session is."""
    token, now = secrets.token_urlsafe(32), clock.now()
    async with transaction(engine):
        used = await take_link(LINK, jurisdiction, link)
        if used is None:
            return None
        row = OwnKey(
            token_digest=digest_of(token),
            kind="session",
            jurisdiction=jurisdiction,
            email=used.sent_to,
            language=used.language,
            made_at=now,
            seen_at=now,
            ends_at=now + SESSION_LASTS,
            device=clean(device)[:200],
        )
        await OwnKey.insert(row)
    return BegunSession(token=token, email=used.sent_to)


async def owner_of(engine: Engine, jurisdiction: str, token: str) -> Owner | None:
    """Whose session this is; None when it is over, was left, or is of another town."""
    row, now = await _find(jurisdiction, token), clock.now()
    if row is None or row["seen_at"] <= now - IDLE:
        return None
    if now - row["seen_at"] >= NOTED_EVERY:
        async with transaction(engine):
            await OwnKey.update({OwnKey.seen_at: now}).where(OwnKey.token_digest == row["token_digest"])
    others = await OwnKey.count().where(
        (OwnKey.jurisdiction == jurisdiction)
        & (OwnKey.email == row["email"])
        & (OwnKey.kind == "session")
        & (OwnKey.token_digest != row["token_digest"])
        & (OwnKey.ends_at > now)
    )
    return Owner(
        jurisdiction=jurisdiction,
        email=row["email"],
        language=row["language"],
        ends_at=min(row["ends_at"], now + IDLE),
        other_sessions=int(others),
    )


async def leave(engine: Engine, token: str) -> tuple[str, ...]:
    """End one session; the digest of its token, while it was there."""
    async with transaction(engine):
        return await _end(OwnKey.token_digest == digest_of(token))


async def leave_everywhere(engine: Engine, owner: Owner) -> tuple[str, ...]:
    """End every session and every link that waits, of this address in this town; the digests of their tokens."""
    async with transaction(engine):
        await end_links(LINK, owner.jurisdiction, owner.email)
        return await _end((OwnKey.jurisdiction == owner.jurisdiction) & (OwnKey.email == owner.email))


async def sweep_sessions(engine: Engine) -> int:
    """What is over goes."""
    async with transaction(engine):
        return len(await _end(OwnKey.ends_at <= clock.now()))


async def _end(those: Any) -> tuple[str, ...]:
    ended = await OwnKey.delete().where(those).returning(OwnKey.token_digest)
    return tuple(row["token_digest"] for row in ended)


async def _find(jurisdiction: str, token: str) -> dict[str, Any] | None:
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.jurisdiction == jurisdiction)
    # A process of an older version may still write its links here: none of them is a session.
    is_open = (OwnKey.kind == "session") & (OwnKey.ends_at > clock.now())
    row = await OwnKey.select().where(mine & is_open).first()
    return dict(row) if row else None
