"""Where people may answer what the town mails: its mailbox, and an address with a mark that nobody can guess."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from msgspec import structs

from parvis.requests.contacts import contact_of
from parvis.requests.host import Host
from parvis.requests.records import Record, find
from parvis.signing import matches
from parvis_sdk.channels import OutgoingMessage


@dataclass(frozen=True)
class AnswerMailbox:
    """The mail address whose mail is fetched, and the module that fetches it; empty where none is."""

    address: str = ""
    owner: str = ""


def answered_at(host: Host, jurisdiction: str) -> str:
    """Where people may answer to what this town writes; empty while nobody fetches mail for it."""
    mailbox, town = host.of(AnswerMailbox), host.jurisdictions.get(jurisdiction)
    return mailbox.address if town is not None and host.modules.of(town).has(mailbox.owner) else ""


MARKED = re.compile(r"^[^@\s+]+\+([0-9a-z]{9})\.([0-9a-f]{24})@[^@\s]+$", re.IGNORECASE)
LONGEST_NAME = 29  # of the part before the mark, so that the whole stays within the 64 letters of a local part


def answerable(host: Host, record: Record, message: OutgoingMessage, person: str) -> OutgoingMessage:
    """The message with an address to answer to, if it goes to the mail address of the person of the request.

    People who only follow, or were given access, have no such address: they do not write in the requester's name.
    """
    is_theirs = message.channel == "email" and person and message.to.strip().casefold() == person.strip().casefold()
    mailbox = answered_at(host, record.jurisdiction)
    if not mailbox or not is_theirs:
        return message
    name, _, domain = mailbox.rpartition("@")
    reference = record.reference.replace("-", "").lower()
    return structs.replace(message, reply_to=f"{name}+{reference}.{_mark(host.secret, record, person)}@{domain}")


async def whose_answer(host: Host, reference: str, mark: str) -> Record | None:
    """The request that this mark was given for; None when it is invented, or was given to a former holder."""
    record = await find(host, reference)
    person = await contact_of(record) if record is not None else None
    if record is None or person is None or not person.email:
        return None
    email = person.email
    return record if matches(host.secret, mark.lower(), lambda key: _mark(key, record, email)) else None


def _mark(secret: bytes, record: Record, person: str) -> str:
    # Derived, so that a copy of the database lets nobody write; of the address, so that another one makes it void.
    told = person.strip().casefold().encode("utf-8", "replace")
    given = b"answer:" + record.id.bytes + record.holders.to_bytes(4, "big") + told
    return hmac.new(secret, given, hashlib.sha256).hexdigest()[:24]
