"""The Typst templates of a plugin's documents: read from its package once, then carried by its request types."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from parvis_sdk.documents import Document
from parvis_sdk.parts import Part
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MOST = 200_000  # bytes
NO_PACKAGE = Text(
    fr="l’extension n’est pas un paquet et n’a donc pas de fichiers",
    en="the plugin is no package, so that it has no files",
)
UNREADABLE = Text(fr="{file} est illisible ({why})", en="{file} cannot be read ({why})")
NOT_UTF_8 = Text(fr="ce n’est pas de l’UTF-8", en="it is not UTF-8")
TOO_LONG = Text(fr="{file} dépasse {most} octets", en="{file} is longer than {most} bytes")


def with_sources(kind: RequestType, folder: Path | None) -> RequestType:
    """The type with the text of each template that can be read; requests are pinned to it so."""
    if not any(each.template for each in kind.of(Document)):
        return kind
    return structs.replace(kind, parts=tuple(_with_source(part, folder) for part in kind.parts))


def unreadable(kind: RequestType, folder: Path | None) -> Iterator[tuple[Document, Text]]:
    """The documents whose template cannot be read, each with the reason."""
    for document in kind.of(Document):
        if document.template and (reason := _trouble(document, folder)):
            yield document, reason


def _with_source(part: Part, folder: Path | None) -> Part:
    if not isinstance(part, Document) or not part.template or folder is None or _trouble(part, folder):
        return part
    return structs.replace(part, source=(folder / part.template).read_text("utf-8"))


def _trouble(document: Document, folder: Path | None) -> Text | None:
    if folder is None:
        return NO_PACKAGE
    try:
        text = (folder / document.template).read_bytes()
        text.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return UNREADABLE.format(file=document.template, why=getattr(error, "strerror", None) or NOT_UTF_8)
    return TOO_LONG.format(file=document.template, most=MOST) if len(text) > MOST else None
