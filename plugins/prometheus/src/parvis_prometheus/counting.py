"""Answers counted as they go out, by pattern of the path and never by path."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNMATCHED = "unmatched"


class AnswerMeasures:
    """The answers of one application, in a registry of its own."""

    def __init__(self) -> None:
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
        self._found: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answer, as it was begun; also what was refused, and what nobody knows."""
        requests, lasting = self._series(method if method in METHODS else "other", route or UNMATCHED, status)
        requests.inc()
        lasting.observe(seconds)

    def lost(self, trouble: str) -> None:
        """One answer that could not be given because of the database."""
        self.database_errors.labels(trouble).inc()

    def _series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Those of one method, route and status: the registry looks them up slowly."""
        found = self._found.get((method, route, status))
        if found is None:
            found = self.requests.labels(method, route, str(status)), self.seconds.labels(route)
            self._found[method, route, status] = found
        return found
