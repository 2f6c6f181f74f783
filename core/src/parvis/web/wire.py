"""HTTP as uvicorn speaks it, less patient: with a head that does not come, with a body that was answered already."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 20.0
MOST_HEAD_BYTES = 400_000  # a reading of the wire may bring a quarter of a megabyte at once
LINGER_SECONDS = 5.0  # so that a caller who still sends a refused body can read why
ANSWER = (
    "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\n"
    "connection: close\r\ncontent-length: {size}\r\n\r\n{words}"
)


class Wire(HttpToolsProtocol):
    """A connection that is closed when nobody says on it what they want."""

    head_seconds = HEAD_SECONDS
    linger_seconds = LINGER_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._patience: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._lingering: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        self._body_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._patience is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse("431 Request Header Fields Too Large", "The headers are too large.")
        elif self._is_idle() and self.timeout_keep_alive_task is None:
            # uvicorn takes any byte for a new request and would wait for the rest of it for ever.
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        self._head_is_here()
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and getattr(self.config, "draining", False):
            self.cycle.keep_alive = False  # a client that keeps connections opens the next one elsewhere

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.more_body and not self.transport.is_closing():
            self._lingering = self.loop.call_later(self.linger_seconds, self.transport.close)

    def on_message_complete(self) -> None:
        self._body_is_here()
        self.cycle.more_body = False  # uvicorn forgets this once it has answered
        super().on_message_complete()

    def _body_is_here(self) -> None:
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None

    def _await_head(self) -> None:
        self._head_is_here()
        self._head_bytes = 0
        self._patience = self.loop.call_later(self.head_seconds, self._is_late)

    def _head_is_here(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _is_late(self) -> None:
        self._patience = None
        self._refuse("408 Request Timeout", "The request took too long to arrive.")

    def _is_idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        answered = cycle is not None and cycle.response_complete and not cycle.more_body
        return answered and not self.transport.is_closing()

    def _refuse(self, status: str, words: str) -> None:
        """Close; with a word, unless an earlier request on the same connection is being answered right now."""
        self._head_is_here()
        if self.transport.is_closing():
            return
        answering: RequestResponseCycle | None = self.cycle
        if answering is None or answering.response_complete:
            self.transport.write(ANSWER.format(status=status, words=words, size=len(words)).encode())
        self.transport.close()
