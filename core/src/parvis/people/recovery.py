"""Recovery codes: ten at a time, each in place of one code of the telephone; kept as keyed digests only."""

import hmac
import re
import secrets
from hashlib import sha256
from uuid import UUID

from parvis import clock
from parvis.db import Engine, held, transaction
from parvis.db.people_tables import Agent
from parvis.db.sign_in_tables import RecoveryCode
from parvis.people.sign_in_log import write_down

MANY = 10
FEW = 2
DIGITS = 12  # no letters: a telephone shows its digits alone for the box of codes
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")


def plain(code: str) -> str:
    """What was typed, without what people put between digits."""
    return BETWEEN.sub("", code)


def is_recovery_code(code: str) -> bool:
    """Whether this has the form of one, which no code of a telephone has."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


async def count_left(person_id: str) -> int:
    return int(await RecoveryCode.count().where(RecoveryCode.agent == UUID(person_id)))


async def make_anew(engine: Engine, person_id: str, key: bytes) -> tuple[str, ...]:
    """Ten others, told once; those of before open nothing any more. None for somebody without one-time codes."""
    async with transaction(engine):
        agent = await held(Agent.objects().where(Agent.id == UUID(person_id)).first(), engine)
        if agent is None or not agent.one_time_secret:
            return ()
        await write_down("spares", person_id)
        return await put_codes(person_id, key)


async def put_codes(person_id: str, key: bytes) -> tuple[str, ...]:
    """Inside a unit that holds the account: ten codes, and none of before."""
    await forget_codes(person_id)
    codes: set[str] = set()
    while len(codes) < MANY:
        codes.add(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
    now = clock.now()
    rows = (RecoveryCode(key=_digest(key, person_id, code), agent=UUID(person_id), made_at=now) for code in codes)
    await RecoveryCode.insert(*rows)
    return tuple("-".join(re.findall("....", code)) for code in codes)


async def take_code(person_id: str, code: str, key: bytes) -> bool:
    """Inside a unit that holds the account: whether this is one of theirs, which it is no more."""
    mine = (RecoveryCode.key == _digest(key, person_id, code)) & (RecoveryCode.agent == UUID(person_id))
    taken = await RecoveryCode.delete().where(mine).returning(RecoveryCode.key)
    if taken:
        await write_down("spare", person_id, about=str(await count_left(person_id)))
    return bool(taken)


async def forget_codes(person_id: str) -> None:
    """Inside a unit: they open nothing any more."""
    await RecoveryCode.delete().where(RecoveryCode.agent == UUID(person_id))


def _digest(key: bytes, person_id: str, code: str) -> str:
    return hmac.new(key, f"recovery\0{person_id}\0{code}".encode(), sha256).hexdigest()
