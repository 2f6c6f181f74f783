"""The line to another system: carries every request to it, remembers what was said, and goes wrong on order.

line.next(RESET, method="POST")      # the connection breaks before the system hears of the request
line.next(SWALLOW, method="POST")    # the system does what is asked, and the caller never learns of it
line.next(HANG)                      # no answer, until the caller gives up or the line is let go
line.next(busy(seconds=7), path="/incidents", times=2)
line.cut()                           # nobody listens any more; line.mend() listens again at the same address
"""

import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import msgspec

OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Trouble(Enum):
    RESET = "reset"
    SWALLOW = "swallow"
    HANG = "hang"


RESET, SWALLOW, HANG = Trouble.RESET, Trouble.SWALLOW, Trouble.HANG


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply of the line itself; the system behind it is not called."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = {}


def broken(status: int = 500) -> Reply:
    return Reply(status=status, body=b"<h1>Server Error</h1>", headers={"Content-Type": "text/html"})


def busy(seconds: int | None = 1) -> Reply:
    """429; without Retry-After if no seconds are given."""
    said = {"error": {"code": "0x80072322", "message": "Number of requests exceeded the limit."}}
    headers = {"Content-Type": "application/json"} | ({} if seconds is None else {"Retry-After": str(seconds)})
    return Reply(status=429, body=json.dumps(said).encode(), headers=headers)


def rubbish() -> Reply:
    """What a proxy or a sign-in page says with a good conscience."""
    page = "<!doctype html><title>Connexion</title><p>Veuillez ouvrir une session."
    return Reply(status=200, body=page.encode(), headers={"Content-Type": "text/html"})


def polite_error(**error: Any) -> Reply:
    """200, and an error in the body."""
    said = {"error": error or {"code": "Internal_ServerError", "message": "Something went wrong."}}
    return Reply(status=200, body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})


class Ordered(msgspec.Struct):
    fault: Reply | Trouble
    method: str | None
    path: str
    times: int


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came over the line; `status` is what was answered, or 0 where no answer was given."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


class Line:
    def __init__(self, beyond: str, port: int = 0) -> None:
        self.beyond = urlsplit(beyond)
        self.heard: list[Heard] = []
        self._ordered: list[Ordered] = []
        self._meanwhile: list[tuple[Callable[[], object], str | None, str]] = []
        self._lock = threading.Lock()
        self._let_go = threading.Event()
        self._listening: ThreadingHTTPServer | None = None
        self._port = port
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def next(self, fault: Reply | Trouble, *, method: str | None = None, path: str = "", times: int = 1) -> None:
        """What happens to the next requests of this method whose address or body holds `path`."""
        with self._lock:
            self._ordered.append(Ordered(fault, method, path, times))

    def meanwhile(self, do: Callable[[], object], *, method: str | None = None, path: str = "") -> None:
        """Something happens there just before the next such request arrives."""
        with self._lock:
            self._meanwhile.append((do, method, path))

    def heal(self) -> None:
        """Forget orders that have not happened; callers that hang are hung up on."""
        with self._lock:
            self._ordered.clear()
            self._meanwhile.clear()
        self._let_go.set()

    def cut(self) -> None:
        """Nobody listens: connections are refused."""
        if self._listening is not None:
            self._listening.shutdown()
            self._listening.server_close()
            self._listening = None

    def mend(self) -> None:
        if self._listening is None:
            self._listening = Listening(("127.0.0.1", self._port), Carrying)
            self._listening.line = self
            self._port = self._listening.server_address[1]
            threading.Thread(target=self._listening.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.heal()
        self.cut()

    def fault_of(self, method: str, path: str, body: bytes) -> Reply | Trouble | None:
        with self._lock:
            for one in self._ordered:
                if one.method in (None, method) and (one.path in path or one.path.encode() in body):
                    one.times -= 1
                    if one.times == 0:
                        self._ordered.remove(one)
                    if one.fault is HANG:
                        self._let_go.clear()
                    return one.fault
        return None

    def let_happen(self, method: str, path: str) -> None:
        """What was to happen before this request."""
        with self._lock:
            due = [one for one in self._meanwhile if one[1] in (None, method) and one[2] in path]
            self._meanwhile = [one for one in self._meanwhile if one not in due]
        for do, _, _ in due:
            do()

    def wait_until_let_go(self) -> None:
        self._let_go.wait()

    def carried(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What the system says to a request."""
        call = http.client.HTTPConnection(str(self.beyond.hostname), self.beyond.port, timeout=60)
        try:
            call.request(method, path, body=body or None, headers=headers)
            answer = call.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in OF_ONE_HOP}
            return Reply(status=answer.status, body=answer.read(), headers=kept)
        finally:
            call.close()


class Listening(ThreadingHTTPServer):
    line: Line
    daemon_threads = True
    block_on_close = False


class Carrying(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listening

    def carry(self) -> None:
        line, method, path = self.server.line, self.command, self.path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # Host as the caller gave it: addresses that the system makes lead over the line again.
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_ONE_HOP}
        line.let_happen(method, path)
        fault = line.fault_of(method, path, body)
        reply = fault if isinstance(fault, Reply) else None
        if fault is None or fault is SWALLOW:
            try:
                reply = line.carried(method, path, headers, body)
            except OSError:
                fault = RESET
        answered = isinstance(reply, Reply) and not isinstance(fault, Trouble)
        status = reply.status if answered and reply is not None else 0
        line.heard.append(Heard(method=method, path=path, headers=headers, body=body, status=status))
        if fault is HANG:
            line.wait_until_let_go()
        if answered and reply is not None:
            self.answer(reply)
        else:
            self.reset()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = carry

    def answer(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def reset(self) -> None:
        """Not a polite goodbye: the kernel of the caller is told that the connection broke."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the caller gave up first

    def log_message(self, *_: Any) -> None:
        """The test reads `heard`."""


@contextmanager
def line_to(beyond: str) -> Iterator[Line]:
    line = Line(beyond)
    try:
        yield line
    finally:
        line.close()
