"""Signing in: a password, then a one-time code where the person has any; every refusal looks and lasts the same.

Tries are counted by account and caller together, so that nobody shuts an account to its owner from outside, and success
forgives them; a device on which the account was opened before has a count of its own, which no other one fills.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis.db import Engine, transaction
from parvis.db.people_tables import Agent, Session
from parvis.db.people_tables import Grant as GrantRow
from parvis.identifiers import new_id
from parvis.outbox.deliveries import write_message
from parvis.people.agents import Person, grants_of, normal_email, person
from parvis.people.granting import OPERATING
from parvis.people.one_time import enrol, is_recovery_code, plain, use_code
from parvis.people.passwords import hash_password, is_outdated, is_password
from parvis.people.sessions import BY_PASSWORD, Door, begin_session, digest_of, put_session
from parvis.people.throttle import count_under, forget_tries, key_of, network_of, take_try, wait_for
from parvis_sdk.channels import OutgoingMessage


async def opens_by_password(engine: Engine, person: Person, only: Collection[str]) -> bool:
    """With nobody named, everybody's. Else those who are named; and the operators while no open account that is named
    is one of theirs, so that no list in a file can lock them all out."""
    named = [normal_email(each) for each in only]
    if not named or person.email in named:
        return True
    if not any(grant.role in OPERATING for grant in person.grants):
        return False
    rows = await Agent.select(Agent.id, Agent.active, Agent.password).where(Agent.email.is_in(named))
    keepers = [row["id"] for row in rows if row["active"] and row["password"]]
    if not keepers:
        return True
    running = GrantRow.role.is_in(OPERATING) & GrantRow.agent.is_in(keepers)
    return not await GrantRow.exists().where(running)


WINDOW = timedelta(minutes=15)
BY_CALLER = 10  # of one account from one place
BY_DEVICE = 20  # of one account on a device on which it was opened before
BY_ACCOUNT = 100  # of one account from all places together, beside its own devices
BY_ADDRESS = 60  # of all accounts from one place, beside their own devices
CODES_BY_ACCOUNT = 30  # of the six figures of one account, beside its own devices
ALARM_EVERY = timedelta(hours=1)
SLIPS_AT_HOME = 3  # wrong codes on an own device before its owner is told


class Caller(Struct, frozen=True, kw_only=True):
    """From where somebody signs in; `known` names a device on which this account was opened before."""

    address: str
    device: str = ""
    known: str = ""


class SignedIn(Struct, frozen=True, kw_only=True):
    """Let in; `token` goes into the cookie and is kept nowhere else."""

    person: Person
    token: str
    recovery: tuple[str, ...] = ()  # codes that were made on the way, to be shown once


class Refusal(Struct, frozen=True, kw_only=True):
    """Not let in. "code" means that the password is right and a one-time code is asked for; "by_provider", that it is
    right and opens nothing ("no_password": where there is no other way in); "throttled" lasts for `wait` seconds."""

    reason: Literal["wrong", "throttled", "code", "wrong_code", "wrong_recovery", "by_provider", "no_password"]
    person_id: str = ""
    wait: int = 0


class Counts(Struct, frozen=True, kw_only=True):
    """What a try of a caller is measured by: a count of their own, of an account and them together, and those that they
    share with others.

    The own one is raised before anything is compared, so that many tries at one moment are worth no more than a few,
    and given back by a success. The shared ones count mistakes alone: a correct sign-in adds nothing.
    """

    own: str
    most: int
    shared: dict[str, int] = {}

    async def begin(self, engine: Engine) -> int:
        """Counts an attempt; returns for how many seconds further ones are refused, if there were too many."""
        if wait := await wait_for(self.shared):
            return wait
        counted = await count_under(engine, [self.own], WINDOW)
        return await wait_for({self.own: self.most}) if counted[self.own] > self.most else 0

    async def mistaken(self, engine: Engine) -> None:
        """The try was wrong."""
        await count_under(engine, self.shared, WINDOW)

    async def right(self, engine: Engine) -> None:
        """The try was right, and forgives the others of this caller about this account. Not those about others, which
        somebody with one account would wash off by it."""
        await forget_tries(engine, self.own)


def counts_of(step: Literal["sign-in", "one-time"], account: str, caller: Caller) -> Counts:
    """The counts of a caller at a step of signing in."""
    if caller.known:
        return Counts(own=key_of(f"{step}-device", account, caller.known), most=BY_DEVICE)
    place = network_of(caller.address)
    of_account = BY_ACCOUNT if step == "sign-in" else CODES_BY_ACCOUNT
    shared = {key_of(f"{step}-account", account): of_account, key_of("sign-in-from", place): BY_ADDRESS}
    return Counts(own=key_of(step, account, place), most=BY_CALLER, shared=shared)


async def check_password(
    engine: Engine, email: str, password: str, caller: Caller, only: Collection[str] = ()
) -> Person | Refusal:
    """The first step: whose password this is; `only` are the accounts to which passwords are left, if not all."""
    email = normal_email(email)
    counts = counts_of("sign-in", email, caller)
    if wait := await counts.begin(engine):
        return Refusal(reason="throttled", wait=wait)
    row = await Agent.select().where(Agent.email == email).first()
    stored = row["password"] or None if row and row["active"] else None  # nobody has an empty password
    if not await is_password(stored, password) or row is None:
        await counts.mistaken(engine)
        return Refusal(reason="wrong")
    await counts.right(engine)
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
    alarm: OutgoingMessage | None = None,
) -> SignedIn | Refusal:
    """The second step, for those who chose it; `notice` is sent where a recovery code did for the telephone, `alarm`
    where it failed: at this point the password was right."""
    counts = counts_of("one-time", known.id, caller)
    if wait := await counts.begin(engine):
        return Refusal(reason="throttled", wait=wait)
    async with transaction(engine):
        used = await use_code(engine, known.id, code, key)
        if used is not None:
            token = await put_session(known.id, caller.device, door, proved=True)
        if used == "recovery":
            await write_message(notice, request=new_id(), reference="")
    if used is None:
        await counts.mistaken(engine)
        await _warn(engine, known, caller, counts, alarm)
        is_recovery = is_recovery_code(plain(code))
        return Refusal(reason="wrong_recovery" if is_recovery else "wrong_code", person_id=known.id)
    await counts.right(engine)
    return SignedIn(person=known, token=token)


async def _warn(engine: Engine, known: Person, caller: Caller, counts: Counts, alarm: OutgoingMessage | None) -> None:
    """Tell the owner of the account of a wrong code, an hour apart: at once of a device that is not theirs."""
    slip = bool(caller.known) and not await wait_for({counts.own: SLIPS_AT_HOME})
    if alarm is None or slip or not await take_try(engine, key_of("one-time-told", known.id), 1, ALARM_EVERY):
        return
    async with transaction(engine):
        await write_message(alarm, request=new_id(), reference="")


async def begin_codes(
    engine: Engine, known: Person, secret: str, code: str, caller: Caller, key: bytes, *, notice: OutgoingMessage
) -> SignedIn | Refusal:
    """The second step of somebody who is to have codes and has none yet: this one shows that they have the secret.

    Until then a password was enough, no matter who knew it: the owner of the account is told by `notice`.
    """
    counts = counts_of("one-time", known.id, caller)
    if wait := await counts.begin(engine):
        return Refusal(reason="throttled", wait=wait)
    recovery = None if known.one_time else await enrol(engine, known.id, secret, code, key)
    if recovery is None:
        await counts.mistaken(engine)
        return Refusal(reason="wrong_code", person_id=known.id)
    async with transaction(engine):
        await write_message(notice, request=new_id(), reference="")
    await counts.right(engine)
    opened = await open_door(engine, known, caller, proved=True)
    return structs.replace(opened, recovery=recovery)


async def open_door(
    engine: Engine, known: Person, caller: Caller, door: Door = BY_PASSWORD, *, proved: bool = False
) -> SignedIn:
    """The way in; `proved` where a second factor was shown."""
    token = await begin_session(engine, known.id, caller.device, door, proved=proved)
    return SignedIn(person=known, token=token)


async def change_password(engine: Engine, person_id: str, current: str, new: str, token: str = "") -> bool:
    """Whether `current` was right; then `new` is the password, and every other session is over."""
    if not await is_them(engine, person_id, current):
        return False
    await set_password(engine, person_id, new, keep=token)
    return True


async def is_them(engine: Engine, person_id: str, password: str) -> bool:
    """Whether somebody signed in still knows their password; asked before what matters, and not for ever."""
    counts = Counts(own=key_of("password", person_id), most=BY_DEVICE)
    if await counts.begin(engine):
        return False
    row = await Agent.select(Agent.password).where(Agent.id == UUID(person_id)).first()
    if not await is_password(row["password"] if row else None, password):
        return False
    await counts.right(engine)
    return True


async def set_password(engine: Engine, person_id: str, new: str, keep: str = "") -> None:
    """Without asking for the one before: for the operator. Sessions end, but the one that is kept."""
    hashed = await hash_password(new)
    async with transaction(engine):
        await Agent.update({Agent.password: hashed}).where(Agent.id == UUID(person_id))
        await Session.delete().where(Session.agent == UUID(person_id), Session.token_digest != digest_of(keep))


async def _keep(engine: Engine, id: UUID, hashed: str) -> None:
    async with transaction(engine):
        await Agent.update({Agent.password: hashed}).where(Agent.id == id)
