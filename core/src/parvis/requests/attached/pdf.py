"""Whether a PDF only shows: every object of it is looked at, those in compressed streams too, within limits."""

import io
import threading
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import settings

from parvis.requests.attached.unfit import Unfit

LARGEST_STREAM = 60_000_000  # bytes, of one stream of objects once it is open
MOST_OBJECTS = 80_000  # each takes some kilobytes of memory
DEEPEST = 40
UNDECODED = "error decoding stream data"
ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "Launch",
    "/ImportData": "ImportData",
    "/GoToE": "GoToE",
    "/Rendition": "Rendition",
    "/RichMediaExecute": "RichMedia",
}
KEYS = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/EmbeddedFiles": "EmbeddedFiles",
    "/EF": "EmbeddedFiles",
    "/RichMediaContent": "RichMedia",
    "/XFA": "XFA",
}
ANNOTATIONS = {"/FileAttachment": "EmbeddedFiles", "/RichMedia": "RichMedia", "/Movie": "Movie", "/Screen": "Screen"}

UNREADABLE = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, RecursionError, MemoryError)

_one = threading.Lock()  # one at a time bounds the memory
settings.set_qpdf_limits(
    flate_max_memory=LARGEST_STREAM,
    png_max_memory=LARGEST_STREAM,
    tiff_max_memory=LARGEST_STREAM,
    run_length_max_memory=LARGEST_STREAM,
    parser_max_container_size=1_000_000,
    max_stream_filters=4,
    doc_max_warnings=500,
)


def look_at_pdf(content: bytes) -> None:
    """Raise `Unfit` when it does not open, asks for a password, runs something or carries other files along."""
    try:
        with _one, pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            pages, active = len(document.pages), next(_active(document), "")
            unread = [each for each in map(str, document.get_warnings()) if UNDECODED in each]
    except pikepdf.PasswordError as error:
        raise Unfit("file_locked") from error
    except Unfit:
        raise
    except UNREADABLE as error:
        raise Unfit("file_broken", str(error)) from error
    if active:
        raise Unfit("file_active", active)
    if unread:  # objects that we do not see may be seen by its readers
        raise Unfit("file_swollen" if "limit" in unread[0] else "file_broken", unread[0])
    if not pages:
        raise Unfit("file_broken", "no page")


def _active(document: pikepdf.Pdf) -> Iterator[str]:
    """What is in it that does more than show, by the name that the format gives it."""
    if int(document.trailer.get("/Size", 0)) > MOST_OBJECTS:
        raise Unfit("file_swollen", f"more than {MOST_OBJECTS} objects")
    for each in document.objects:
        yield from _active_in(each)


def _active_in(thing: Any, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        raise Unfit("file_swollen", "nested too deep")
    inner: list[Any]
    if isinstance(thing, pikepdf.Array):
        inner = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        names = list(thing.keys())
        yield from (KEYS[name] for name in names if name in KEYS)
        if action := ACTIONS.get(str(thing.get("/S", ""))):
            yield action
        if annotation := ANNOTATIONS.get(str(thing.get("/Subtype", ""))):
            yield annotation
        inner = [thing.get(name) for name in names]
    else:
        return
    for each in inner:
        if isinstance(each, pikepdf.Object) and not each.is_indirect:  # the others come by themselves
            yield from _active_in(each, depth + 1)
