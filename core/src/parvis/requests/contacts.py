"""Who asked and how to reach them, kept apart from the request, and the ways in which people may be reached."""

import hmac
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from parvis.db import Engine, held, insert_values, transaction
from parvis.db.tables import Contact, Row
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record
from parvis_sdk.contact_methods import (
    BUILT_IN,
    CALL,
    EMAIL,
    LETTER,
    ContactMethod,
    method_of,
    methods_here,
    next_method,
)
from parvis_sdk.requests import Requester
from parvis_sdk.text_normalisation import fold, sounds_of_names


def channels_of(host: Host, jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """The ways in which this jurisdiction can write to people."""
    return host.plugins.channels_of(jurisdiction.plugins)


class ManualContact(Struct, frozen=True, kw_only=True):
    """Contact methods that people of the town carry out by hand, said by the module that has them do it."""

    methods: tuple[ContactMethod, ...]


def manual_methods(host: Host, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """By which methods people of this jurisdiction reach people; none where nobody calls or writes."""
    return tuple(method for each in host.modules.heard(ManualContact, jurisdiction) for method in each.methods)


def contact_methods(host: Host, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """The ways in which people of this jurisdiction may be reached, in the order of forms."""
    there = methods_here(channels_of(host, jurisdiction), host.plugins.methods_of(jurisdiction.plugins))
    return (*(each for each in there if not each.by_hand), *manual_methods(host, jurisdiction))


def methods_read(host: Host, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """The same with the built-in ones that it lacks today, for reading what people wish: that is kept for later."""
    here = contact_methods(host, jurisdiction)
    return (*here, *(each for each in BUILT_IN if method_of(each.name, here) is None))


def method_known(host: Host, name: str) -> ContactMethod | None:
    """The contact method of that name, whichever towns have it; None where its plugin is gone."""
    return method_of(name, (*host.plugins.methods_of(), *BUILT_IN))


async def none_among(numbers: Collection[str]) -> frozenset[str]:
    """The answer where no module knows that a person wants no text messages."""
    return frozenset()


@dataclass(frozen=True)
class StoppedNumbers:
    """Which telephone numbers want no text messages, as their people have answered to one."""

    among: Callable[[Collection[str]], Awaitable[frozenset[str]]] = none_among


def goes_to_phones(method: ContactMethod) -> bool:
    """Whether it writes to a telephone number, whose person may answer STOP."""
    return method.needs == "phone" and method.form == "brief"


UNRETURNED: Row = {"returned_at": None, "returned_why": ""}
REACHED = (Contact.stopped, Contact.returned_at, Contact.returned_why)
TOGETHER, MOST = 100, 5_000  # people whose names get keys by sound, in one transaction and in one run of the chore


class Reachability(Struct, frozen=True, kw_only=True):
    """Whether the person wants to be told of the steps, and since when mail comes back from their address, and why."""

    wants: bool = False
    returned_at: datetime | None = None
    returned_why: str = ""


async def contact_of(record: Record) -> Requester | None:
    """Who asked, or None once that is erased or was never told."""
    return (await known_of(record))[0]


async def reached(record: Record) -> Reachability:
    """How messages get on to the person of a request."""
    return (await known_of(record))[1]


async def known_of(record: Record) -> tuple[Requester | None, Reachability]:
    """Both, in one statement."""
    return (await known_of_all([record])).get(record.id, (None, Reachability()))


async def known_of_all(records: Sequence[Record]) -> dict[UUID, tuple[Requester | None, Reachability]]:
    """The same of several, in one statement; who left nothing is left out."""
    modes = {record.id: record.identity for record in records}
    rows = await Contact.select().where(Contact.request.is_in(list(modes))) if modes else []
    return {row["request"]: (person_in(row, modes[row["request"]]), reach_in(row)) for row in rows}


def person_in(row: Row, mode: str) -> Requester:
    """Who asked, out of a row of contacts."""
    return Requester(
        mode=mode,  # type: ignore[arg-type]
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        postal_address=row["postal_address"],
        preferred_channel=row["preferred_channel"],
    )


def reach_in(row: Row) -> Reachability:
    """How messages get on to a person, out of a row of contacts."""
    return Reachability(wants=not row["stopped"], returned_at=row["returned_at"], returned_why=row["returned_why"])


async def mark_returned(request: UUID, at: datetime, why: str) -> None:
    """Inside a transaction: note that mail comes back from the address; until another one is written."""
    returned: Row = {"returned_at": at, "returned_why": why[:300]}
    await Contact.update(returned).where(Contact.request == request)


def way_to(
    person: Requester | None, methods: Collection[ContactMethod], *, mail_returns: bool = False
) -> ContactMethod | None:
    """How a person is reached: as they prefer where that is possible, else by what they left; None where by nothing.

    Where mail comes back from their address the next way is taken, and a letter without an address still asks for one.
    Whom no machine reaches is to be called or written to also where nobody of the town does that: they stand among
    those who were told nothing then, and none is passed over in silence.
    """
    if person is None:
        return None
    preferred = method_of(person.preferred_channel, methods)
    if preferred is not None and preferred.name != EMAIL.name and preferred.reaches(person):
        return preferred
    if person.phone and not person.email:
        return CALL
    if preferred == LETTER:
        return LETTER
    if person.email and mail_returns:
        return next_method(person, (*methods, CALL, LETTER), EMAIL.name)
    return method_of(EMAIL.name, methods) if person.email else LETTER if person.postal_address else None


def way_promised(person: Requester | None, methods: Collection[ContactMethod]) -> ContactMethod | None:
    """The same as it may be promised to the person: None where nobody here does what it takes."""
    way = way_to(person, methods)
    return way if way is not None and method_of(way.name, methods) is not None else None


async def wants_messages(record: Record) -> bool:
    """Whether the person still wants to be told of the steps."""
    return (await reached(record)).wants


async def keep_contact(request: UUID, requester: Requester, *, stopped: bool = False) -> None:
    """Inside a transaction: write who asked, unless there is nothing to reach them by and no name."""
    if not (requester.name or requester.email or requester.phone or requester.postal_address):
        return
    await insert_values(Contact, {"request": request, "stopped": stopped, **UNRETURNED, **_columns(requester)})


async def replace_contact(request: UUID, requester: Requester) -> None:
    """Inside a transaction: write another way to reach the person who asked; who wanted no messages still wants none.

    That mail comes back from an address is forgotten with that address.
    """
    gone = await Contact.delete().where(Contact.request == request).returning(Contact.email, *REACHED)
    was = gone[0] if gone else None
    await keep_contact(request, requester, stopped=bool(was and was["stopped"]))
    if was and was["returned_at"] and was["email"].casefold() == requester.email.casefold():
        await mark_returned(request, was["returned_at"], was["returned_why"])


async def stop_messages(request: UUID, *, stopped: bool = True) -> None:
    """Inside a transaction: note that the person wants no further messages, or wants them again."""
    await Contact.update({Contact.stopped: stopped}).where(Contact.request == request)


async def theirs(request: UUID, given: str) -> tuple[str, str, Literal["email", "phone", ""]]:
    """The address and the number that the person of a request left, and which of them is the one typed, if any is."""
    rows = await Contact.select(Contact.email, Contact.phone).where(Contact.request == request)
    email, phone = (rows[0]["email"], rows[0]["phone"]) if rows else ("", "")
    digits = re.sub(r"\D", "", given)
    same_email = hmac.compare_digest(given.strip().casefold().encode(), email.casefold().encode())
    same_phone = hmac.compare_digest(digits[-10:].encode(), phone[-10:].encode())
    if email and same_email:
        return email, phone, "email"
    return email, phone, "phone" if phone and len(digits) >= 10 and same_phone else ""


def searched_of(requester: Requester) -> str:
    """What a person is found by: as it is written, a number without its country, and how the names sound."""
    digits = requester.phone.removeprefix("+1")
    written = fold(f"{requester.name} {requester.email} {requester.phone} {digits}")
    return f"{written} {sounds_of_names(requester.name)}".strip()


def _columns(requester: Requester) -> Row:
    return {
        "name": requester.name,
        "email": requester.email,
        "phone": requester.phone,
        "postal_address": requester.postal_address,
        "preferred_channel": requester.preferred_channel,
        "search_text": searched_of(requester),
        "sounded": True,
    }


async def sound_older(host: Host) -> int:
    """Keep how names sound of people who were written before that was, also by the version before; how many were.

    Some at a time: what is searched of each request is composed anew, and nobody waits for more than these.
    """
    done, after = 0, UUID(int=0)
    while done < MOST and (ids := await _sound_some(host.engine, after)):
        done, after = done + len(ids), ids[-1]
    return done


async def _sound_some(engine: Engine, after: UUID) -> list[UUID]:
    lacking = Contact.sounded.is_null() & (Contact.request > after)
    async with transaction(engine):
        some = Contact.select().where(lacking).order_by(Contact.request).limit(TOGETHER)
        rows = await held(some, engine, skips=True)
        for row in rows:
            sounded: Row = {"search_text": searched_of(person_in(row, "named")), "sounded": True}
            await Contact.update(sounded).where(Contact.request == row["request"])
    return [row["request"] for row in rows]


ERASURE = ErasureRule(personal=(Personal(table="contact"),))
