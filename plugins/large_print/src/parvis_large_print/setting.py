"""Setting a document in Typst at 18 points: black on white, one column, left aligned, tagged for screen readers.

Words are data in a file of JSON and never become source, so that nothing a person typed is ever run.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from msgspec import Struct

from parvis_large_print.settings import Settings
from parvis_sdk.connectors import Connection
from parvis_sdk.document_renderers import DocumentContent, DocumentPage, DocumentPictures, RenderedFile
from parvis_sdk.errors import Refused

HERE = Path(__file__).parent
STANDARDS = ["ua-1", "a-2a"]
MAIN = "main.typ"


class LargePrint(Struct, frozen=True):
    """Large print in the size that the settings say."""

    settings: Settings

    async def render(self, document: DocumentContent, connection: Connection) -> RenderedFile:
        """The document as an accessible PDF (PDF/UA-1) that can be archived (PDF/A-2a)."""
        return RenderedFile(content=await asyncio.to_thread(set_pdf, self.settings, document))


def set_pdf(settings: Settings, document: DocumentContent) -> bytes:
    """The PDF. Blocks."""
    with TemporaryDirectory(prefix="parvis-large-print-") as folder:
        home = Path(folder)
        (home / MAIN).write_bytes((HERE / "large_print.typ").read_bytes())
        pages = [_page(home, number, page) for number, page in enumerate(document.pages)]
        words = {"points": settings.points, "preview": document.preview, "day": document.day, "pages": pages}
        (home / "document.json").write_bytes(msgspec.json.encode(words))
        return _compiled(home, document.day)


def _page(home: Path, number: int, page: DocumentPage) -> dict[str, Any]:
    """What a page says, its pictures as the names of the files that are written for it."""
    kept: dict[str, Any] = msgspec.to_builtins(page)
    kept["holds"] = []
    for held, said in zip(page.holds, msgspec.to_builtins(page.holds, builtin_types=(bytes,)), strict=True):
        if isinstance(held, DocumentPictures):
            for place, picture in enumerate(held.pictures):
                file = f"{number}-{len(kept['holds'])}-{place}{Path(picture.name).suffix}"
                (home / file).write_bytes(picture.content)
                said["pictures"][place]["content"] = file
        kept["holds"].append(said)
    del kept["town"]["logo"]
    if page.verification is not None:
        del kept["verification"]["scan"]
        (home / f"{number}-scan.svg").write_bytes(page.verification.scan)
        kept["verification"]["file"] = f"{number}-scan.svg"
    return kept


def _compiled(home: Path, day: str) -> bytes:
    import typst  # it is large, and most processes set nothing

    at = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
    options: dict[str, Any] = {"pdf_standards": STANDARDS, "timestamp": at}
    nowhere = str(home / "no-packages")
    compiler = typst.Compiler(
        root=str(home),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    try:
        made = compiler.compile(str(home / MAIN), format="pdf", **options)
    except typst.TypstError as error:
        raise Refused(f"{error.message} {error.diagnostic}".strip()[:600]) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the typesetter gave up; it is no Exception in Python's eyes
            raise
        raise Refused(f"the typesetter gave up: {error}"[:600]) from None
    return b"".join(made) if isinstance(made, list) else made or b""
