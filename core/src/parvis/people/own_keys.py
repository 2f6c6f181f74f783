"""What opens somebody's own page: a link mailed on demand and used once, then a short session for that address only."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, unit
from parvis.db.tables import OwnKey
from parvis.people.sessions import digest_of
from parvis_sdk.cleaning import clean

LINK_LASTS = timedelta(minutes=30)
SESSION_LASTS = timedelta(hours=1)
IDLE = timedelta(minutes=20)
NOTED_EVERY = timedelta(minutes=1)
MOST_TOKEN = 100


class Owner(Struct, frozen=True, kw_only=True):
    """Somebody who has shown that this address is theirs, in this town only."""

    jurisdiction: str
    email: str
    language: str
    ends_at: datetime
    other_sessions: int = 0


async def new_link(engine: Engine, jurisdiction: str, email: str, language: str) -> str:
    """A token to be mailed to this address. It is made whether or not anything is known of it: nobody can tell."""
    return await _put(engine, "link", jurisdiction, same(email), language, LINK_LASTS)


async def is_link(jurisdiction: str, token: str) -> bool:
    """Whether a link is still good; looking uses nothing up, for robots look too."""
    return await _find("link", jurisdiction, token) is not None


async def use_link(engine: Engine, jurisdiction: str, token: str, device: str = "") -> str | None:
    """Use a link up: the token of the session that begins, or None when it was used, is too old or was never ours."""
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.kind == "link") & (OwnKey.jurisdiction == jurisdiction)
    async with unit(engine):
        used = await OwnKey.delete().where(mine).returning(OwnKey.email, OwnKey.language, OwnKey.ends_at)
    if not used or used[0]["ends_at"] <= clock.now():
        return None
    row = used[0]
    return await _put(engine, "session", jurisdiction, row["email"], row["language"], SESSION_LASTS, device)


async def owner_of(engine: Engine, jurisdiction: str, token: str) -> Owner | None:
    """Whose session this is; None when it is over, was left, or is of another town."""
    row = await _find("session", jurisdiction, token)
    now = clock.now()
    if row is None or row["seen_at"] <= now - IDLE:
        return None
    if now - row["seen_at"] >= NOTED_EVERY:
        async with unit(engine):
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


async def leave(engine: Engine, token: str) -> None:
    """End one session."""
    async with unit(engine):
        await OwnKey.delete().where(OwnKey.token_digest == digest_of(token))


async def leave_everywhere(engine: Engine, owner: Owner) -> None:
    """End every session and every link that waits, of this address in this town."""
    async with unit(engine):
        await OwnKey.delete().where((OwnKey.jurisdiction == owner.jurisdiction) & (OwnKey.email == owner.email))


async def sweep_own_keys(engine: Engine) -> int:
    """What is over goes."""
    async with unit(engine):
        gone = await OwnKey.delete().where(OwnKey.ends_at <= clock.now()).returning(OwnKey.token_digest)
    return len(gone)


def same(email: str) -> str:
    """The form under which an address is one, however it was typed."""
    return email.strip().lower()


async def _put(
    engine: Engine, kind: str, jurisdiction: str, email: str, language: str, lasts: timedelta, device: str = ""
) -> str:
    token, now = secrets.token_urlsafe(32), clock.now()
    row = OwnKey(
        token_digest=digest_of(token),
        kind=kind,
        jurisdiction=jurisdiction,
        email=email,
        language=language,
        made_at=now,
        seen_at=now,
        ends_at=now + lasts,
        device=clean(device)[:200],
    )
    async with unit(engine):
        await OwnKey.insert(row)
    return token


async def _find(kind: str, jurisdiction: str, token: str) -> dict[str, Any] | None:
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.kind == kind) & (OwnKey.jurisdiction == jurisdiction)
    row = await OwnKey.select().where(mine & (OwnKey.ends_at > clock.now())).first()
    return dict(row) if row else None
