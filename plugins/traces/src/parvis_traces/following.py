"""What is told of each thing that a process does: kinds, names and numbers of ours, and no word of anybody's."""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Literal

from opentelemetry import context as current
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind as Direction
from opentelemetry.trace import Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.contextvars import bound_contextvars

from parvis.spans import Span, SpanKind

DIRECTIONS = {
    "request": Direction.SERVER,
    "statement": Direction.CLIENT,
    "call": Direction.CLIENT,
    "pass": Direction.CONSUMER,
    "chore": Direction.INTERNAL,
}
LOGGED: frozenset[SpanKind] = frozenset({"request", "pass", "chore"})  # what has lines in the log
GIVEN_ON = (b"traceparent", b"tracestate")
FIRST_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([A-Za-z_][A-Za-z0-9_]*)', re.IGNORECASE)
WORD = re.compile(r"[A-Za-z]+")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"})
HEADERS = TraceContextTextMapPropagator()


class Following:
    """Makes a span of each thing that begins, below the one in which it is done."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer

    def __call__(self, kind: SpanKind, name: str, headers: Any) -> AbstractContextManager[Span]:
        return FollowedSpan(self.tracer, kind, name, headers)


class FollowedSpan:
    """A span while it lasts. Of an error its class is told, not what it says."""

    def __init__(self, tracer: Tracer, kind: SpanKind, name: str, headers: Any) -> None:
        self.kind, self.trace_id = kind, ""
        self.name, attributes = named(kind, name, headers)
        above = came_with(headers) if kind == "request" else None
        self.span = tracer.start_span(self.name, above, DIRECTIONS[kind], attributes)
        self.headers = headers if kind == "call" else None

    def __enter__(self) -> "FollowedSpan":
        self.token = current.attach(trace.set_span_in_context(self.span))
        self.trace_id = trace.format_trace_id(self.span.get_span_context().trace_id)
        if self.headers is not None:
            HEADERS.inject(self.headers)
        self.line: AbstractContextManager[object] = (
            bound_contextvars(trace_id=self.trace_id) if self.kind in LOGGED else nullcontext()
        )
        self.line.__enter__()
        return self

    def ended(self, name: str, code: int) -> None:
        if self.kind == "request":
            self.span.update_name(f"{self.name} {name}".rstrip())
            self.span.set_attribute("http.route", name)
        self.span.set_attribute("http.response.status_code", code)
        if code >= (500 if self.kind == "request" else 400):
            self.span.set_status(Status(StatusCode.ERROR))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace_back: TracebackType | None
    ) -> Literal[False]:
        self.line.__exit__(kind, error, trace_back)
        current.detach(self.token)
        if kind is not None:
            self.span.set_attribute("error.type", f"{kind.__module__}.{kind.__qualname__}")
            self.span.set_status(Status(StatusCode.ERROR))
        self.span.end()
        return False


def named(kind: SpanKind, name: str, headers: Any) -> tuple[str, dict[str, str]]:
    """The name of a span and what is known when it begins: of a statement its verb and its first table only."""
    match kind:
        case "statement":
            verb = found[0].upper() if (found := WORD.search(name)) else ""
            table = found[1] if (found := FIRST_TABLE.search(name)) else ""
            return f"{verb} {table}".strip(), {"db.operation.name": verb, "db.collection.name": table}
        case "request" | "call":
            method = name if name in METHODS else "_OTHER"
            host = {} if kind == "request" else {"server.address": str(headers.get("host", ""))}
            return method, {"http.request.method": method, **host}
        case _:
            return f"{kind} {name}", {f"parvis.{kind}": name}


def came_with(headers: Iterable[tuple[bytes, bytes]]) -> Context | None:
    """The caller's trace, from the W3C headers; None without them."""
    brought = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers if name in GIVEN_ON}
    return HEADERS.extract(brought) if brought else None
