"""Signatures of call-backs, by the standard for webhooks (standardwebhooks.com): HMAC over id, time and body."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime

PREFIX = "whsec_"
ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
LONGEST = 2_000  # characters of a header that is believed
SHORTEST = 16  # bytes of a key; the standard asks for 24 to 64


def signature(secret: str, id: str, at: int, body: bytes) -> str:
    """The signature of one call: what its header holds. A `ValueError` when the secret is no key that protects: what is
    not base64, or too short, would be one that anybody knows.
    """
    key = _key(secret)
    if len(key) < SHORTEST:
        raise ValueError(f"the key has {len(key)} bytes instead of {SHORTEST} or more")
    signed = f"{id}.{at}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def shared_keys(secrets: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Each address whose secrets hold a key of another one, with that other address; `secrets` by address.

    Neither the address nor what it asks for is signed by this standard: with one key, a call to one could be made again
    at the other.
    """
    by_key: dict[bytes, list[str]] = {}
    for address, given in secrets.items():
        for key in dict.fromkeys(_comparable(each) for each in given):
            by_key.setdefault(key, []).append(address)
    shared: dict[str, str] = {}
    for first, *others in by_key.values():
        for each in others:
            shared.setdefault(first, each)
            shared[each] = first
    return shared


def _key(secret: str) -> bytes:
    return b64decode(secret.removeprefix(PREFIX), validate=True)


def _comparable(secret: str) -> bytes:
    try:
        return _key(secret)
    except ValueError:  # no key of anybody
        return secret.encode("utf-8", "replace")


def trouble_with(
    headers: Mapping[str, str], body: bytes, now: datetime, secrets: Iterable[str], window: int
) -> str | None:
    """Why a call is refused; None when one of the secrets signed it within the window."""
    if unsigned := trouble_before(headers, now, window):
        return unsigned
    id, time, given = (headers.get(name, "") for name in (ID, TIME, SIGNATURE))
    for secret in secrets:
        try:
            expected = signature(secret, id, int(time), body)
        except ValueError:
            continue
        # Several signatures may stand in the header while a secret is being changed.
        if any(hmac.compare_digest(expected.encode(), each.encode()) for each in given.split(" ")):
            return None
    return "its signature is none of ours"


def trouble_before(headers: Mapping[str, str], now: datetime, window: int) -> str | None:
    """Why a call is refused before secrets are compared; None where they decide."""
    id, time, given = (headers.get(name, "") for name in (ID, TIME, SIGNATURE))
    if not id or not given:
        return "it is not signed"
    if len(id) > LONGEST or len(given) > LONGEST:  # an id that were cut could come again as another one
        return "what it is signed with is too long"
    if not (time.isascii() and time.isdecimal() and len(time) < 12):
        return "it does not say when it was sent"
    if abs(now.timestamp() - int(time)) > window:
        return "it was sent too long ago, or not yet"
    return None
