"""Whether a call is believed, by the Standard Webhooks, as any receiver would find out."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

TOLERANCE = 300  # seconds between their clock and ours


def is_signed(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the call is signed with this key and recent, so that an intercepted one cannot be replayed later."""
    id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal()) or abs(now.timestamp() - int(stamp)) > TOLERANCE:
        return False
    digest = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    right = f"v1,{b64encode(digest).decode()}".encode()
    return any(hmac.compare_digest(each.encode(), right) for each in headers.get("webhook-signature", "").split())
