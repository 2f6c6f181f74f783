"""Cursors that tell nothing: numbers count what happens in every town, so no number is ever shown.

A cursor is the number hidden under a pad that its own mark makes (as in SIV), with keys that the secret of the
installation gives for one town. The same number has the same cursor, so what a token may not see does not move it.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from hashlib import sha256

from parvis.signing import every_key, matches

MARK, NUMBER = 16, 8  # bytes
PATTERN = "^([A-Za-z0-9_-]{32})?$"


class UnknownCursor(ValueError):
    """What was given as a cursor was not given here."""


def sealed(secret: bytes, town: str, number: int) -> str:
    """The cursor after that number, for one town."""
    mark = _mark(town, number, bytes(secret))
    return urlsafe_b64encode(mark + _hidden(town, mark, number, bytes(secret))).decode()


def opened(secret: bytes, town: str, cursor: str) -> int:
    """The number after which a cursor begins, 0 without one; `UnknownCursor` where it was made elsewhere or up."""
    if not cursor:
        return 0
    try:
        whole = urlsafe_b64decode(cursor)
    except (binascii.Error, ValueError) as error:
        raise UnknownCursor(cursor[:80]) from error
    if len(whole) != MARK + NUMBER:
        raise UnknownCursor(cursor[:80])
    mark, hidden = whole[:MARK], int.from_bytes(whole[MARK:])
    for key in every_key(secret):
        number = int.from_bytes(_hidden(town, mark, hidden, key))
        if matches(secret, mark, partial(_mark, town, number)):
            return number
    raise UnknownCursor(cursor[:80])


def _mark(town: str, number: int, key: bytes) -> bytes:
    return _made(key, f"mark {number} {town}")[:MARK]


def _hidden(town: str, mark: bytes, number: int, key: bytes) -> bytes:
    """The number under the pad; once more under it, the number again."""
    pad = int.from_bytes(_made(key, f"pad {mark.hex()} {town}")[:NUMBER])
    return (number ^ pad).to_bytes(NUMBER)


def _made(key: bytes, words: str) -> bytes:
    return hmac.digest(key, f"cursor of changes: {words}".encode(), sha256().name)
