"""Secrets of OAuth clients: two at most at once, so that one is replaced while the other still works."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.people.tokens import digest_of
from parvis_api_access.tables import ClientSecret

PREFIX = "parvis_secret_"
MOST = 2
NOTED_EVERY = timedelta(hours=1)


class SecretLife(Struct, frozen=True, kw_only=True):
    """A secret as it may be shown; `handle` names it and opens nothing."""

    handle: str
    digest: str
    made_at: datetime
    ends_at: datetime | None
    used_at: datetime | None


class TooManySecrets(Exception):
    """Two secrets are valid already."""


async def secrets_of(client: str) -> tuple[SecretLife, ...]:
    """The secrets of a client that are valid now, the latest first."""
    valid = ClientSecret.ends_at.is_null() | (ClientSecret.ends_at > clock.now())
    query = ClientSecret.select().where((ClientSecret.client == client) & valid)
    return _lives(await query.order_by(ClientSecret.made_at, ascending=False))


async def new_secret(engine: Engine, client: str, *, others_end: datetime | None = None) -> str:
    """A new secret, told once; the one before ends at `others_end`, if that is sooner. `TooManySecrets` beside two."""
    before = await secrets_of(client)
    now = clock.now()
    ending = others_end is not None and others_end <= now
    if len(before) >= MOST and not ending:
        raise TooManySecrets(client)
    secret = PREFIX + secrets.token_urlsafe(32)
    async with transaction(engine):
        if others_end is not None:
            for each in before:
                if each.ends_at is None or each.ends_at > others_end:
                    ending_one = ClientSecret.update({ClientSecret.ends_at: others_end})
                    await ending_one.where(ClientSecret.digest == each.digest)
        await ClientSecret.insert(ClientSecret(digest=digest_of(secret), client=client, made_at=now))
    return secret


async def end_secret(engine: Engine, client: str, handle: str) -> bool:
    """End a secret at once; whether there was one."""
    found = [each.digest for each in await secrets_of(client) if each.handle == handle]
    async with transaction(engine):
        for digest in found:
            await ClientSecret.update({ClientSecret.ends_at: clock.now()}).where(ClientSecret.digest == digest)
    return bool(found)


async def note_use(engine: Engine, secret: SecretLife) -> None:
    """Keep the hour in which a secret was used last."""
    now = clock.now()
    if secret.used_at is None or now - secret.used_at >= NOTED_EVERY:
        async with transaction(engine):
            await ClientSecret.update({ClientSecret.used_at: now}).where(ClientSecret.digest == secret.digest)


def _lives(rows: Sequence[dict[str, Any]]) -> tuple[SecretLife, ...]:
    return tuple(
        SecretLife(
            handle=row["digest"][:12],
            **{name: row[name] for name in ("digest", "made_at", "ends_at", "used_at")},
        )
        for row in rows
    )
