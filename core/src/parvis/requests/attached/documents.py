"""What a document is by its content (PDF, office file, plain text), and whether it holds what runs or hides."""

import io
import zipfile
from collections.abc import Callable, Mapping

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
    """The media type of an office file in a format from before 2007, by the name of its main part."""
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
    import puremagic  # with the first file

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
    from parvis.requests.attached.pdf import look_at_pdf

    look_at_pdf(content)


LOOKS: Mapping[str, Callable[[bytes], None]] = {
    PDF: _look_at_pdf,
    **dict.fromkeys(ZIPPED, look_at_zip),
    **dict.fromkeys(OLD_OFFICE, look_at_old_office),
}
