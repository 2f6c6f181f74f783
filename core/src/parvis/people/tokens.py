"""Tokens: keys for machines, with scopes, over one unit of one jurisdiction; only their digests are kept."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import Token
from parvis.modules import KeyScope, Right
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

PREFIX = "parvis_"
NOTED_EVERY = timedelta(hours=1)

SCOPES: dict[str, KeyScope] = {
    scope.name: scope
    for scope in (
        KeyScope(
            name="requests:read",
            title=Text(fr="Lire les requêtes, sans les coordonnées", en="Read requests, without contact details"),
            rights=("see",),
        ),
        KeyScope(
            name="requests:write",
            title=Text(
                fr="Saisir, traiter, attribuer et corriger les requêtes, et y répondre",
                en="Create, process, assign and correct requests, and reply",
            ),
            rights=("work", "assign", "amend", "intake"),  # over what it may see
        ),
        KeyScope(
            name="contacts:read",
            title=Text(fr="Lire les coordonnées", en="Read contact details"),
            rights=("contacts",),
        ),
        KeyScope(
            name="contacts:reveal",
            title=Text(
                fr="Révéler les identités confidentielles, avec un motif chaque fois",
                en="Reveal confidential identities, with a reason each time",
            ),
            rights=("reveal",),
        ),
        KeyScope(
            name="operate",
            title=Text(
                fr="Surveiller l’installation\u00a0: mesures et livraisons",
                en="Monitor the installation: metrics and deliveries",
            ),
            rights=("operate",),
        ),
    )
}
"""What keys may be made for by the core; modules add to it (`Module.scopes`)."""


class MachineToken(Struct, frozen=True, kw_only=True):
    """A key as it may be shown; `handle` names it and opens nothing."""

    handle: str
    name: str
    jurisdiction: str
    unit: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime | None
    used_at: datetime | None
    revoked: bool

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def rights(self, added: Iterable[KeyScope] = (), besides: Iterable[Right] = ()) -> frozenset[str]:
        """What it may do by the scopes of the core and those that modules add; another stays and gives nothing.

        Rights `besides` are those of modules that come with scopes of the core.
        """
        known = (*SCOPES.values(), *added)
        given = {right for each in known if each.name in self.scopes for right in each.rights}
        return frozenset(given | {each.name for each in besides if not {*each.scopes}.isdisjoint(self.scopes)})


class UnknownScopes(ValueError):
    """Scopes were asked for that do not exist."""


async def make_token(
    engine: Engine,
    *,
    name: str,
    jurisdiction: str,
    scopes: Iterable[str],
    unit_code: str = "",
    ends_at: datetime | None = None,
    added: Iterable[KeyScope] = (),
) -> tuple[str, MachineToken]:
    """A new key, told once, and what is kept of it; modules have `added` scopes."""
    wanted, known = tuple(dict.fromkeys(scopes)), {*SCOPES, *(each.name for each in added)}
    if not wanted or (unknown := [scope for scope in wanted if scope not in known]):
        raise UnknownScopes(", ".join(unknown) if wanted else "no scope")
    key = PREFIX + secrets.token_urlsafe(32)
    row = Token(
        digest=digest_of(key),
        name=clean(name).strip()[:120],
        jurisdiction=jurisdiction,
        unit=unit_code,
        scopes=msgspec.json.encode(wanted).decode(),
        made_at=clock.now(),
        ends_at=ends_at,
    )
    async with transaction(engine):
        await Token.insert(row)
    return key, machine_token(row.to_dict())


async def token_of(engine: Engine, bearer: str | None) -> MachineToken | None:
    """The key behind `Authorization: Bearer ...`; None when unknown, revoked or over."""
    if not bearer or not bearer.startswith(PREFIX) or len(bearer) > 200:
        return None
    row, now = await Token.select().where(Token.digest == digest_of(bearer)).first(), clock.now()
    if row is None or row["revoked"] or (row["ends_at"] is not None and row["ends_at"] <= now):
        return None
    if row["used_at"] is None or now - row["used_at"] >= NOTED_EVERY:
        async with transaction(engine):
            await Token.update({Token.used_at: now}).where(Token.digest == row["digest"])
    return machine_token(row)


async def tokens(engine: Engine, jurisdiction: str = "") -> tuple[MachineToken, ...]:
    """All keys, the latest first, revoked ones too."""
    query = Token.select().order_by(Token.made_at, ascending=False)
    if jurisdiction:
        query = query.where(Token.jurisdiction == jurisdiction)
    return tuple(machine_token(row) for row in await query)


async def revoke_token(engine: Engine, handle: str) -> bool:
    """Ends a key by its handle; whether there was one."""
    async with transaction(engine):
        rows = await Token.select(Token.digest)
        named = [row["digest"] for row in rows if row["digest"][:12] == handle]
        if named:
            await Token.update({Token.revoked: True}).where(Token.digest.is_in(named))
    return bool(named)


def digest_of(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def machine_token(row: dict[str, Any]) -> MachineToken:
    return MachineToken(
        handle=row["digest"][:12],
        name=row["name"],
        jurisdiction=row["jurisdiction"],
        unit=row["unit"],
        scopes=msgspec.json.decode(row["scopes"], type=tuple[str, ...]),
        made_at=row["made_at"],
        ends_at=row["ends_at"],
        used_at=row["used_at"],
        revoked=row["revoked"],
    )
