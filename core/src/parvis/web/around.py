"""The one layer around every answer: traced, placed, tagged, packed, secured, counted, its line written to the log."""

import re
import secrets
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from parvis.logs import say
from parvis.spans import span
from parvis.web.bodies import (
    LEAST,
    Packer,
    coding_for,
    has,
    is_markable,
    of_unchanged,
    packed,
    packing,
    stays_as_it_is,
    tag_of,
)
from parvis.web.operators.measures import AnswerCounter
from parvis.web.pages import Pages, language_in
from parvis.web.ready import Inquiry, Ready, ReadyAnswer, is_for_everybody
from parvis.web.security import secured
from parvis.web.strict import without_body
from parvis.web.town import find_town

ID_FROM_PROXY = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def around(app: ASGIApp, pages: Pages, counters: Mapping[str, AnswerCounter], ready: Ready | None = None) -> ASGIApp:
    """The whole application in this layer, not asked for what is `ready`; `counters` are told of each answer.

    HEAD is asked as GET, of which everything is said but the page itself.
    """

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        # A copy: the server reads the method in its own scope to know whether a body belongs to the answer.
        is_head = scope["method"] == "HEAD"
        asked: Any = {**scope, "method": "GET"} if is_head else scope
        answer = Answer(asked, without_body(send) if is_head else send, ready)
        begun = time.perf_counter()
        with span("request", scope["method"], scope["headers"]) as followed:
            try:
                if (found := answer.ready_one()) is not None:
                    await answer.give(found)
                else:
                    with bound_contextvars(request_id=answer.id), placed(asked, pages):
                        await app(asked, receive, answer.send)
                took = round((time.perf_counter() - begun) * 1000, 1)
                traced = {} if followed is None else {"trace_id": followed.trace_id}
                say(answer.id, method=asked["method"], route=answer.route, status=answer.status, ms=took, **traced)
            finally:
                seconds = (answer.began_at or time.perf_counter()) - begun
                for each in counters.values():
                    each.count(scope["method"], answer.route, answer.status or 500, seconds)
                if followed is not None:
                    followed.ended(answer.route, answer.status or 500)

    return answered


class Answer:
    """One answer on its way out. Its start is held where its body says what becomes of both."""

    def __init__(self, scope: Any, out: Send, ready: Ready | None) -> None:
        headers = dict(scope["headers"])
        self.scope, self.out, self.ready = scope, out, ready
        self.id = scope["state"]["request_id"] = id_of(headers)
        self.coding = coding_for(headers.get(b"accept-encoding", b""))
        self.known = headers.get(b"if-none-match", b"").decode("latin-1") if scope["method"] == "GET" else None
        self.held: Any = None
        self.packer: Packer | None = None
        self.key = ready.key_of(scope, headers, self.coding) if ready is not None else None
        self.inquiry: Inquiry | None = None
        self.given: ReadyAnswer | None = None
        self.status, self.began_at = 0, 0.0

    @property
    def route(self) -> str:
        return self.given.route if self.given is not None else route_of(self.scope)

    def ready_one(self) -> ReadyAnswer | None:
        """The answer itself, where it is ready and the application need not be asked."""
        if self.ready is None or self.key is None:
            return None
        found = self.ready.of(self.key)
        if found is None:
            self.inquiry = self.ready.inquiry(self.key, self.scope)
        return found

    async def give(self, whole: ReadyAnswer) -> None:
        """Send what is ready; only its tag to a client that has the same one."""
        self.given, self.began_at = whole, time.perf_counter()
        is_same = bool(self.known) and has(str(self.known), whole.tag)
        self.status, headers = (304, of_unchanged(whole.headers)) if is_same else (200, whole.headers)
        headers = [*headers, (b"x-request-id", self.id.encode())]
        await self.out({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if is_same else whole.body
        await self.out({"type": "http.response.body", "body": body, "more_body": False})

    async def send(self, message: Message) -> None:
        sent: Any = message
        if sent["type"] == "http.response.start":
            sent["headers"] = [(name.lower(), value) for name, value in sent.get("headers", ())]
            self.held = sent
            if not self._depends_on_body():
                await self._begin()
            return
        if sent["type"] == "http.response.body":
            body, is_last = sent.get("body", b""), not sent.get("more_body")
            if self.held is not None and is_last and self._is_for_everybody():
                await self._keep(body)
                return
            if self.held is not None:
                sent = {**sent, "body": self._whole(body) if is_last else self._first(body)}
                await self._begin()
            elif self.packer is not None:
                sent = {**sent, "body": self.packer.piece(body, is_last=is_last)}
        elif self.held is not None:  # a file that the server itself sends, for one
            await self._begin()
        await self.out(sent)

    def _depends_on_body(self) -> bool:
        if self.coding and stays_as_it_is(self.scope, self.held):
            self.coding = ""
        if self.known is not None and not is_markable(self.held):
            self.known = None
        return bool(self.coding) or self.known is not None

    def _is_for_everybody(self) -> bool:
        return self.inquiry is not None and self.known is not None and is_for_everybody(self.scope, self.held)

    async def _keep(self, body: bytes) -> None:
        """Send it, and have it ready for the next who asks."""
        start, self.held = self.held, None
        if self.ready is not None and self.inquiry is not None:
            await self.give(self.ready.made(self.inquiry, self.scope, start, body, self.coding))

    def _whole(self, body: bytes) -> bytes:
        """The body as it is sent, its marked start compressed likewise; empty for a client that has the same one."""
        if self.known is not None:
            tag = tag_of(body)
            self.held["headers"] = [*self.held["headers"], (b"etag", tag.encode())]
            if has(self.known, tag):
                self.held.update(status=304, headers=of_unchanged(self.held["headers"]))
                return b""
        if not self.coding or len(body) < LEAST:
            return body
        sent = packed(body, self.coding)
        self.held["headers"] = packing(self.held["headers"], self.coding, len(sent))
        return sent

    def _first(self, body: bytes) -> bytes:
        """The first piece of a stream."""
        if not self.coding:
            return body
        self.packer = Packer(self.coding)
        self.held["headers"] = packing(self.held["headers"], self.coding)
        return self.packer.piece(body, is_last=False)

    async def _begin(self) -> None:
        start, self.held = self.held, None
        self.status, self.began_at = int(start["status"]), time.perf_counter()
        headers = [each for each in start["headers"] if each[0] != b"x-request-id"]
        if b"GET" in (taken := dict(headers).get(b"allow", b"")):
            headers = [*(each for each in headers if each[0] != b"allow"), (b"allow", taken + b", HEAD")]
        start["headers"] = secured([*headers, (b"x-request-id", self.id.encode())], self.scope)
        await self.out(start)


def placed(scope: Any, pages: Pages) -> AbstractContextManager[object]:
    """While this lasts, the language of the address or of the browser is spoken, at the time of the town."""
    scope["state"]["town"] = town = find_town(pages.jurisdictions, scope)
    wanted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    language = language_in(scope.get("root_path", "") + scope["path"], wanted.decode("latin-1"), town)
    return pages.catalogues.speaking(language, town.time_zone)


def id_of(headers: dict[bytes, bytes]) -> str:
    """The id that a proxy in front has given, where it looks like one; else a new one."""
    given = headers.get(b"x-request-id", b"")
    return given.decode() if given and ID_FROM_PROXY.fullmatch(given) else secrets.token_hex(16)


def route_of(scope: Any) -> str:
    """The pattern of the path, not the path: an address with a reference or a key does not belong in a log, and what
    people put into addresses is no measure. "" where no route matched."""
    found = scope.get("route_handler")
    return min(found.paths, default="") if found is not None else ""
