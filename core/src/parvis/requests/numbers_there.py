"""What other systems call our requests: who is known by a number there, and that nobody is known by another's.

Of each number there is one row for all requests: of two answers that come at once with the same number, the second
waits for the first to be written, and finds it held.
"""

import hashlib
from collections.abc import Awaitable, Callable

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.outbox import memory
from parvis.requests.records import Record, records_of
from parvis.requests.relations.merged import goes_on_with


class NumberSource(Struct, frozen=True, kw_only=True):
    """A module that knows the numbers that requests had in an earlier system: `find` gives their references."""

    find: Callable[[Jurisdiction, str], Awaitable[tuple[str, ...]]]


NUMBERS = "numbers:"  # before the name under which the host itself remembers for a connector


async def references_of(name: str, number: str) -> list[str]:
    """The references of the requests that another system knows by this number: one, unless it gave it twice."""
    return list(await memory.recall(f"{NUMBERS}{name}", digest_of(number)) or ()) if number else []


async def known_as(name: str, number: str, reference: str) -> None:
    """Inside a transaction: from now on, news by this number is about this request too."""
    if await memory.once(f"{NUMBERS}{name}", "", digest_of(number), [reference]):
        return
    known = await references_of(name, number)
    if reference not in known:
        await memory.remember(f"{NUMBERS}{name}", digest_of(number), [*known, reference])


async def held_by_another(name: str, number: str, record: Record) -> str:
    """The reference of another request that is known by this number there; nothing where there is none.

    Those of which one goes on with the other share what is done for them.
    """
    others = {each for each in await references_of(name, number) if each != record.reference}
    for other in await records_of(others):
        is_held = other.erased_at is None and other.external_references.get(name) == number
        if is_held and not await are_one(other, record):
            return other.reference
    return ""


async def taken_by_another(name: str, number: str, record: Record) -> str:
    """Inside a transaction: the same, and the number is this request's where it was nobody's."""
    if not number or record.external_references.get(name) == number:
        return ""
    if await memory.once(f"{NUMBERS}{name}", "", digest_of(number), [record.reference]):
        return ""
    return await held_by_another(name, number, record)


async def are_one(one: Record, other: Record) -> bool:
    """Whether what is done for one request is done for the other: they are the same, or go on together."""
    if one.id == other.id:
        return True
    return (await goes_on_with(one) or one).id == (await goes_on_with(other) or other).id


def digest_of(words: str) -> str:
    """What stands for a number or a key of any length."""
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
