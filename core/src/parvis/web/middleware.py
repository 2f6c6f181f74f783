"""What surrounds each request: its id in the log, its town and language, and the short answer 304 when nothing changed."""

import re
import time
from hashlib import blake2b
from typing import Any

import structlog
from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uuid6 import uuid7

from parvis import i18n
from parvis.web.pages import Pages, language_of
from parvis.web.town import find_town

log = structlog.get_logger("parvis.web")
ID_FROM_PROXY = re.compile(r"[A-Za-z0-9._-]{8,64}")


def tracing(app: ASGIApp) -> ASGIApp:
    """Gives the request an id, tells it to the log and to the caller, and notes how it went, without personal data."""

    async def traced(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request_id = received_id(scope) or uuid7().hex
        scope["state"]["request_id"] = request_id
        begun, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", request_id.encode()))
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await app(scope, receive, noted)
            duration = round((time.perf_counter() - begun) * 1000, 1)
            log.info("request", method=scope["method"], route=route_of(scope), status=status, ms=duration)

    return traced


def received_id(scope: Scope) -> str:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return given if ID_FROM_PROXY.fullmatch(given) else ""


def route_of(scope: Scope) -> str:
    """The pattern of the path, not the path: an address with a reference or a key does not belong in a log."""
    handler = scope.get("route_handler")
    return min(handler.paths, default="") if handler else ""


def placing(pages: Pages) -> Any:
    """Finds the town and the language of the request and speaks that language until it is answered."""

    def around(app: ASGIApp) -> ASGIApp:
        async def placed(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            town = find_town(pages.territory, scope)
            scope["state"]["town"] = town
            language = language_of(Request(scope), town)
            with pages.catalogues.speaking(language, town.time_zone):
                await app(scope, receive, send)

        return placed

    return around


def conditional(app: ASGIApp) -> ASGIApp:
    """Marks whole answers to GET with an ETag and answers 304 to whoever has the same one; streams pass as they are."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await app(scope, receive, send)
            return
        wanted = header(scope, b"if-none-match")
        start: Message | None = None

        async def held(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 200 and is_markable(message):
                start = message
                return
            if start is not None:
                opening, start = start, None
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    tag = b'W/"' + blake2b(message.get("body", b""), digest_size=12).hexdigest().encode() + b'"'
                    opening["headers"] = [*opening.get("headers", []), (b"etag", tag)]
                    if tag in {one.strip() for one in wanted.split(b",")}:
                        opening, message = unchanged(opening), {**message, "body": b""}  # type: ignore[assignment, misc]
                await send(opening)
            await send(message)

        await app(scope, receive, held)

    return checked


def header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def is_markable(start: Any) -> bool:
    """Not what has a tag already, nor what nobody may keep."""
    headers = {name.lower(): value for name, value in start.get("headers", [])}
    return b"etag" not in headers and b"no-store" not in headers.get(b"cache-control", b"")


def unchanged(start: Any) -> Any:
    dropped = {b"content-length", b"content-type", b"content-encoding", b"set-cookie"}
    return {**start, "status": 304, "headers": [pair for pair in start["headers"] if pair[0].lower() not in dropped]}
