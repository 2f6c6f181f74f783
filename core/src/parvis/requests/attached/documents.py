"""What a document is by its content, and whether it holds anything that runs or hides: PDF, office files."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pikepdf
import puremagic
from pikepdf import settings

from parvis.requests.attached.unfit import Unfit

OPEN_XML = "application/vnd.openxmlformats-officedocument."
WORD, EXCEL, POWERPOINT = (
    f"{OPEN_XML}{part}" for part in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
PARTS = {"word/": WORD, "xl/": EXCEL, "ppt/": POWERPOINT}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ZIPPED = (WORD, EXCEL, POWERPOINT, *(f"{OPEN_DOCUMENT}{part}" for part in ("text", "spreadsheet", "presentation")))
OLD = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
OLD_OFFICE = tuple(dict.fromkeys(OLD.values()))

MOST_PARTS = 5_000
MOST_OPENED = 300_000_000  # bytes, of all parts together
MOST_TIMES = 200  # how many times its size a part may become
SMALL = 1_000_000  # what becomes no larger than this may be packed as tightly as it likes
ENCRYPTED = 0x1
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "/activex/", "/macrosheets/", "/basic/", "/scripts/", "oleobject", "/ole/")


def zipped_kind(content: bytes) -> str:
    """The media type of a zipped file when it is one of an office; empty for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in PARTS.items() if any(name.startswith(part) for name in names)), "")
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                return kind if kind in ZIPPED else ""
    except UNREADABLE:
        # Cut off: what the first part is called still tells what it wanted to be.
        return WORD if b"[Content_Types].xml" in content[:4096] else ""
    return ""


UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, KeyError, RuntimeError, NotImplementedError, EOFError)


def look_at_zip(content: bytes) -> None:
    """Raise `Unfit` when it does not open, is locked, swells when opened, or holds programs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except UNREADABLE as error:
        raise Unfit("file_broken", str(error)) from error
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Unfit("file_locked")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_OPENED:
        raise Unfit("file_swollen", f"{len(parts)} parts")
    for part in parts:
        if part.file_size > SMALL and part.file_size > MOST_TIMES * max(part.compress_size, 1):
            raise Unfit("file_swollen", part.filename)
        if any(program in f"/{part.filename.lower()}" for program in PROGRAMS):
            raise Unfit("file_active", "macro")


def old_office_kind(content: bytes) -> str:
    """The media type of a file of the offices of before 2007, by the name of its main part."""
    return next((kind for name, kind in OLD.items() if name.encode("utf-16-le") in content), "")


def look_at_old_office(content: bytes) -> None:
    """Raise `Unfit` when programs are in it or a password locks it."""
    if any(name.encode("utf-16-le") in content for name in ("_VBA_PROJECT", "Macros")):
        raise Unfit("file_active", "macro")
    if any(name.encode("utf-16-le") in content for name in ("EncryptedPackage", "EncryptionInfo")):
        raise Unfit("file_locked")


NEVER = ("application/x-", "application/java", "application/vnd.microsoft.portable", "image/", "text/", "video/")
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?", b"<head", b"<body", b"#!", b"mz")
PDF, TEXT = "application/pdf", "text/plain"
START = 65_536


def kind_of_document(content: bytes) -> str:
    """The media type by the content; empty when it is not known or may never be kept."""
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return zipped_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return old_office_kind(content)
    if is_text(content):
        return TEXT
    try:
        found = str(puremagic.from_string(content[:START], mime=True))
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    return "" if found.startswith(NEVER) else found


def is_text(content: bytes) -> bool:
    """Whether it is plain words in UTF-8, and no page, drawing or program written in words."""
    start = content[:START].lower()
    if not content or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(MARKUP) or b"<script" in start:
        return False
    if any(sign < 32 and sign not in b"\t\n\r\x0c" for sign in start):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def look_into(content: bytes, kind: str) -> None:
    """Raise `Unfit` for a document that is broken, locked, swollen, or holds what runs or hides."""
    if look := LOOKS.get(kind):
        look(content)


def _look_at_pdf(content: bytes) -> None:
    """As below; the first PDF loads what reads them."""

    look_at_pdf(content)


LOOKS: Mapping[str, Callable[[bytes], None]] = {
    PDF: _look_at_pdf,
    **dict.fromkeys(ZIPPED, look_at_zip),
    **dict.fromkeys(OLD_OFFICE, look_at_old_office),
}


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

PDF_UNREADABLE = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, RecursionError, MemoryError)

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
    except PDF_UNREADABLE as error:
        raise Unfit("file_broken", str(error)) from error
    if active:
        raise Unfit("file_active", active)
    if unread:  # objects that we do not see may be seen by whoever opens it
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
