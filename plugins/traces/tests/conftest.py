"""A collector that reads OTLP as it comes over the wire, and an application that is followed."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from parvis_testing.api import *
from parvis_testing.modules import only
from parvis_testing.town import *
from parvis_traces import telling
from parvis_traces.settings import Settings


class Collector(ThreadingHTTPServer):
    """Keeps what it was sent: the bytes, and the spans in them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.bodies: list[bytes] = []
        self.tokens: set[str] = set()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def resources(self) -> list:
        return [each for body in self.bodies for each in ExportTraceServiceRequest.FromString(body).resource_spans]

    @property
    def spans(self) -> dict[str, list]:
        """The spans by their names."""
        found: dict[str, list] = {}
        for resource in self.resources:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    found.setdefault(span.name, []).append(span)
        return found


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        body = self.rfile.read(int(self.headers["content-length"]))
        packed = self.headers.get("content-encoding") == "gzip"
        self.server.bodies.append(gzip.decompress(body) if packed else body)
        self.server.tokens.add(self.headers.get("authorization", ""))
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing of each call."""


def said(span) -> dict[str, object]:
    """The attributes of a span."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


@pytest.fixture(scope="session")
def modules():
    return only("traces")


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def followed(collector):
    """The process told to this collector, until `end`, which sends what waits."""
    begun = []

    def begin(**given) -> telling.Telling:
        begun.append(telling.begin(Settings(**{"endpoint": collector.endpoint} | given)))
        return begun[-1]

    yield begin
    for each in begun:
        each.end()
