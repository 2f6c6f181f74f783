"""Signing in: a password, then a one-time code where the person has any; every refusal looks and lasts the same."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis.db import Engine, unit
from parvis.db.tables import Agent, Session
from parvis.identifiers import new_id
from parvis.outbox.deliveries import write_message
from parvis.people.agents import Person, grants_of, normal_email, person
from parvis.people.one_time import enrol, use_code
from parvis.people.password_door import opens_by_password
from parvis.people.passwords import hash_password, is_outdated, is_password
from parvis.people.recovery import is_recovery_code, plain
from parvis.people.sessions import BY_PASSWORD, Door, begin_session, digest_of, put_session
from parvis.people.throttle import forget_tries, key_of, take_try
from parvis_sdk.channels import OutgoingMessage

WINDOW = timedelta(minutes=15)
TRIES_BY_ACCOUNT = 20
TRIES_BY_ADDRESS = 60


class Caller(Struct, frozen=True, kw_only=True):
    """From where somebody signs in."""

    address: str
    device: str = ""


class SignedIn(Struct, frozen=True, kw_only=True):
    """The door is open; `token` goes into the cookie and is kept nowhere else."""

    person: Person
    token: str
    recovery: tuple[str, ...] = ()  # codes that were made on the way, to be shown once


class Refusal(Struct, frozen=True, kw_only=True):
    """It is not. "code" means that the password is right and a one-time code is asked for; "by_provider", that it is
    right and opens nothing."""

    reason: Literal["wrong", "throttled", "code", "wrong_code", "wrong_recovery", "by_provider"]
    person_id: str = ""


async def check_password(
    engine: Engine, email: str, password: str, caller: Caller, only: Collection[str] = ()
) -> Person | Refusal:
    """The first step: whose password this is; `only` are the accounts to which passwords are left, if not all."""
    email = normal_email(email)
    by_account, by_address = key_of("sign-in", email), key_of("sign-in-from", caller.address)
    within = await take_try(engine, by_address, TRIES_BY_ADDRESS, WINDOW)
    within = await take_try(engine, by_account, TRIES_BY_ACCOUNT, WINDOW) and within
    if not within:
        return Refusal(reason="throttled")
    row = await Agent.select().where(Agent.email == email).first()
    stored = row["password"] or None if row and row["active"] else None  # nobody has an empty password
    if not await is_password(stored, password) or row is None:
        return Refusal(reason="wrong")
    if is_outdated(row["password"]):
        await _keep(engine, row["id"], await hash_password(password))
    known = person(row, await grants_of(row["id"]))
    return known if await opens_by_password(engine, known, only) else Refusal(reason="by_provider")


async def check_code(
    engine: Engine,
    known: Person,
    code: str,
    caller: Caller,
    door: Door = BY_PASSWORD,
    *,
    key: bytes,
    notice: OutgoingMessage,
) -> SignedIn | Refusal:
    """The second step, for those who chose it; `notice` is sent where a recovery code did for the telephone."""
    if not await take_try(engine, key_of("one-time", known.id), TRIES_BY_ACCOUNT, WINDOW):
        return Refusal(reason="throttled")
    async with unit(engine):
        used = await use_code(engine, known.id, code, key)
        if used is None:
            is_recovery = is_recovery_code(plain(code))
            return Refusal(reason="wrong_recovery" if is_recovery else "wrong_code", person_id=known.id)
        token = await put_session(known.id, caller.device, door, proved=True)
        if used == "recovery":
            await write_message(notice, request=new_id(), reference="")
    await _forgive(engine, known)
    return SignedIn(person=known, token=token)


async def begin_codes(
    engine: Engine, known: Person, secret: str, code: str, caller: Caller, key: bytes
) -> SignedIn | Refusal:
    """The second step of somebody who is to have codes and has none yet: this one shows that they have the secret."""
    if not await take_try(engine, key_of("one-time", known.id), TRIES_BY_ACCOUNT, WINDOW):
        return Refusal(reason="throttled")
    recovery = None if known.one_time else await enrol(engine, known.id, secret, code, key)
    if recovery is None:
        return Refusal(reason="wrong_code", person_id=known.id)
    opened = await open_door(engine, known, caller, proved=True)
    return structs.replace(opened, recovery=recovery)


async def open_door(
    engine: Engine, known: Person, caller: Caller, door: Door = BY_PASSWORD, *, proved: bool = False
) -> SignedIn:
    """The way in; `proved` where a second factor was shown."""
    await _forgive(engine, known)
    token = await begin_session(engine, known.id, caller.device, door, proved=proved)
    return SignedIn(person=known, token=token)


async def _forgive(engine: Engine, known: Person) -> None:
    await forget_tries(engine, key_of("sign-in", known.email), key_of("one-time", known.id))


async def change_password(engine: Engine, person_id: str, current: str, new: str, token: str = "") -> bool:
    """Whether `current` was right; then `new` is the password, and every other session is over."""
    if not await is_them(engine, person_id, current):
        return False
    await set_password(engine, person_id, new, keep=token)
    return True


async def is_them(engine: Engine, person_id: str, password: str) -> bool:
    """Whether somebody signed in still knows their password; asked before what matters, and not for ever."""
    if not await take_try(engine, key_of("password", person_id), TRIES_BY_ACCOUNT, WINDOW):
        return False
    row = await Agent.select(Agent.password).where(Agent.id == UUID(person_id)).first()
    return await is_password(row["password"] if row else None, password)


async def set_password(engine: Engine, person_id: str, new: str, keep: str = "") -> None:
    """Without asking for the one before: for the operator. Sessions end, but the one that is kept."""
    hashed = await hash_password(new)
    async with unit(engine):
        await Agent.update({Agent.password: hashed}).where(Agent.id == UUID(person_id))
        await Session.delete().where(Session.agent == UUID(person_id), Session.token_digest != digest_of(keep))


async def _keep(engine: Engine, id: UUID, hashed: str) -> None:
    async with unit(engine):
        await Agent.update({Agent.password: hashed}).where(Agent.id == id)
