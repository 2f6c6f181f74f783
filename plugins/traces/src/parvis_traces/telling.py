"""Spans on their way to a collector, in a thread of its own: one that is down is reported once and blocks nothing."""

import atexit
import logging
import threading
from collections.abc import Sequence

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, TraceIdRatioBased

from parvis import __version__
from parvis.spans import follow
from parvis_traces.following import Following
from parvis_traces.settings import Settings

PATH = "/v1/traces"
CALL_SECONDS = 5.0
LAST_SECONDS = 2.0  # that spans which still wait have when a process ends
WAITING = 4096  # spans at most; further ones are dropped
log = structlog.get_logger("parvis.traces")


class CheckedExporter(SpanExporter):
    """The exporter that it stands before, which may fail: the first failure and the next success are logged."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter, self.is_away = exporter, False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self.exporter.export(spans)
        is_away = result is not SpanExportResult.SUCCESS
        if is_away != self.is_away:
            self.is_away = is_away
            log.warning("traces do not reach their collector" if is_away else "traces reach their collector again")
        return result

    def shutdown(self) -> None:
        self.exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self.exporter.force_flush(timeout_millis)


class Telling:
    """The way of spans out of this process, until it is ended."""

    def __init__(self, settings: Settings) -> None:
        # Its own complaints come with each batch; ours come once.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        headers = {"authorization": f"Bearer {settings.token}"} if settings.token else {}
        address = settings.endpoint.rstrip("/").removesuffix(PATH) + PATH
        wire = OTLPSpanExporter(endpoint=address, headers=headers, timeout=CALL_SECONDS)
        self.processor = BatchSpanProcessor(CheckedExporter(wire), max_queue_size=WAITING)
        about = Resource.create({"service.name": settings.service, "service.version": __version__})
        share = TraceIdRatioBased(settings.share)
        # A caller whom nobody knows may say that its trace is not to be told, not that it must be.
        sampler = ParentBased(share, remote_parent_sampled=share, remote_parent_not_sampled=ALWAYS_OFF)
        provider = TracerProvider(resource=about, sampler=sampler, shutdown_on_exit=False)
        provider.add_span_processor(self.processor)
        self.following = Following(provider.get_tracer("parvis", __version__))

    def end(self) -> None:
        """Tell what still waits, for a moment; a collector that hangs keeps no process from ending."""
        follow(None)
        self.last = threading.Thread(target=self.processor.shutdown, daemon=True)
        self.last.start()
        self.last.join(LAST_SECONDS)


_telling: Telling | None = None


def begin(settings: Settings) -> Telling:
    """Once in a process: with other settings, those before are ended."""
    global _telling
    if _telling is not None:
        atexit.unregister(_telling.end)
        _telling.end()
    _telling = Telling(settings)
    atexit.register(_telling.end)
    follow(_telling.following)
    return _telling
