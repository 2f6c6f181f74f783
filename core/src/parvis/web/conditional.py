"""Marks whole answers to GET with an ETag and answers 304 to whoever has the same one; streams pass as they are."""

from hashlib import blake2b

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

LEFT_OUT_OF_304 = ("content-length", "content-type", "content-encoding", "set-cookie")


def conditional(app: ASGIApp) -> ASGIApp:
    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "GET":
            await app(scope, receive, send)
            return
        wanted = Headers.from_scope(scope).get("if-none-match", "")
        held: HTTPResponseStartEvent | None = None

        async def marked(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and is_markable(message):
                held = message
                return
            if held is not None:
                opening, held = held, None
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    tag = tag_of(message["body"])
                    MutableScopeHeaders(opening)["etag"] = tag
                    if has(wanted, tag):
                        message["body"] = b""
                        make_unchanged(opening)
                await send(opening)
            await send(message)

        await app(scope, receive, marked)

    return checked


def is_markable(start: HTTPResponseStartEvent) -> bool:
    """Not what failed, what has a tag already, nor what nobody may keep."""
    headers = MutableScopeHeaders(start)
    return start["status"] == 200 and "etag" not in headers and "no-store" not in headers.get("cache-control", "")


def tag_of(body: bytes) -> str:
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def has(wanted: str, tag: str) -> bool:
    """Weak comparison: a proxy may have taken the mark of weakness away or put it there."""
    given = {one.strip().removeprefix("W/") for one in wanted.split(",")}
    return "*" in given or tag.removeprefix("W/") in given


def make_unchanged(start: HTTPResponseStartEvent) -> None:
    start["status"] = 304
    headers = MutableScopeHeaders(start)
    for name in LEFT_OUT_OF_304:
        headers.pop(name, None)
