"""The cookies of a session, a known device and a browser that signs in elsewhere; the ticket before a one-time code."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

from litestar.datastructures import Cookie
from msgspec import Struct

from parvis import clock
from parvis.people.sessions import BY_PASSWORD, LONGEST, Door, device_in, name_of, new_device
from parvis.signing import every_key, matches
from parvis.web.pages import AnyRequest
from parvis.web.security import session_cookie

WAY_COOKIE = "parvis_way"
DEVICE_COOKIE = "parvis_device"
DEVICE_KNOWN_FOR = timedelta(days=180)
TICKET_LASTS = timedelta(minutes=5)
WAY_LASTS = timedelta(minutes=10)


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


class Ticket(Struct, frozen=True, kw_only=True):
    """Says that the first step of this person, in this way, was right a moment ago; opens nothing without a code."""

    person: str
    door: Door = BY_PASSWORD


def ticket_for(secret: bytes, ticket: Ticket) -> str:
    until = int((clock.now() + TICKET_LASTS).timestamp())
    words = f"{ticket.person}.{ticket.door.provider}.{ticket.door.session}.{until}"
    return f"{words}.{_signature(secret, words)}"


def read_ticket(secret: bytes, given: str) -> Ticket | None:
    """The ticket, while it lasts."""
    words, _, signature = given.rpartition(".")
    if not matches(secret, signature, lambda key: _signature(key, words)):
        return None
    person, provider, session, until = words.split(".")
    if int(until) < clock.now().timestamp():
        return None
    return Ticket(person=person, door=Door(provider=provider, session=session))


def device_of(request: AnyRequest, secret: bytes, email: str) -> str:
    """The device from which somebody asks, if this account was opened on it before."""
    kept = [request.cookies.get(_device_cookie(request, key, email)) for key in every_key(secret)]
    return device_in(secret, email, next((each for each in kept if each), ""))


def device_cookie(request: AnyRequest, secret: bytes, email: str) -> Cookie:
    """Marks the browser as one on which this account was opened."""
    secure, seconds = is_secure(request), int(DEVICE_KNOWN_FOR.total_seconds())
    name, value = _device_cookie(request, secret, email), new_device(secret, email)
    return Cookie(name, value=value, path="/", max_age=seconds, httponly=True, secure=secure, samesite="lax")


def _device_cookie(request: AnyRequest, secret: bytes, email: str) -> str:
    name = f"{DEVICE_COOKIE}_{name_of(secret, email)}"
    return f"__Host-{name}" if is_secure(request) else name


def browser_in(request: AnyRequest) -> str:
    """What marks this browser while its person signs in elsewhere; empty when it never went."""
    return request.cookies.get(_way_cookie(request), "")[:200]


def new_mark() -> str:
    return secrets.token_urlsafe(32)


def browser_cookie(request: AnyRequest, mark: str) -> Cookie:
    """Sent back with the answer of a provider, which comes from another site: lax, as that of the session."""
    secure, seconds = is_secure(request), int(WAY_LASTS.total_seconds())
    return Cookie(
        _way_cookie(request), value=mark, path="/", max_age=seconds, httponly=True, secure=secure, samesite="lax"
    )


def _way_cookie(request: AnyRequest) -> str:
    return f"__Host-{WAY_COOKIE}" if is_secure(request) else WAY_COOKIE


def _signature(secret: bytes, words: str) -> str:
    digest = hmac.new(secret, b"second-step\0" + words.encode("utf-8", "replace"), sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
