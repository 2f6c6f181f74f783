"""Setting a document in Typst: accessible (PDF/UA-1) and archivable (PDF/A-2a), apart from everything else.

The typesetter sees one folder made for this document: the kit, its template, its words as JSON, its code to scan.
Words are data and never become source, so that nothing a person typed is ever run.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from msgspec import Struct

from parvis_sdk.text import Text
from parvis_typesetting.printable import printable

KIT = Path(__file__).parent / "kit"
STANDARDS = ["ua-1", "a-2a"]
CODE = "code.svg"
SECONDS = 10.0  # that a person waits for a sheet
NOWHERE = "https://example.invalid/"  # where the code leads of what nobody verifies
WORDS = {
    "preview": Text(fr="APERÇU", en="PREVIEW"),
    "no_value": Text(fr="Aperçu sans valeur officielle", en="Preview with no official value"),
    "page": Text(fr="Page {page} de {pages}", en="Page {page} of {pages}"),
}
"""The words that every sheet has."""


class NotSet(Exception):
    """The document cannot be set: its template is wrong, or asks for what it may not have."""


class Sources(Struct, frozen=True, kw_only=True):
    """What a document is made of besides its words: files by name, kept under their digest with what was issued."""

    files: Mapping[str, str]
    logo: bytes = b""
    logo_name: str = ""

    def as_kept(self) -> str:
        """All of it as one text."""
        return msgspec.json.encode(self, order="deterministic").decode()

    @property
    def digest(self) -> str:
        return sha256(self.as_kept().encode()).hexdigest()


def sources_of(template: str, logo: bytes = b"", logo_name: str = "") -> Sources:
    """The kit of today around a template; the usual one where it is empty."""
    files = kit()
    given = {"template.typ": template} if template else {}
    return Sources(files=files | given, logo=logo, logo_name=logo_name)


@cache
def kit() -> dict[str, str]:
    """The files of the kit, the usual template in the place of a template of one's own."""
    names = {"main.typ": "main.typ", "parvis.typ": "parvis.typ", "template.typ": "usual.typ"}
    return {name: (KIT / file).read_text("utf-8") for name, file in names.items()}


def set_pdf(
    sources: Sources,
    sheets: Sequence[Mapping[str, Any]],
    link: str,
    at: datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The document as a PDF that was not signed yet, with pictures by their names. Blocks: call it in a thread."""
    with TemporaryDirectory(prefix="parvis-document-") as folder:
        home = Path(folder)
        for name, text in sources.files.items():
            (home / name).write_text(text, "utf-8")
        if sources.logo:
            (home / sources.logo_name).write_bytes(sources.logo)
        for name, picture in {**(pictures or {}), CODE: code_to_scan(link)}.items():
            (home / name).write_bytes(picture)
        (home / "data.json").write_bytes(msgspec.json.encode(printable(list(sheets))))
        return _compiled(home, at)


def _compiled(home: Path, at: datetime) -> bytes:
    import typst

    nowhere = str(home / "no-packages")
    options: dict[str, Any] = {"pdf_standards": STANDARDS, "timestamp": int(at.timestamp())}
    compiler = typst.Compiler(
        root=str(home), ignore_system_fonts=True, package_path=nowhere, package_cache_path=nowhere
    )
    try:
        made = compiler.compile(str(home / "main.typ"), format="pdf", **options)
    except typst.TypstError as error:
        raise NotSet(f"{error.message} {error.diagnostic}".strip()[:600]) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the typesetter gave up; it is no Exception in Python's eyes
            raise
        raise NotSet(f"the typesetter gave up: {error}"[:600]) from None
    return b"".join(made) if isinstance(made, list) else made or b""


def code_to_scan(link: str) -> bytes:
    """A link as a picture that a telephone reads."""
    import segno

    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, dark="#000", light=None)
    return drawn.getvalue()
