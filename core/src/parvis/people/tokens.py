"""Tokens: what machines may do in a town, over which units and types; only the digests of their keys are kept."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.db import Engine, held, transaction
from parvis.db.people_tables import Token
from parvis.modules import KeyScope, Right
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

PREFIX = "parvis_"
NOTED_EVERY = timedelta(hours=1)
NO_UNIT = "-"  # what versions without limits read of a token that has some: it reaches nothing there
ROOT = Token.key_of.is_null()

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


class TokenLimits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Over which units and types of request a token holds, all where none is named; `is_client` where it has no key of
    its own, and short-lived ones are given for it."""

    units: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    is_client: bool = False


class MachineToken(Struct, frozen=True, kw_only=True):
    """A token as it may be shown; `handle` names it, whichever of its keys was used, and opens nothing."""

    handle: str
    name: str
    jurisdiction: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime | None
    used_at: datetime | None
    revoked: bool
    units: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    is_client: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether it holds over less than its town, so that figures of all of it are not for it."""
        return bool(self.units or self.types)

    def is_for(self, type_code: str) -> bool:
        """Whether it may be used for requests of that type."""
        return not self.types or type_code in self.types

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
    limits: TokenLimits | None = None,
    ends_at: datetime | None = None,
    added: Iterable[KeyScope] = (),
) -> tuple[str, MachineToken]:
    """A new token with its key, told once; modules have `added` scopes. It holds over a unit, or within `limits`."""
    wanted, known = tuple(dict.fromkeys(scopes)), {*SCOPES, *(each.name for each in added)}
    if not wanted or (unknown := [scope for scope in wanted if scope not in known]):
        there = f"scopes are {', '.join(sorted(known))}"
        raise UnknownScopes(f"no scope is called {', '.join(unknown)}; {there}" if wanted else f"no scope; {there}")
    row = {
        "name": clean(name).strip()[:120],
        "jurisdiction": jurisdiction,
        "unit": unit_code if limits is None else "" if limits == TokenLimits() else NO_UNIT,
        "limits": None if limits is None else msgspec.json.encode(limits).decode(),
        "scopes": msgspec.json.encode(wanted).decode(),
        "ends_at": ends_at,
        "key_of": None,
    }
    async with transaction(engine):
        return await _insert(row)


async def another_key(
    engine: Engine,
    handle: str,
    *,
    ends_at: datetime | None = None,
    as_before: bool = False,
    scopes: Iterable[str] | None = None,
    others_end: datetime | None = None,
) -> tuple[str, MachineToken] | None:
    """Another key of a token, maybe for fewer scopes, with the same handle; its other keys end at `others_end` at last.

    `as_before` it lasts as long as the latest key was made for. None where there is no such token, or it is revoked.
    """
    async with transaction(engine):
        row = await held(Token.select().where(ROOT & Token.digest.like(f"{handle}%")).first(), engine)
        if row is None or row["revoked"]:
            return None
        ours = (Token.digest == row["digest"]) | (Token.key_of == row["digest"])
        if as_before:
            [last] = await Token.select().where(ours).order_by(Token.made_at, ascending=False).limit(1)
            ends_at = last["ends_at"] and clock.now() + (last["ends_at"] - last["made_at"])
        if others_end is not None:
            later = Token.ends_at.is_null() | (Token.ends_at > others_end)
            await Token.update({Token.ends_at: others_end}).where(ours & later)
        kept = row["scopes"] if scopes is None else msgspec.json.encode(tuple(scopes)).decode()
        return await _insert(row | {"key_of": row["digest"], "scopes": kept, "ends_at": ends_at})


async def _insert(given: dict[str, Any]) -> tuple[str, MachineToken]:
    key = PREFIX + secrets.token_urlsafe(32)
    row = given | {"digest": digest_of(key), "made_at": clock.now(), "used_at": None, "revoked": False}
    await Token.insert(Token(**row))
    return key, machine_token(row)


async def drop_keys(engine: Engine, before: datetime) -> int:
    """Forget further keys that ended before then; their token keeps the moment of their last use. How many."""
    async with transaction(engine):
        over = Token.key_of.is_not_null() & (Token.ends_at < before)
        rows = await Token.select(Token.digest, Token.key_of, Token.used_at).where(over).order_by(Token.used_at)
        for row in rows:
            if row["used_at"] is not None:
                earlier = Token.used_at.is_null() | (Token.used_at < row["used_at"])
                await Token.update({Token.used_at: row["used_at"]}).where((Token.digest == row["key_of"]) & earlier)
        await Token.delete().where(over)
    return len(rows)


async def revoke_key(engine: Engine, bearer: str) -> None:
    """End one further key of a token, and no other key of it."""
    async with transaction(engine):
        await Token.update({Token.revoked: True}).where(Token.digest == digest_of(bearer), Token.key_of.is_not_null())


async def token_of(engine: Engine, bearer: str | None) -> MachineToken | None:
    """The key behind `Authorization: Bearer ...`; None when unknown, revoked or over."""
    if not bearer or not bearer.startswith(PREFIX) or len(bearer) > 200:
        return None
    row, now = await Token.select().where(Token.digest == digest_of(bearer)).first(), clock.now()
    if row is None or row["revoked"] or (row["ends_at"] is not None and row["ends_at"] <= now):
        return None
    if row["key_of"] and not await Token.exists().where(Token.digest == row["key_of"], Token.revoked.eq(False)):
        return None
    if row["used_at"] is None or now - row["used_at"] >= NOTED_EVERY:
        async with transaction(engine):
            await Token.update({Token.used_at: now}).where(Token.digest == row["digest"])
    return machine_token(row)


async def tokens(engine: Engine, jurisdiction: str = "") -> tuple[MachineToken, ...]:
    """All tokens, the latest first, revoked ones too, each with the end and the last use of its latest key."""
    query = Token.select().order_by(Token.made_at, ascending=False)
    if jurisdiction:
        query = query.where(Token.jurisdiction == jurisdiction)
    keys: dict[str, list[dict[str, Any]]] = {}
    for row in await query:
        keys.setdefault(row["key_of"] or row["digest"], []).append(row)
    return tuple(_whole(each) for each in keys.values() if not each[-1]["key_of"])


def _whole(keys: Sequence[dict[str, Any]]) -> MachineToken:
    """A token by all its keys, the latest first, of which the first one made holds what it may."""
    used = max((each["used_at"] for each in keys if each["used_at"]), default=None)
    token = machine_token(keys[-1] | {"used_at": used})
    return token if token.is_client else structs.replace(token, ends_at=keys[0]["ends_at"])


async def revoke_token(engine: Engine, handle: str) -> bool:
    """Ends a token by its handle, and all its keys; whether there was one."""
    async with transaction(engine):
        rows = await Token.select(Token.digest).where(ROOT)
        named = [row["digest"] for row in rows if row["digest"][:12] == handle]
        if named:
            await Token.update({Token.revoked: True}).where(Token.digest.is_in(named))
    return bool(named)


def digest_of(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def machine_token(row: dict[str, Any]) -> MachineToken:
    units = (row["unit"],) if row["unit"] else ()
    limits = msgspec.json.decode(row["limits"] or "null", type=TokenLimits | None) or TokenLimits(units=units)
    return MachineToken(
        handle=(row["key_of"] or row["digest"])[:12],
        name=row["name"],
        jurisdiction=row["jurisdiction"],
        units=limits.units,
        types=limits.types,
        is_client=limits.is_client,
        scopes=msgspec.json.decode(row["scopes"], type=tuple[str, ...]),
        made_at=row["made_at"],
        ends_at=row["ends_at"],
        used_at=row["used_at"],
        revoked=row["revoked"],
    )
