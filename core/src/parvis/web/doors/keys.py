"""The cookie of a session and the short-lived ticket between password and one-time code."""

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

from litestar.datastructures import Cookie

from parvis import clock
from parvis.people.sessions import LONGEST
from parvis.web.pages import AnyRequest
from parvis.web.security import session_cookie

TICKET_LASTS = timedelta(minutes=5)


def token_in(request: AnyRequest) -> str:
    """What the browser sent as its session; ours or not is for `person_of` to say."""
    return request.cookies.get(session_cookie(is_secure(request)), "")


def key_cookie(request: AnyRequest, token: str) -> Cookie:
    return _cookie(request, token, int(LONGEST.total_seconds()))


def no_cookie(request: AnyRequest) -> Cookie:
    return _cookie(request, "", 0)


def is_secure(request: AnyRequest) -> bool:
    return bool(request.app.state.pages.secure_cookies)


def _cookie(request: AnyRequest, token: str, seconds: int) -> Cookie:
    secure = is_secure(request)
    return Cookie(
        session_cookie(secure), value=token, path="/", max_age=seconds, httponly=True, secure=secure, samesite="lax"
    )


def ticket_for(secret: bytes, person_id: str) -> str:
    """Says that this person's password was right a moment ago; opens nothing without a code."""
    until = int((clock.now() + TICKET_LASTS).timestamp())
    words = f"{person_id}.{until}"
    return f"{words}.{_signature(secret, words)}"


def person_on(secret: bytes, ticket: str) -> str | None:
    """Whose ticket this is, while it lasts."""
    words, _, signature = ticket.rpartition(".")
    if not hmac.compare_digest(_signature(secret, words).encode(), signature.encode("utf-8", "replace")):
        return None
    person_id, _, until = words.rpartition(".")
    return person_id if int(until) >= clock.now().timestamp() else None


def _signature(secret: bytes, words: str) -> str:
    digest = hmac.new(secret, b"second-step\0" + words.encode("utf-8", "replace"), sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
