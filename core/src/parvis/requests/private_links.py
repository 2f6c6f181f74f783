"""Private links that name one thing: derived from a secret, so that a copy of the database opens none of them."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Literal
from uuid import UUID

Opens = Literal["outside-key", "handover-key"]
MOST_TOKEN = 100


def token_of(secret: bytes, opens: Opens, id: UUID) -> str:
    """The secret part of a link."""
    return f"{id.hex}.{_mark(secret, opens, id)}"


def id_in(secret: bytes, opens: Opens, token: str) -> UUID | None:
    """What a link names, when the link is ours and opens such things."""
    id, _, mark = token[:MOST_TOKEN].partition(".")
    try:
        wanted = UUID(hex=id)
    except ValueError:
        return None
    ours = hmac.compare_digest(_mark(secret, opens, wanted).encode(), mark.encode("utf-8", "replace"))
    return wanted if ours else None


def _mark(secret: bytes, opens: Opens, id: UUID) -> str:
    digest = hmac.new(secret, f"{opens}:".encode() + id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
