"""Links sent on demand and used once: to one request, or to somebody's own page and a short session there."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import OwnKey
from parvis.people.sessions import digest_of
from parvis_sdk.cleaning import clean

LINK_LASTS = timedelta(minutes=30)
SESSION_LASTS = timedelta(hours=1)
IDLE = timedelta(minutes=20)
NOTED_EVERY = timedelta(minutes=1)
MOST_TOKEN = 100
LinkKind = Literal["link", "request"]  # to somebody's own page, or to one request


class Owner(Struct, frozen=True, kw_only=True):
    """Somebody who has shown that this address is theirs, in this town only."""

    jurisdiction: str
    email: str
    language: str
    ends_at: datetime
    other_sessions: int = 0


async def put_link(kind: LinkKind, jurisdiction: str, to: str, language: str, request: UUID | None = None) -> str:
    """Inside a transaction: a token to be sent to this address or number; that of a request opens it.

    It is made whether or not anything is known of the address: nobody can tell.
    """
    token = secrets.token_urlsafe(32)
    await OwnKey.insert(_row(token, kind, jurisdiction, same(to), language, LINK_LASTS, request=request))
    return token


async def take_link_back(token: str) -> None:
    """Inside a transaction: as if it had never been made."""
    await OwnKey.delete().where(OwnKey.token_digest == digest_of(token))


async def is_link(kind: LinkKind, jurisdiction: str, token: str) -> bool:
    """Whether a link is still good; looking uses nothing up, for robots look too."""
    return await _find(kind, jurisdiction, token) is not None


async def use_link(engine: Engine, jurisdiction: str, token: str, device: str = "") -> str | None:
    """Use a link to one's own page up: the token of the session that begins; None when it is no good any more."""
    row = await _use(engine, "link", jurisdiction, token)
    if row is None:
        return None
    return await _put(engine, "session", jurisdiction, row["email"], row["language"], SESSION_LASTS, device)


async def use_request_link(engine: Engine, jurisdiction: str, token: str) -> tuple[UUID, str] | None:
    """Use a link to a request up: which one, and where the link was sent; None when it is no good any more."""
    row = await _use(engine, "request", jurisdiction, token)
    return (UUID(str(row["request"])), str(row["email"])) if row else None


async def address_of_session(jurisdiction: str, token: str) -> str:
    """To which address the link was sent that began this session."""
    row = await _find("session", jurisdiction, token)
    return str(row["email"]) if row else ""


async def owner_of(engine: Engine, jurisdiction: str, token: str) -> Owner | None:
    """Whose session this is; None when it is over, was left, or is of another town."""
    row = await _find("session", jurisdiction, token)
    now = clock.now()
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
    return await _end(engine, OwnKey.token_digest == digest_of(token))


async def leave_everywhere(engine: Engine, owner: Owner) -> tuple[str, ...]:
    """End every session and every link that waits, of this address in this town; the digests of their tokens."""
    return await _end(engine, (OwnKey.jurisdiction == owner.jurisdiction) & (OwnKey.email == owner.email))


async def _end(engine: Engine, those: Any) -> tuple[str, ...]:
    async with transaction(engine):
        ended = await OwnKey.delete().where(those).returning(OwnKey.token_digest)
    return tuple(row["token_digest"] for row in ended)


async def sweep_own_keys(engine: Engine) -> int:
    """What is over goes."""
    async with transaction(engine):
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
    async with transaction(engine):
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


async def _use(engine: Engine, kind: LinkKind, jurisdiction: str, token: str) -> dict[str, Any] | None:
    """The row of a link that is gone by this, once; None when it was used, is too old or was never ours."""
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.kind == kind) & (OwnKey.jurisdiction == jurisdiction)
    async with transaction(engine):
        used = await OwnKey.delete().where(mine).returning(*OwnKey.all_columns())
    return dict(used[0]) if used and used[0]["ends_at"] > clock.now() else None


async def _find(kind: str, jurisdiction: str, token: str) -> dict[str, Any] | None:
    if not 0 < len(token) <= MOST_TOKEN:
        return None
    mine = (OwnKey.token_digest == digest_of(token)) & (OwnKey.kind == kind) & (OwnKey.jurisdiction == jurisdiction)
    row = await OwnKey.select().where(mine & (OwnKey.ends_at > clock.now())).first()
    return dict(row) if row else None
