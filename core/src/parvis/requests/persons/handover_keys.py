"""The private links by which a file is taken over: derived from a secret, so that a copy of the database opens none."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from parvis.requests.heart import Heart

MOST_TOKEN = 100


def token_of(heart: Heart, id: UUID) -> str:
    """The secret part of the link of an offer."""
    return f"{id.hex}.{_mark(heart, id)}"


def id_in(heart: Heart, token: str) -> UUID | None:
    """The offer that a link names, when the link is ours."""
    id, _, mark = token[:MOST_TOKEN].partition(".")
    try:
        wanted = UUID(hex=id)
    except ValueError:
        return None
    ours = hmac.compare_digest(_mark(heart, wanted).encode(), mark.encode("utf-8", "replace"))
    return wanted if ours else None


def _mark(heart: Heart, id: UUID) -> str:
    digest = hmac.new(heart.secret, b"handover-key:" + id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
