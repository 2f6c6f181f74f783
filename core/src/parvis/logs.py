"""How Parvis logs: one line an event, with the id of the web request it belongs to and no personal data."""

import logging
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from structlog.typing import Processor

if TYPE_CHECKING:
    from parvis.settings import Settings

STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)


def log_beside_output() -> None:
    """What a command prints is read by people and programs, a key or a file: its log goes to the stream of errors."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def say(request_id: str, **given: object) -> None:
    """What every request says at its end: the same line, written at once where machines read it, for an eighth of the
    work; an id stands in the line however it is written."""
    written = structlog.get_config()
    if type(written["processors"][-1]) is not structlog.processors.JSONRenderer:
        structlog.get_logger("parvis.web").info("request", **given, request_id=request_id)
    elif _hears(written["wrapper_class"]):
        line = STAMP(None, "info", {**given, "event": "request", "request_id": request_id, "level": "info"})
        sys.stderr.write(msgspec.json.encode(line).decode() + "\n")
        sys.stderr.flush()


@lru_cache(maxsize=8)
def _hears(wrapper: type[Any]) -> bool:
    """Whether loggers of this kind write what is no more than information."""
    return bool(structlog.wrap_logger(None, wrapper_class=wrapper).is_enabled_for(logging.INFO))


def begin_logging(settings: "Settings") -> None:
    """Readable lines for a person at a terminal, JSON for machines; the standard library's loggers go the same way."""
    level = logging.getLevelName(settings.log_level.upper())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        STAMP,
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
