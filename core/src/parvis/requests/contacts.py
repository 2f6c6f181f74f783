"""Who asked and how to reach them: kept apart from the request, so that it can go while the request stays."""

import hmac
import re
from collections.abc import Collection
from uuid import UUID

from parvis.db import insert_values
from parvis.db.tables import Contact, Row
from parvis.folding import fold
from parvis.requests.records import Record
from parvis_sdk.requests import PreferredChannel, Requester


async def contact_of(record: Record) -> Requester | None:
    """Who asked, or None once that is erased or was never told."""
    rows = await Contact.select().where(Contact.request == record.id)
    if not rows:
        return None
    row = rows[0]
    return Requester(
        mode=record.identity,  # type: ignore[arg-type]
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        preferred_channel=row["preferred_channel"],
    )


def way_to(person: Requester | None, channels: Collection[str]) -> PreferredChannel:
    """How a person is reached: as they prefer where that is possible, else by what they left."""
    if person is None:
        return ""
    if person.preferred_channel == "sms" and person.phone and "sms" in channels:
        return "sms"
    if person.phone and (person.preferred_channel == "phone" or not person.email):
        return "phone"
    if person.preferred_channel == "letter":
        return "letter"
    return "email" if person.email else ""


async def wants_messages(record: Record) -> bool:
    """Whether the person still wants to be told of the steps."""
    rows = await Contact.select(Contact.stopped).where(Contact.request == record.id)
    return bool(rows) and not rows[0]["stopped"]


async def keep_contact(request: UUID, requester: Requester, *, stopped: bool = False) -> None:
    """Inside a unit: write who asked, unless there is nothing to reach them by and no name."""
    if not (requester.name or requester.email or requester.phone):
        return
    await insert_values(Contact, {"request": request, "stopped": stopped, **_columns(requester)})


async def replace_contact(request: UUID, requester: Requester) -> None:
    """Inside a unit: write another way to reach the person who asked; who wanted no messages still wants none."""
    gone = await Contact.delete().where(Contact.request == request).returning(Contact.stopped)
    await keep_contact(request, requester, stopped=bool(gone) and gone[0]["stopped"])


async def stop_messages(request: UUID, *, stopped: bool = True) -> None:
    """Inside a unit: note that the person wants no further messages, or wants them again."""
    await Contact.update({Contact.stopped: stopped}).where(Contact.request == request)


async def forget_contact(request: UUID) -> None:
    """Inside a unit: destroy who asked."""
    await Contact.delete().where(Contact.request == request)


async def is_theirs(request: UUID, given: str) -> bool:
    """Whether an e-mail address or a phone number, as typed, is the one that the person of a request left."""
    rows = await Contact.select(Contact.email, Contact.phone).where(Contact.request == request)
    email, phone = (rows[0]["email"], rows[0]["phone"]) if rows else ("", "")
    digits = re.sub(r"\D", "", given)
    same_email = hmac.compare_digest(given.strip().casefold().encode(), email.casefold().encode())
    same_phone = hmac.compare_digest(digits[-10:].encode(), phone[-10:].encode())
    return bool(email and same_email) or bool(phone and len(digits) >= 10 and same_phone)


def _columns(requester: Requester) -> Row:
    digits = requester.phone.removeprefix("+1")
    return {
        "name": requester.name,
        "email": requester.email,
        "phone": requester.phone,
        "preferred_channel": requester.preferred_channel,
        "search_text": fold(f"{requester.name} {requester.email} {requester.phone} {digits}"),
    }
