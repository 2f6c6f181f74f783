"""The stand-in as a server: the provider's API, the payer's page, and a door by which tests say how it behaves."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import msgspec

from parvis_hosted_payments.stand_in.calls import MODES, Caller, shown
from parvis_hosted_payments.stand_in.ledger import Ledger, Refusal, told
from parvis_hosted_payments.stand_in.pages import page

PAGE = 100
LARGEST = 100_000
NO_CONTENT = 204


def wall_clock() -> float:
    """What time it is; a stand-in has no town whose clock it could ask."""
    return time.time()  # noqa: TID251


class StandIn(ThreadingHTTPServer):
    """A provider on this machine. `accounts` are the keys that it takes; all calls are signed with one secret."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        keys: tuple[str, ...],
        call_secret: str,
        *,
        file: Path | None = None,
        late: float = 10.0,
        now: Callable[[], float] = wall_clock,
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.keys = keys
        self.now = now
        self.ledger = Ledger(file, self.now)
        self.caller = Caller(call_secret, self.now, late)
        self.mode = "at_once"
        self.away = 0  # how many of the next calls to the API are answered with 503
        self.hang_up = False  # whether the next session is opened and its answer never sent
        self.pause = 0.0  # seconds between opening a session and answering

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: StandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """A payment page writes nobody's address down."""

    def do_GET(self) -> None:
        path, query = self._where()
        if path == "/v1/sessions":
            self._api(lambda account: self._sessions(account, query))
        elif path.startswith("/pay/"):
            held = self.server.ledger.get(path.removeprefix("/pay/"))
            self._html(page(held, self.server.mode) if held else b"", 200 if held else 404)
        elif path == "/_calls":
            self._json([shown(call) for call in self.server.caller.calls])
        else:
            self._json({"error": {"message": "there is nothing here"}}, 404)

    def do_POST(self) -> None:
        path, _ = self._where()
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), LARGEST))
        if path == "/v1/sessions":
            self._api(lambda account: self._open(account, msgspec.json.decode(body)))
        elif path == "/v1/refunds":
            self._api(lambda account: self._refund(account, msgspec.json.decode(body)))
        elif path.startswith("/pay/"):
            self._press(path.removeprefix("/pay/"), dict(parse_qsl(body.decode())))
        elif path == "/_behave":
            self._behave(msgspec.json.decode(body))
        elif path == "/_make":
            self._make(msgspec.json.decode(body))
        else:
            self._json({"error": {"message": "there is nothing here"}}, 404)

    def _where(self) -> tuple[str, dict[str, str]]:
        address = urlsplit(self.path)
        return address.path, {name: values[0] for name, values in parse_qs(address.query).items()}

    # The API

    def _api(self, answer: Any) -> None:
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        if self.server.away > 0:
            self.server.away -= 1
            self._json({"error": {"message": "away"}}, 503, {"retry-after": "1"})
        elif key not in self.server.keys:
            self._json({"error": {"message": "unknown key"}}, 401)
        else:
            try:
                answer(key)
            except Refusal as refusal:
                self._json({"error": {"message": str(refusal)}}, 422)

    def _open(self, account: str, sent: dict[str, Any]) -> None:
        held = self.server.ledger.open(account, self.headers.get("idempotency-key", ""), sent)
        time.sleep(self.server.pause)
        if self.server.hang_up:
            self.server.hang_up, self.close_connection = False, True
            return  # the session exists, and its caller gets no answer
        self._json(told(held, self.server.address), 201)

    def _sessions(self, account: str, query: dict[str, str]) -> None:
        since, until = int(query.get("changed_from") or 0), int(query.get("changed_to") or 1 << 40)
        found = self.server.ledger.find(account, query.get("client_reference", ""), since, until)
        start = int(query.get("after") or 0)
        more = str(start + PAGE) if len(found) > start + PAGE else ""
        data = [told(held, self.server.address) for held in found[start : start + PAGE]]
        self._json({"data": data, "next": more})

    def _refund(self, account: str, sent: dict[str, Any]) -> None:
        held = self.server.ledger.refund(account, self.headers.get("idempotency-key", ""), sent)
        session = told(held, self.server.address)
        self._json(session)
        self.server.caller.tell(held.callback_url, "session.refunded", session, self.server.mode)

    # The page

    def _press(self, id: str, pressed: dict[str, str]) -> None:
        held = self.server.ledger.get(id)
        status = pressed.get("do", "")
        if held is None or status not in ("paid", "declined", "cancelled"):
            return self._html(b"", 404)
        mode = pressed.get("calls", self.server.mode)
        before = held.status
        held = self.server.ledger.become(id, status)
        if held.status != before:
            session = told(held, self.server.address)
            self.server.caller.tell(held.callback_url, f"session.{held.status}", session, mode)
        self._answer(303, b"", {"location": held.return_url})

    # The door of the tests

    def _behave(self, wanted: dict[str, Any]) -> None:
        """`calls` one of the modes, `away` so many calls of the API, `hang_up` on the next session, or a `pause`."""
        if wanted.get("calls", "at_once") not in MODES:
            return self._json({"error": {"message": f"one of {', '.join(MODES)}"}}, 422)
        self.server.mode = wanted.get("calls", self.server.mode)
        self.server.away = wanted.get("away", self.server.away)
        self.server.hang_up = wanted.get("hang_up", self.server.hang_up)
        self.server.pause = wanted.get("pause", self.server.pause)
        self._answer(NO_CONTENT, b"")

    def _make(self, wanted: dict[str, Any]) -> None:
        """Make call number `call` again, or for the first time; see `Caller.make` for the rest."""
        call = self.server.caller.calls[wanted.pop("call")]
        self._json({"status": self.server.caller.make(call, **wanted)})

    # Answers

    def _json(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._answer(status, msgspec.json.encode(body), {"content-type": "application/json", **(headers or {})})

    def _html(self, body: bytes, status: int = 200) -> None:
        self._answer(status, body, {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != NO_CONTENT:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
