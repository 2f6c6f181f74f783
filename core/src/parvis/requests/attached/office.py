"""Office files: which they are by what lies inside, whether they swell when opened, whether programs are in them."""

import io
import zipfile

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
