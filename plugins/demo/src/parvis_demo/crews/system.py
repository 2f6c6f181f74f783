"""The system itself: an address of its own on this machine, its weather, and what it answers in each."""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Literal, get_args

import msgspec

from parvis import clock
from parvis_demo.crews.book import Book, Call
from parvis_demo.crews.signature import is_signed

Weather = Literal["well", "away", "hanging", "busy", "failing"]
WEATHERS: tuple[Weather, ...] = get_args(Weather)
LARGEST = 1_000_000
HANGS = 30.0  # seconds without an answer; callers give up long before
ASKS_TO_WAIT = 5  # seconds
Answer = tuple[int, Mapping[str, str], Mapping[str, Any]]


class Crews:
    """Listens from the first `become` until `end`. Its port stays its own while the line is cut."""

    def __init__(self, book: Book, key: bytes) -> None:
        self.book = book
        self.key = key
        self.weather: Weather = "away"
        self._changed = threading.Condition()
        self._changing = threading.Lock()
        self._line = Line(0, self)
        self.port = int(self._line.server_address[1])

    @property
    def address(self) -> str:
        """Where it is told."""
        return f"http://127.0.0.1:{self.port}/requetes"

    def become(self, weather: Weather) -> None:
        """Another weather from now on; who was kept waiting is let go."""
        with self._changing:
            if weather == "away" != self.weather:
                self._line.cut()
                self._line = Line(self.port, self)
            elif weather != "away" == self.weather:
                self._line.open()
            with self._changed:
                self.weather = weather
                self._changed.notify_all()

    def end(self) -> None:
        """Stop it permanently."""
        self.become("away")
        self._line.server_close()

    def answer(self, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """What a call is answered; None is a line that goes dead."""
        match self.weather:
            case "well":
                return self._take(headers, body)
            case "hanging":
                self._take(headers, body)  # it works, and is too slow to say so: the same will come again
                self.hang()
                return None
        self.book.turn_away()
        return self.answer_unheard()

    def answer_unheard(self) -> Answer | None:
        """What is answered without listening to what is said."""
        match self.weather:
            case "busy":
                return 429, {"retry-after": str(ASKS_TO_WAIT)}, {"error": "too many calls"}
            case "failing":
                return 500, {}, {"error": "the database does not answer"}
            case "hanging":
                self.hang()
                return None
            case "away":
                return None
        return 200, {}, {}

    def hang(self) -> None:
        """Say nothing until the weather changes."""
        with self._changed:
            self._changed.wait_for(lambda: self.weather != "hanging", HANGS)

    def _take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        now = clock.now()
        if not is_signed(self.key, headers, body, now):
            self.book.disbelieve(now)
            return 401, {}, {"error": "the signature is not right"}
        try:
            call = msgspec.json.decode(body, type=Call)
        except msgspec.MsgspecError as error:
            return 400, {}, {"error": str(error)}
        kept = self.book.take(call, now)
        return 200, {}, {"kept": "already" if kept.repeats else "now", "number": kept.number}


class Line(ThreadingMixIn, TCPServer):
    """A port of this machine: held from the beginning, answered between `open` and `cut`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, crews: Crews) -> None:
        super().__init__(("127.0.0.1", port), Handler, bind_and_activate=False)
        self.crews = crews
        self.server_bind()

    def open(self) -> None:
        self.server_activate()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True, name="crews").start()

    def cut(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One call on a line that ends with it, so that none outlives the weather."""

    server: Line
    timeout = 10.0

    def log_message(self, format: str, *args: Any) -> None:
        """Its page shows what came."""

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        body = self.rfile.read(min(int(length), LARGEST)) if length.isdecimal() else b""
        self._say(self.server.crews.answer({name.lower(): value for name, value in self.headers.items()}, body))

    def do_HEAD(self) -> None:
        self._say(self.server.crews.answer_unheard())

    def _say(self, answer: Answer | None) -> None:
        if answer is None:
            return
        status, headers, said = answer
        body = msgspec.json.encode(said)
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
