"""Gives each request an id, tells it to the log and to the caller, and notes how it went, without personal data."""

import re
import time

import structlog
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from uuid6 import uuid7

log = structlog.get_logger("parvis.web")
ID_FROM_PROXY = re.compile(r"[A-Za-z0-9._-]{8,64}")


def tracing(app: ASGIApp) -> ASGIApp:
    async def traced(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = received_id(scope) or uuid7().hex
        scope["state"]["request_id"] = request_id
        begun, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableScopeHeaders(message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await app(scope, receive, noted)
            duration = round((time.perf_counter() - begun) * 1000, 1)
            log.info("request", method=scope["method"], route=route_of(scope), status=status, ms=duration)

    return traced


def received_id(scope: HTTPScope) -> str:
    """The id that a proxy in front has given, where it looks like one."""
    given = Headers.from_scope(scope).get("x-request-id", "")
    return given if ID_FROM_PROXY.fullmatch(given) else ""


def route_of(scope: HTTPScope) -> str:
    """The pattern of the path, not the path: an address with a reference or a key does not belong in a log."""
    return min(scope["route_handler"].paths, default="")
