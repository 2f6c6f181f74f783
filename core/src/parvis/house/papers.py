"""The Typst templates of a plugin's documents: read from its package once, then carried by its request types."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from parvis_sdk.documents import Document
from parvis_sdk.request_types import RequestType

MOST = 200_000  # bytes


def with_sources(kind: RequestType, folder: Path | None) -> RequestType:
    """The type with the text of each template that can be read; requests are pinned to it so."""
    if not any(each.template for each in kind.documents):
        return kind
    return structs.replace(kind, documents=tuple(_with_source(each, folder) for each in kind.documents))


def unreadable(kind: RequestType, folder: Path | None) -> Iterator[tuple[Document, str]]:
    """The documents whose template cannot be read, each with the reason."""
    for document in kind.documents:
        if document.template and (reason := _trouble(document, folder)):
            yield document, reason


def _with_source(document: Document, folder: Path | None) -> Document:
    if not document.template or folder is None or _trouble(document, folder):
        return document
    return structs.replace(document, source=(folder / document.template).read_text("utf-8"))


def _trouble(document: Document, folder: Path | None) -> str:
    if folder is None:
        return "the plugin is no package, so that it has no files"
    try:
        text = (folder / document.template).read_bytes()
        text.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return f"{document.template} cannot be read ({getattr(error, 'strerror', None) or 'it is not UTF-8'})"
    return f"{document.template} is longer than {MOST} bytes" if len(text) > MOST else ""
