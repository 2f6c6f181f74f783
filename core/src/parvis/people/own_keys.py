"""Links sent on demand and used once: to one request, or to somebody's own page and a short session there."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

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


async def address_of_session(jurisdiction: str, token: str) -> str:
    """To which address the link was sent that began this session."""
    row = await _find("session", jurisdiction, token)
    return str(row["email"]) if row else ""


async def put_request_link(jurisdiction: str, request: UUID, to: str, language: str) -> str:
    """Inside a unit: a token to be sent to this address or number, the contact of that request, which it opens."""
    token = secrets.token_urlsafe(32)
    await OwnKey.insert(_row(token, "request", jurisdiction, same(to), language, LINK_LASTS, request=request))
    return token


async def take_request_link_back(token: str) -> None:
    """Inside a unit: as if it had never been made."""
    await OwnKey.delete().where(OwnKey.token_digest == digest_of(token))


async def is_request_link(jurisdiction: str, token: str) -> bool:
    """Whether a link to a request is still good; looking uses nothing up."""
    return await _find("request", jurisdiction, token) is not None


async def use_request_link(engine: Engine, jurisdiction: str, token: str) -> tuple[UUID, str] | None:
    """Use a link to a request up: which one, and where the link was sent; None when it is no good any more."""
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.kind == "request")
    async with unit(engine):
        used = (
            await OwnKey.delete()
            .where(mine & (OwnKey.jurisdiction == jurisdiction))
            .returning(OwnKey.request, OwnKey.email, OwnKey.ends_at)
        )
    if not used or used[0]["ends_at"] <= clock.now():
        return None
    return UUID(str(used[0]["request"])), str(used[0]["email"])


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
    token = secrets.token_urlsafe(32)
    row = _row(token, kind, jurisdiction, email, language, lasts)
    row.device = clean(device)[:200]
    async with unit(engine):
        await OwnKey.insert(row)
    return token


def _row(
    token: str,
    kind: str,
    jurisdiction: str,
    email: str,
    language: str,
    lasts: timedelta,
    request: UUID | None = None,
) -> OwnKey:
    now = clock.now()
    return OwnKey(
        token_digest=digest_of(token),
        kind=kind,
        jurisdiction=jurisdiction,
        email=email,
        language=language,
        made_at=now,
        seen_at=now,
        ends_at=now + lasts,
        request=request,
    )


async def _find(kind: str, jurisdiction: str, token: str) -> dict[str, Any] | None:
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.kind == kind) & (OwnKey.jurisdiction == jurisdiction)
    row = await OwnKey.select().where(mine & (OwnKey.ends_at > clock.now())).first()
    return dict(row) if row else None
