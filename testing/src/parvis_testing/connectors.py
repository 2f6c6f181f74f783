"""A town with a connector to a local HTTP system whose answers a test sets."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import NamedTuple

import httpx
import msgspec
import pytest
from msgspec import structs

from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.host import Host
from parvis.requests.request_service import RequestService
from parvis.sections import OutgoingSettings
from parvis.worker import Limits, Relay
from parvis_sdk.connectors import Connector, News
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, Update
from parvis_sdk.text import Text
from parvis_testing.modules import all_on
from parvis_testing.town import HOLE, Town

CREW_MOVES = ("start", "resolve", "reopen")
CREWED = structs.replace(
    HOLE,
    workflow=structs.replace(
        HOLE.workflow,
        transitions=tuple(
            structs.replace(each, by=(*each.by, "system")) if each.code in CREW_MOVES else each
            for each in HOLE.workflow.transitions
        ),
    ),
)
ORDERS = Text(fr="Bons de travail", en="Work orders")


class RecordedCall(NamedTuple):
    """One call as received by the other system."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class OtherSystem:
    """A local system; `answer` returns its answer to a call: a status and a body, or only a status."""

    def __init__(self) -> None:
        self.asked: list[RecordedCall] = []
        self.answer = lambda asked: (200, {"number": f"WO-{len(self.asked)}"})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = RecordedCall(self.command, self.path, headers, body)
                outer.asked.append(asked)
                status, words, *more = outer.answer(asked)
                content = words if isinstance(words, bytes) else msgspec.json.encode(words)
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_PUT = do_GET

            def log_message(self, *words: object) -> None:
                """Discards output."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def other():
    system = OtherSystem()
    yield system
    system.close()


async def order(event, request, connection):
    """Creates a work order, like a vendor's connector."""
    try:
        sent = {"about": request.reference, "key": event.id, "state": request.state}
        answer = await connection.http.post("/orders", json=sent)
    except httpx.TransportError as error:
        raise Later(f"it cannot be reached: {error}") from error
    if answer.status_code >= 500:
        raise Later(f"it is in trouble (HTTP {answer.status_code})")
    if answer.status_code >= 400:
        raise Refused(f"it says no (HTTP {answer.status_code})")
    return Outcome(external_reference=answer.json()["number"])


class WithConnectors(Town):
    """A town with a worker."""

    def relay(self, **limits):
        return Relay(self.host, Limits(**{"seconds": 5.0, **limits}), luck=lambda: 0.0)

    def connector(self, name="orders"):
        return self.host.plugins.connectors[name]


@pytest.fixture
async def make_town(database, jurisdictions, tmp_path, other, modules):
    """A town whose plugin `erp` has these connectors and these nouns of other `hooks`; `base_url` of their clients is
    the other system."""
    opened, board = [], await all_on(database, modules)

    def make(*connectors, private=("127.0.0.0/8",), types=(CREWED,), **hooks):
        module = ModuleType("test_erp_plugin")
        module.request_types = hookimpl(_named("request_types", lambda: list(types)))
        module.connectors = hookimpl(_named("connectors", lambda: list(connectors)))
        for hook, nouns in hooks.items():
            setattr(module, hook, hookimpl(_named(hook, lambda nouns=nouns: list(nouns))))
        plugins = load_plugins([DiscoveredPlugin.of("erp", module, distribution="parvis-erp", version="1.2")])
        assert not plugins.troubles, [str(trouble) for trouble in plugins.troubles]
        clients = Clients(OutgoingSettings(private=private))
        host = Host(
            engine=database,
            jurisdictions=jurisdictions,
            plugins=plugins,
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
            modules=board,
        ).having(clients)
        for each in connectors:
            clients.of(each.name, each.pace).base_url = other.url
        opened.append(clients)
        return WithConnectors(host=host, counter=RequestService(host))

    yield make
    for clients in opened:
        await clients.close()


def _named(name, function):
    function.__name__ = name
    return function


@pytest.fixture
def connector(other):
    """A connector to the other system, with the given methods."""

    def make(deliver=order, name="orders", events=(Submitted, Moved), **given):
        return Connector(name=name, title=ORDERS, address=other.url, deliver=deliver, events=events, **given)

    return make


@pytest.fixture
def telling():
    """A `changes` method that returns these pages of updates, one per poll, with the cursor as their number."""

    def make(*pages):
        async def changes(connection, cursor):
            at = int(cursor or 0)
            updates = pages[at] if at < len(pages) else ()
            return News(updates=tuple(updates), cursor=str(min(at + 1, len(pages))), more=at + 1 < len(pages))

        return changes

    return make


@pytest.fixture
def news():
    """One update with a note."""

    def make(key, **given):
        return Update(key=key, **{"note": Text(fr=f"Nouvelle {key}", en=f"News {key}"), **given})

    return make
