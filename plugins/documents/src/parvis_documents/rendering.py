"""Documents that a plugin renders: what it is given, how it is asked, and what its file must be.

It is asked outside of the transaction that issues the document, which begins anew afterwards. Where nothing comes of
it, the document is made in the usual way, and operators read which plugin it is and why.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from parvis.db import done_outside
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.registry import Plugin
from parvis.requests.asked_plugins import AskedTroubles, Question, asked, lent_to
from parvis.requests.attached.unfit import Unfit
from parvis.requests.host import Host
from parvis.troubles import Trouble, Words
from parvis_documents.checking import leads_to
from parvis_documents.composing import Composed, Paper
from parvis_documents.town_renderers import FILE, renderer_for
from parvis_sdk.connectors import Connection
from parvis_sdk.document_renderers import (
    DocumentContent,
    DocumentFact,
    DocumentPage,
    DocumentPicture,
    DocumentPictures,
    DocumentTable,
    Letterhead,
    RenderedFile,
    Verification,
    file_mistakes,
    no_address,
)
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.text import Text
from parvis_typesetting.printable import printable
from parvis_typesetting.setting import Sources, code_to_scan

HOOK = "document_renderers"
SAME = ("language", "title", "number", "dates", "words", "version", "lead", "signed")  # in a sheet and in a page
ISSUED_OTHERWISE = Text(
    fr="les documents sont produits avec le rendu habituel de Parvis",
    en="documents are produced with Parvis’s usual renderer",
)
FASTER = Text(
    fr="accélérez le rendu du document, ou allongez la limite de temps",
    en="speed up the rendering, or allow more seconds",
)
NOT_THERE = Text(
    fr="aucune extension en service dans cette ville n’offre le rendu {name}",
    en="no plugin switched on in this town provides the renderer {name}",
)
INSTALL = Text(fr="installez-la, ou corrigez {file}", en="install it, or correct {file}").format(file=FILE)
UNREADABLE = Text(
    fr="le PDF ne s’ouvre pas sans restriction ({why})", en="the PDF cannot be opened without restriction ({why})"
)
PLAIN_PDF = Text(
    fr="produisez un PDF sans mot de passe, sans script ni fichier joint",
    en="return a PDF without a password, scripts or attached files",
)
log = structlog.get_logger("parvis.documents")


class RenderedDocument(Struct, frozen=True, kw_only=True):
    """A file that a plugin made; `by` is that plugin, and `name` its renderer."""

    name: str
    by: str
    content: bytes

    @property
    def sources(self) -> Sources:
        """What is kept of what the document was made of."""
        return Sources(files={"renderer": f"{self.name}, {self.by}"})


class Rendering(Struct, frozen=True, kw_only=True):
    """What a plugin answered, if anything came of it."""

    file: RenderedFile | None


def rendered_first(host: Host, paper: Paper, composed: Composed) -> RenderedDocument | None:
    """Inside a transaction, which begins anew once the plugin was asked: its file, or None for the usual way."""
    question = _question(host, paper, composed)
    if question is None:
        return None
    content = msgspec.json.encode(content_of(paper, composed))
    answer = done_outside(f"{question.name} {sha256(content).hexdigest()}", partial(_rendered, host, question))
    if answer is None:
        log.warning("rendered as usual within a larger change", document=paper.document.code, renderer=question.code)
    return _document(question, answer)


async def rendered_now(host: Host, paper: Paper, composed: Composed) -> RenderedDocument | None:
    """The same outside of any transaction."""
    question = _question(host, paper, composed)
    return _document(question, await _rendered(host, question)) if question is not None else None


async def _rendered(host: Host, question: Question) -> Rendering:
    return Rendering(file=(await asked(host, [question]))[question.name])


def _document(question: Question, answer: Rendering | None) -> RenderedDocument | None:
    if answer is None or answer.file is None:
        return None
    return RenderedDocument(name=question.code, by=str(question.origin), content=answer.file.content)


def unfit(host: Host, rendered: RenderedDocument, what: Words) -> None:
    """Operators read that a file which was rendered could not be issued."""
    trouble = Trouble(
        who=rendered.by,
        where=f"{HOOK}() · {rendered.name}",
        what=what,
        so_what=ISSUED_OTHERWISE,
        now_what=PLAIN_PDF,
        plugin=rendered.by.partition(" ")[0],
        severe=False,
    )
    host.of(AskedTroubles).seen(f"{HOOK}:{trouble.plugin}.{rendered.name}", trouble)


def _question(host: Host, paper: Paper, composed: Composed) -> Question | None:
    """What is asked of whom; None where the town has no renderer for the document, or nobody brings it."""
    town = paper.here.town
    name = renderer_for(town, paper.here.record.type, paper.document)
    if not name:
        return None
    plugin = _bringing(host, town, name)
    if plugin is None:
        _missing(host, town, name)
        return None
    renderer = host.plugins.document_renderers[name]
    content = content_of(paper, composed)

    async def prepared() -> tuple[DocumentContent, Connection]:
        return content, await lent_to(host, HOOK, plugin.origin, plugin.name, renderer.seconds)

    return Question(
        hook=HOOK,
        code=name,
        origin=plugin.origin,
        function=renderer.render,
        prepared=prepared,
        seconds=renderer.seconds,
        mistakes=partial(wrong_files, content),
        bounded=lambda answer: answer,
        so_what=ISSUED_OTHERWISE,
        be_quick=FASTER,
    )


def _bringing(host: Host, town: Jurisdiction, name: str) -> Plugin | None:
    enabled = (each for each in host.plugins.by_name.values() if town.allows_plugin(each.name))
    return next((each for each in enabled if name in each.document_renderers), None)


def _missing(host: Host, town: Jurisdiction, name: str) -> None:
    trouble = Trouble(
        who=name,
        where=f"{town.code}/{FILE}",
        what=NOT_THERE.format(name=repr(name)),
        so_what=ISSUED_OTHERWISE,
        now_what=INSTALL,
        severe=False,
    )
    host.of(AskedTroubles).seen(f"{HOOK}:{town.code}.{name}", trouble)


def wrong_files(content: DocumentContent, answer: Any) -> Iterator[DeclarationMistake]:
    """Why an answer is no file that may be issued as this document."""
    from parvis.requests.attached.pdf import look_at_pdf  # what reads PDF is loaded when the first one comes

    wrong = list(file_mistakes(answer))
    yield from wrong
    if wrong:
        return
    try:
        look_at_pdf(answer.content)
    except Unfit as error:
        what = UNREADABLE.format(why=str(error)[:200])
        yield DeclarationMistake(where="", what=what, so_what="", now_what=PLAIN_PDF)
        return
    addresses = [each.verification.url for each in content.pages if each.verification is not None]
    if addresses and not leads_to(answer.content, addresses):
        yield no_address()


def content_of(paper: Paper, composed: Composed) -> DocumentContent:
    """A document as a plugin is given it."""
    here, document = paper.here, paper.document
    pages = [_page(paper, printable(sheet), composed.pictures) for sheet in composed.sheets]
    year, month, day = composed.sheets[0]["day"]
    return DocumentContent(
        request_type=here.record.type,
        code=document.code,
        kind=document.kind,
        reference=here.record.reference,
        day=f"{year:04}-{month:02}-{day:02}",
        pages=tuple(pages),
        preview=paper.is_preview,
    )


def _page(paper: Paper, sheet: Mapping[str, Any], pictures: Mapping[str, bytes]) -> DocumentPage:
    same: dict[str, Any] = {name: sheet[name] for name in SAME}
    lists: dict[str, Any] = {name: tuple(sheet[name]) for name in ("body", "conditions", "closing")}
    return DocumentPage(
        **same,
        **lists,
        town=_letterhead(paper.here.town, sheet["town"]),
        facts=tuple(DocumentFact(label=each["label"], lines=tuple(each["lines"])) for each in sheet["facts"]),
        holds=tuple(_held(each, pictures) for each in sheet["holds"]),
        rests_on=tuple(f"{each['name']} ({each['said']})" for each in sheet["rests_on"]),
        signatory=sheet["signatory"]["name"],
        role=sheet["signatory"]["role"],
        verification=_verification(sheet["verify"]),
    )


def _letterhead(town: Jurisdiction, head: Mapping[str, Any]) -> Letterhead:
    return Letterhead(
        name=head["name"],
        mark=head["mark"],
        colour=head["colour"],
        lines=tuple(head["lines"]),
        email=head["email"],
        logo=town.logo.content,
        logo_name=town.logo.name,
    )


def _held(held: Mapping[str, Any], pictures: Mapping[str, bytes]) -> DocumentTable | DocumentPictures:
    if "rows" in held:
        return DocumentTable(
            title=held["title"],
            columns=tuple(held["columns"]),
            rows=tuple(map(tuple, held["rows"])),
            figures=tuple(held["figures"]),
            summed=held["summed"],
        )
    shown = [
        DocumentPicture(name=each["file"], content=pictures[each["file"]], alt=each["alt"], below=each["below"])
        for each in held["pictures"]
    ]
    return DocumentPictures(title=held["title"], pictures=tuple(shown))


def _verification(verify: Mapping[str, str] | None) -> Verification | None:
    if verify is None:
        return None
    return Verification(
        url=verify["url"],
        shown=verify["shown"],
        code=verify["code"],
        scan=code_to_scan(verify["url"]),
        alt=verify["alt"],
    )
