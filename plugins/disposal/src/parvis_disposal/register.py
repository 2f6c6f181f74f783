"""The register of destruction: everything erased in a period, and the signature under what is taken away."""

import hashlib
import hmac
from datetime import datetime

import msgspec
from msgspec import Struct

from parvis.db.tables import Entry
from parvis.signing import matches

SIGNED = "hmac-sha256"


class DestructionEntry(Struct, frozen=True, kw_only=True):
    """One erased request: `entries` and `files` count what was personal in it and is gone; `reason` beside its rule."""

    at: datetime
    reference: str
    jurisdiction: str
    type: str
    then: str
    entries: int
    files: int
    reason: str = ""


ERASED = """
SELECT e.at, r.reference, r.jurisdiction, r.type, e.body
FROM service_request r JOIN entry e ON e.request = r.id AND e.kind = 'erased'
WHERE r.erased_at >= {} AND r.erased_at < {} ORDER BY e.at, r.reference"""


async def register(since: datetime, until: datetime) -> tuple[DestructionEntry, ...]:
    """Everything erased in a period, in the order of time."""
    rows = await Entry.raw(ERASED, since, until)
    return tuple(msgspec.convert({**msgspec.json.decode(row.pop("body")), **row}, DestructionEntry) for row in rows)


def signed(secret: bytes, text: str) -> str:
    """The text with one more line, which proves that nothing above it was changed since."""
    body = _lines(text)
    return f"{body}{SIGNED},{_signature(secret, body)}\r\n"


def signature_of(text: str) -> str:
    """The signature in the last line of a text that was signed."""
    return text.rstrip().rpartition(f"{SIGNED},")[2]


def is_whole(secret: bytes, text: str) -> bool:
    """Whether this is a register that we signed, unchanged; how its lines end does not matter."""
    body, mark, signature = _lines(text).removesuffix("\r\n").rpartition(f"\r\n{SIGNED},")
    return bool(mark) and matches(secret, signature.strip(), lambda key: _signature(key, f"{body}\r\n"))


def _lines(text: str) -> str:
    return "".join(f"{line}\r\n" for line in text.removeprefix("\ufeff").splitlines())


def _signature(secret: bytes, body: str) -> str:
    return hmac.new(secret, b"register\0" + body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
