"""Private links: derived from a secret, so that a copy of the database opens none of them.

Some name one thing for as long as it is there. Others have one right over one request and end on their own.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Literal
from uuid import UUID

from parvis import clock
from parvis.requests.references import ALPHABET, KEY_CHARACTERS, in_characters

LINK_LASTS = timedelta(days=180)  # of what a message carries
UNDONE_WITHIN = timedelta(days=30)  # of a change of contact details
Right = Literal["view", "mail", "messages", "settled", "contact", "follow", "report"]
"""What one key does: open the request in this browser; open it from a message to this address, as long as it is that of
the request; stop messages; say whether the work is settled; take a change of contact details back; begin and
stop following; stop a report to somebody of the town."""
HOUR = 3600
HOUR_CHARACTERS = 4
DATED_LENGTH = HOUR_CHARACTERS + KEY_CHARACTERS
MOST_TOKEN = 100


def token_of(secret: bytes, opens: str, id: UUID) -> str:
    """The secret part of a link; `opens` is the word of what such links open."""
    return f"{id.hex}.{_mark(secret, opens, id)}"


def id_in(secret: bytes, opens: str, token: str) -> UUID | None:
    """What a link names, when the link is ours and opens such things."""
    id, _, mark = token[:MOST_TOKEN].partition(".")
    try:
        wanted = UUID(hex=id)
    except ValueError:
        return None
    ours = hmac.compare_digest(_mark(secret, opens, wanted).encode(), mark.encode("utf-8", "replace"))
    return wanted if ours else None


def _mark(secret: bytes, opens: str, id: UUID) -> str:
    digest = hmac.new(secret, f"{opens}:".encode() + id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def dated_key(secret: bytes, right: Right, id: UUID, lasts: timedelta, *about: str) -> str:
    """A key with one right over one request, for a time; `about` is what it is bound to besides."""
    hour = -(-int((clock.now() + lasts).timestamp()) // HOUR)
    return in_characters(hour, HOUR_CHARACTERS) + _dated_mark(secret, right, id, hour, about)


def is_dated_key(secret: bytes, right: Right, id: UUID, given: str, *about: str) -> bool:
    """Whether a key has that right over that request, and its time is not over."""
    ends = (_hour_in(given) or 0) * HOUR
    return clock.now().timestamp() < ends and was_dated_key(secret, right, id, given, *about)


def was_dated_key(secret: bytes, right: Right, id: UUID, given: str, *about: str) -> bool:
    """Whether a key has or had that right: it is ours, over or not."""
    hour = _hour_in(given)
    if hour is None:
        return False
    ours = _dated_mark(secret, right, id, hour, about).encode()
    return hmac.compare_digest(ours, given.strip().lower()[HOUR_CHARACTERS:].encode("utf-8", "replace"))


def looks_dated(given: str) -> bool:
    """Whether that reads like a key with one right, valid or not: a link that is over is told from a mistyped one."""
    return _hour_in(given) is not None


def _hour_in(given: str) -> int | None:
    read = given.strip().upper()
    if len(read) != DATED_LENGTH or any(one not in ALPHABET for one in read):
        return None
    return sum(ALPHABET.index(one) << 5 * place for place, one in enumerate(read[:HOUR_CHARACTERS]))


def _dated_mark(secret: bytes, right: Right, id: UUID, hour: int, about: tuple[str, ...]) -> str:
    told = "\n".join((right, str(hour), *about)).encode("utf-8", "replace")
    digest = hmac.new(secret, b"dated-key:" + id.bytes + told, hashlib.sha256).digest()
    return in_characters(int.from_bytes(digest, "big"), KEY_CHARACTERS)
