"""How Parvis logs: one line an event, with the id of the web request it belongs to and no personal data."""

import logging
import sys
from typing import TYPE_CHECKING

import structlog
from structlog.typing import Processor

if TYPE_CHECKING:
    from parvis.settings import Settings


def log_beside_output() -> None:
    """What a command prints is read by people and programs, a key or a file: its log goes to the stream of errors."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def begin_logging(settings: "Settings") -> None:
    """Readable lines for a person at a terminal, JSON for machines; the standard library's loggers go the same way."""
    level = logging.getLevelName(settings.log_level.upper())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    in_json = settings.log == "json"
    traces: list[Processor] = [structlog.processors.format_exc_info] if in_json else []
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if in_json
        # Plain: rich tracebacks print local variables, which hold what people typed.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, *traces, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *traces, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
