"""Making one document whole: what it says, its number and code, the PDF, its signature, and the rows that keep it.

All of it happens in the transaction that issues it, before anything is written: a document that cannot be made
whole refuses the change.
"""

import asyncio
from functools import partial
from typing import Any

import structlog
from msgspec import Struct, structs

from parvis.db import insert_values, same_each_time
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.plugins.trying import Failure, attempt
from parvis.requests.changing import Situation, Write
from parvis.requests.host import Host
from parvis.requests.records import as_json
from parvis_documents import wording
from parvis_documents.codes import new_code, verify_url
from parvis_documents.composing import Composed, Paper, compose, is_protected, languages_of
from parvis_documents.issued import IssuedDocument
from parvis_documents.numbering import next_number, use_number
from parvis_documents.rendering import RenderedDocument, rendered_first, rendered_now, unfit
from parvis_documents.tables import Document as DocumentRow
from parvis_documents.tables import Template
from parvis_documents.town_templates import TEMPLATES
from parvis_sdk.document_rules import NOT_A_WORD
from parvis_sdk.documents import Document
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_seals.seals import NotSigned, Seal, TownSeals
from parvis_typesetting.setting import NOWHERE, SECONDS, NotSet, Sources, set_pdf, sources_of

SIGNING = 5.0  # seconds for the signature on a file that a plugin made
UNSAID = "unsaid"  # in the entry of a move: for lack of which answers its document leaves sentences out
NOT_MADE = Text(
    fr="Le document «\u00a0{title}\u00a0» n’a pas pu être préparé. Rien n’a été fait ni envoyé. "
    "L’équipe d’exploitation trouvera la raison dans le journal.",
    en="The document “{title}” could not be prepared. Nothing was done or sent. The operator will find "
    "the reason in the log.",
)
log = structlog.get_logger("parvis.documents")


class CompletedDocument(Struct, frozen=True, kw_only=True):
    """A document that is whole: its row, and what is to be written with it."""

    issued: IssuedDocument
    writes: tuple[Write, ...]
    unsaid: tuple[str, ...] = ()
    renderer: str = ""

    def noted(self) -> dict[str, Any]:
        """What the history keeps permanently, sealed with everything else: which file it was."""
        issued = self.issued
        kept = {"number": issued.number, "version": issued.version, "digest": issued.digest}
        kept |= {"renderer": self.renderer} if self.renderer else {}
        unsaid = {UNSAID: list(self.unsaid)} if self.unsaid else {}
        return {f"document.{issued.code}": kept} | unsaid

    def said(self, host: Host, here: Situation) -> dict[str, Text]:
        """What messages may say of it."""
        link = {code: verify_url(host, here.town, self.issued.verification, code) for code in ("fr", "en")}
        return {
            "document_title": self.issued.title,
            "document_number": Text(fr=self.issued.number),
            "document_link": Text(fr=link["fr"], en=link["en"]),
        }


async def make(
    host: Host, paper: Paper, counted: dict[str, int], before: IssuedDocument | None = None
) -> CompletedDocument | Denied:
    """The document of this paper under the next number of its series, or as a new version of the one `before`."""
    here, document = paper.here, paper.document
    year = local_day(here.town.calendar, here.at).year
    numbered = None if before else await next_number(host, here.town, document.number, year, counted)
    number = before.number if before else numbered.number if numbered else ""
    version = before.version + 1 if before else 1
    paper = structs.replace(
        paper,
        number=number,
        code=same_each_time(f"{here.record.id} {document.code} {number} {version}", new_code),
        version=version,
        before=before.issued_at if before else None,
        sealed=host.of(TownSeals).seals is not None,
    )
    sources = sources_for(document, here)
    try:
        seal = host.of(TownSeals).of(here.town.code)
        composed = await compose(host, paper)
        sheets = composed.sheets
        if not all(sheet["grants"] for sheet in sheets):
            names = ", ".join(sheets[0]["unsaid"])
            return Denied(code="not_possible", reason=NOT_A_WORD.format(title=document.title, names=names))
        rendered = rendered_first(host, paper, composed)
        content = await _sealed(host, paper, rendered, seal) if rendered else b""
        if rendered and content:
            sources = rendered.sources
        else:
            rendered, content = None, await _printed(host, paper, composed, sources, seal)
    except (NotSet, NotSigned, TimeoutError) as error:
        log.error("document", request=here.record.reference, document=document.code, trouble=str(error) or "too slow")
        return Denied(code="not_possible", reason=NOT_MADE.format(title=document.title))
    digest = await asyncio.to_thread(host.files.keep, content)
    issued = _row(paper, sources, seal, digest, len(content))
    writes: list[Write] = [partial(_keep, issued, sources)]
    if numbered:
        writes.append(partial(use_number, numbered))
    by = rendered.name if rendered else ""
    return CompletedDocument(issued=issued, writes=tuple(writes), unsaid=tuple(sheets[0]["unsaid"]), renderer=by)


async def preview(host: Host, paper: Paper) -> bytes | Denied:
    """The same as it would be, marked as a preview, without number, code and signature; nothing is kept."""
    sources = sources_for(paper.document, paper.here)
    try:
        shown = structs.replace(paper, number="", code="")
        composed = await compose(host, shown)
        rendered = await rendered_now(host, shown, composed)
        return rendered.content if rendered else await _printed(host, shown, composed, sources, None)
    except (NotSet, TimeoutError) as error:
        log.error("preview", document=paper.document.code, trouble=str(error) or "too slow")
        return Denied(code="not_possible", reason=NOT_MADE.format(title=paper.document.title))


def sources_for(document: Document, here: Situation) -> Sources:
    """What the document is made of: the town's own template, else the author's, else the usual one."""
    own = TEMPLATES.of(here.town).get(f"{here.record.type}.{document.code}", "")
    return sources_of(own or document.source, here.town.logo.content, here.town.logo.name)


async def _printed(host: Host, paper: Paper, composed: Composed, sources: Sources, seal: Seal | None) -> bytes:
    """Set and signed in a thread, within the time that a person waits."""
    language = languages_of(paper.document, paper.here.town, paper.here.record.language)[0]
    link = verify_url(host, paper.here.town, paper.code, language) if paper.code else NOWHERE

    def work() -> bytes:
        pdf = set_pdf(sources, composed.sheets, link, paper.here.at, composed.pictures)
        if seal is None:
            return pdf
        from parvis_documents.signing import signed  # seconds of importing, where there is something to sign

        return signed(pdf, seal, at=paper.here.at, label=wording.FIELD.to(language))

    async with asyncio.timeout(SECONDS):
        return await asyncio.to_thread(work)


async def _sealed(host: Host, paper: Paper, rendered: RenderedDocument, seal: Seal | None) -> bytes:
    """A file that a plugin made, signed where the town has a key; empty where that cannot be done to it."""
    if seal is None:
        return rendered.content
    from parvis_documents.signing import signed

    label = wording.FIELD.to(languages_of(paper.document, paper.here.town, paper.here.record.language)[0])
    signing = partial(signed, rendered.content, seal, at=paper.here.at, label=label)
    done = await attempt(lambda: asyncio.to_thread(signing), SIGNING)  # in a file of its making, anything can be slow
    if isinstance(done, Failure):
        unfit(host, rendered, done.what)
        return b""
    return done.value


def _row(paper: Paper, sources: Sources, seal: Seal | None, digest: str, size: int) -> IssuedDocument:
    here, document = paper.here, paper.document
    protected = is_protected(document, here.request_type, here.record.identity)
    return IssuedDocument(
        id=new_id(),
        request=here.record.id,
        jurisdiction=here.town.code,
        type=here.record.type,
        code=document.code,
        kind=document.kind,
        title=document.title,
        number=paper.number,
        version=paper.version,
        verification=paper.code,
        state="issued",
        language=",".join(languages_of(document, here.town, here.record.language)),
        audience="sensitive" if protected else "personal",
        validity=document.validity,
        template=sources.digest,
        signed_by=seal.holder[:200] if seal else "",
        digest=digest,
        content=digest,
        size=size,
        issued_at=here.at,
        changed_at=here.at,
    )


async def _keep(issued: IssuedDocument, sources: Sources) -> None:
    kept = Template(digest=sources.digest, body=sources.as_kept(), kept_at=issued.issued_at)
    await Template.insert(kept).on_conflict(target=Template.digest, action="DO NOTHING")
    await insert_values(DocumentRow, structs.asdict(issued) | {"title": as_json(issued.title)})


async def change_state(document: IssuedDocument, state: str, here: Situation) -> None:
    """Inside a transaction: a document that was issued is revoked or replaced."""
    changed: Row = {DocumentRow.state: state, DocumentRow.changed_at: here.at}
    await DocumentRow.update(changed).where(DocumentRow.id == document.id)
