"""Passwords: hashed with argon2 beside the event loop, judged before they are taken, hashed anew when demands grow."""

import asyncio
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
NOBODYS = "the password of nobody"

Weakness = Literal["too_short", "too_long", "too_plain", "like_the_account"]


@cache
def hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def decoy() -> str:
    """Compared with when there is no such account, so that the answer takes as long."""
    return hasher().hash(NOBODYS)


def weakness(password: str, *about: str) -> Weakness | None:
    """Why a new password is refused; `about` are words that it must not merely repeat (the name, the e-mail)."""
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    if len(set(password.casefold())) < 5:
        return "too_plain"
    if password.casefold().strip() in {word.casefold().strip() for word in about if word}:
        return "like_the_account"
    return None


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(lambda: hasher().hash(password))


async def is_password(stored: str | None, given: str) -> bool:
    """Whether `given` is right; takes as long when there is no account (`stored` is None)."""
    if len(given) > LONGEST:
        given = given[: LONGEST + 1]
    return await asyncio.to_thread(_compare, stored, given)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return hasher().check_needs_rehash(stored)


def _compare(stored: str | None, given: str) -> bool:
    against = decoy()
    try:
        hasher().verify(against if stored is None else stored, given)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
