"""What a document is by its content, and whether it holds anything that runs or hides: PDF, office files, plain text.

A document is kept byte for byte, since a signature would not survive the least change; one that cannot be kept as it
is, is refused with the reason.
"""

from collections.abc import Callable, Mapping

import puremagic

from parvis.requests.attached.office import (
    OLD_OFFICE,
    ZIPPED,
    look_at_old_office,
    look_at_zip,
    old_office_kind,
    zipped_kind,
)

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
    from parvis.requests.attached.pdf import look_at_pdf

    look_at_pdf(content)


LOOKS: Mapping[str, Callable[[bytes], None]] = {
    PDF: _look_at_pdf,
    **dict.fromkeys(ZIPPED, look_at_zip),
    **dict.fromkeys(OLD_OFFICE, look_at_old_office),
}
