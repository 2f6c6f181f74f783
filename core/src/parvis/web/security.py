"""What protects every page: headers on each answer, and forms that come from our own pages and their own visitor."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.exceptions import PermissionDeniedException
from litestar.types import Scope

from parvis.downloads import ALSO
from parvis.signing import matches

Pairs = list[tuple[bytes, bytes]]
SESSION_COOKIE = "parvis_session"
VISITOR_COOKIE = "parvis_visitor"
CSRF_FIELD = "_csrf"
TILES = "tiles_from"
FROM_ELSEWHERE = "from_elsewhere"  # in the `opt` of a handler: what is sent there comes from others than our pages
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SENT_WITH_EVERYTHING = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # the private link of a request carries its key
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def secured(headers: Pairs, scope: Any) -> Pairs:
    """Every answer has these headers, errors too; what a handler has set itself stands."""
    there = {name for name, _ in headers}
    also = (scope.get("state") or {}).get(ALSO, ())
    wanted = (*also, *protections(_tiles_from(scope), scope.get("scheme") == "https"))
    return [*headers, *(each for each in wanted if each[0] not in there or each[0] == b"vary")]


@lru_cache(maxsize=64)
def protections(tiles_from: tuple[str, ...], is_encrypted: bool) -> tuple[tuple[bytes, bytes], ...]:
    wanted = {**SENT_WITH_EVERYTHING, "content-security-policy": content_policy(tiles_from)}
    if is_encrypted:
        wanted["strict-transport-security"] = TWO_YEARS
    return tuple((name.encode(), value.encode()) for name, value in wanted.items())


def allow_tiles(scope: Scope, origins: tuple[str, ...]) -> None:
    """The page that answers this request has a map with tiles of these origins."""
    scope["state"][TILES] = origins


def _tiles_from(scope: Scope) -> tuple[str, ...]:
    found: tuple[str, ...] = (scope.get("state") or {}).get(TILES, ())
    return found


def content_policy(tiles_from: Iterable[str] = ()) -> str:
    """Only our own files, no script or style inside a page; the town's base map is the one exception, under a map."""
    tiles = "".join(f" {origin}" for origin in tiles_from)
    return (
        f"default-src 'self'; img-src 'self' data: blob:{tiles}; connect-src 'self'; script-src 'self'; "
        "style-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "worker-src 'self'; manifest-src 'self'; "
        "frame-ancestors 'none'"
    )


async def protect_forms(request: Request[Any, Any, Any]) -> None:
    """A `before_request` hook of every router of pages: what changes something must come from our own pages."""
    if request.method in SAFE_METHODS:
        return
    refuse_foreign(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        sent = (await request.form()).get(CSRF_FIELD)
        given = sent if isinstance(sent, str) else ""
    visitor = sent_visitor(request)
    if not visitor or not is_token(request.app.state.pages.secret, visitor, given):
        raise PermissionDeniedException("The form is too old or does not come from this site.")


async def is_one_click(request: Request[Any, Any, Any]) -> bool:
    """Whether a mail program stops messages for its person (RFC 8058): it sends this word, no cookie and no token.

    Such a form is accepted only where the address itself holds the right to stop messages.
    """
    return request.method == "POST" and (await request.form()).get("List-Unsubscribe") == "One-Click"


def refuse_foreign(request: Request[Any, Any, Any]) -> None:
    """Browsers say where a form comes from; one that says "elsewhere" is refused, whatever else it carries."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise PermissionDeniedException("The form does not come from this site.")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise PermissionDeniedException("The form does not come from this site.")


def sent_visitor(request: Request[Any, Any, Any]) -> str:
    """The cookie that a token is bound to: the session of somebody signed in, else that of a visitor."""
    secure: bool = request.app.state.pages.secure_cookies
    return request.cookies.get(session_cookie(secure)) or request.cookies.get(VISITOR_COOKIE) or ""


def session_cookie(secure: bool) -> str:
    """Over https the browser itself refuses that a neighbour under the same domain writes this cookie."""
    return f"__Host-{SESSION_COOKIE}" if secure else SESSION_COOKIE


def visitor_of(request: Request[Any, Any, Any]) -> str:
    return sent_visitor(request) or secrets.token_urlsafe(24)


def csrf_token(secret: bytes, visitor: str) -> str:
    """Masked anew each time, so that a compressed page does not give it away."""
    mask = secrets.token_bytes(32)
    hidden = bytes(one ^ two for one, two in zip(mask, signature(secret, visitor), strict=True))
    return base64.urlsafe_b64encode(mask + hidden).decode()


def is_token(secret: bytes, visitor: str, token: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    shown = bytes(one ^ two for one, two in zip(raw[:32], raw[32:], strict=True))
    return matches(secret, shown, lambda key: signature(key, visitor))


def signature(secret: bytes, visitor: str) -> bytes:
    return hmac.new(secret, b"csrf\0" + visitor.encode("utf-8", "surrogateescape"), sha256).digest()
