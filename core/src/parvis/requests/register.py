"""The register of destruction: what was erased, when and by which rule, signed so that a copy can be proved whole."""

import hashlib
import hmac
from datetime import datetime

import msgspec
from msgspec import Struct

from parvis.db.tables import Entry, ServiceRequest

SIGNED = "hmac-sha256"


class Destroyed(Struct, frozen=True, kw_only=True):
    """One erased request: `entries` and `files` count what was personal in it and is gone."""

    at: datetime
    reference: str
    jurisdiction: str
    type: str
    then: str
    entries: int
    files: int


async def register(since: datetime, until: datetime) -> tuple[Destroyed, ...]:
    """Everything erased in a period, in the order of time."""
    erased = (ServiceRequest.erased_at >= since) & (ServiceRequest.erased_at < until)
    requests = await ServiceRequest.select(
        ServiceRequest.id, ServiceRequest.reference, ServiceRequest.jurisdiction, ServiceRequest.type
    ).where(erased)
    by_id = {row["id"]: row for row in requests}
    if not by_id:
        return ()
    entries = (
        await Entry.select(Entry.request, Entry.at, Entry.body)
        .where(Entry.request.is_in(list(by_id)) & (Entry.kind == "erased"))
        .order_by(Entry.at)
    )
    return tuple(_destroyed(by_id[entry["request"]], entry) for entry in entries)


def _destroyed(request: dict[str, object], entry: dict[str, object]) -> Destroyed:
    counted = msgspec.json.decode(str(entry["body"]))
    facts = {name: request[name] for name in ("reference", "jurisdiction", "type")}
    return msgspec.convert(
        {**facts, "at": entry["at"], **{name: counted[name] for name in ("then", "entries", "files")}}, Destroyed
    )


def signed(secret: bytes, text: str) -> str:
    """The text with one more line, which proves that nothing above it was changed since."""
    body = _lines(text)
    return f"{body}{SIGNED},{_signature(secret, body)}\r\n"


def is_whole(secret: bytes, text: str) -> bool:
    """Whether this is a register that we signed, unchanged; how its lines end does not matter."""
    body, mark, signature = _lines(text).removesuffix("\r\n").rpartition(f"\r\n{SIGNED},")
    given = signature.strip().encode("utf-8", "replace")
    return bool(mark) and hmac.compare_digest(given, _signature(secret, f"{body}\r\n").encode())


def _lines(text: str) -> str:
    return "".join(f"{line}\r\n" for line in text.removeprefix("\ufeff").splitlines())


def _signature(secret: bytes, body: str) -> str:
    return hmac.new(secret, b"register\0" + body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
