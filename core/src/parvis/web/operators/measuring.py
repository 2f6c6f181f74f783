"""Counts every answer by route and status as it goes out, and keeps the counts for whoever collects them."""

import time
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from parvis import clock

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNMATCHED = "unmatched"


class Measures:
    """The measures of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.began = clock.now()
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "parvis_http_requests",
            "Answers, by method, pattern of the path and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "parvis_http_request_seconds",
            "Seconds until the answer began, by pattern of the path.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.database_errors = Counter(
            "parvis_database_errors",
            "Answers that could not be given because of the database, by kind of trouble.",
            ("kind",),
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)


def measured(app: ASGIApp, measures: Measures) -> ASGIApp:
    """Around the whole application, so that what is refused or unknown counts too."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started, status, taken = time.perf_counter(), 500, 0.0

        async def noted(message: Message) -> None:
            nonlocal status, taken
            if message["type"] == "http.response.start":
                status, taken = int(message["status"]), time.perf_counter() - started
            await send(message)

        try:
            await app(scope, receive, noted)
        finally:
            route = route_of(scope)
            method = scope["method"] if scope["method"] in METHODS else "other"
            measures.requests.labels(method, route, str(status)).inc()
            measures.seconds.labels(route).observe(taken or time.perf_counter() - started)

    return counted


def route_of(scope: Scope) -> str:
    """The pattern of the path: what people put into addresses is neither a measure nor anybody's business."""
    found: Any = scope.get("route_handler")  # not there when no route matched
    return min(found.paths, default=UNMATCHED) if found is not None else UNMATCHED
