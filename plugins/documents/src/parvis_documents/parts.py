"""Documents of the town: issued by a move, replaced by what a later one issues, revoked."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from parvis.jurisdictions import Jurisdictions
from parvis.requests.parts.part_kinds import EffectContext, Effects, PartKind, PartPaper, about
from parvis.requests.parts.together import end_of, terms_of
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_documents.composing import Paper
from parvis_documents.issued import IssuedDocument, issued_for, issued_of
from parvis_documents.making import change_state, make
from parvis_documents.tables import Document as DocumentRow
from parvis_sdk.documents import Document
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied

ONE_INSTANT = timedelta(microseconds=1)


async def paper_of(bringing: EffectContext, document: Document) -> Paper:
    """The document as it would be made now."""
    return Paper(
        document=document,
        here=bringing.here,
        actor=bringing.actor,
        move=bringing.move,
        given=bringing.given,
        said=bringing.said,
        until=await _last_moment(bringing, document),
    )


async def _last_moment(bringing: EffectContext, document: Document) -> datetime | None:
    """Until when it will be worth something: by the validity as it stands or stood, or as the same move begins it."""
    validity = bringing.here.request_type.part(Validity, document.validity)
    if validity is None:
        return None
    end = bringing.ends.get(validity.code)
    if validity.code not in bringing.ends:
        held = [each for each in await terms_of(bringing.host, bringing.here.record.id) if each.code == validity.code]
        end = held[0].until if held else end_of(bringing, validity)
    return end - ONE_INSTANT if end else None


def newest(documents: tuple[IssuedDocument, ...], code: str) -> IssuedDocument | None:
    """The one that holds now, of those issued under this code."""
    return next((each for each in reversed(documents) if each.code == code and each.state == "issued"), None)


async def _bring(bringing: EffectContext, document: Document, word: str) -> Effects | Denied:
    here, host = bringing.here, bringing.host
    before = newest(await issued_of(here.record.id), document.code)
    if word == "revoked":
        if before is None:
            return Effects()
        said = {"document_title": before.title, "document_number": Text(fr=before.number)}
        writes = (partial(change_state, before, "revoked", here),)
        return Effects(writes=writes, facts=about(document, "revoked", said))
    former = before if before is not None and await _lives_on(bringing, document, before) else None
    made = await make(host, await paper_of(bringing, document), bringing.counted, before=former)
    if isinstance(made, Denied):
        return made
    said = made.said(host, here)
    facts, body = about(document, "issued", said), made.noted()
    if before is None or document.beside:
        return Effects(writes=made.writes, facts=facts, body=body)
    replaced = partial(change_state, before, "replaced", here)
    return Effects(writes=(replaced, *made.writes), facts=facts | about(document, "replaced", said), body=body)


async def _lives_on(bringing: EffectContext, document: Document, before: IssuedDocument) -> bool:
    """Whether a document goes on under the number of the one before: what it is worth is renewed, or was since."""
    if document.beside:
        return False
    if document.keeps_number or bringing.brings(f"{Validity.part}.{document.validity}.renewed"):
        return True
    held = [each for each in await terms_of(bringing.host, bringing.here.record.id) if each.code == document.validity]
    return any(each.renewals and each.since <= before.issued_at for each in held)


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    return frozenset(f"{Document.part}.{each.code}.{each.state}" for each in await issued_of(record.id))


async def _forget(request: UUID) -> None:
    """What goes is said as data, in `personal`."""


async def _papers(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[PartPaper, ...]:
    """Also those of a type that issues none any more."""
    return tuple(
        PartPaper(
            title=each.title,
            number=each.number,
            name=each.name,
            digest=each.digest,
            content=each.content,
            data={"version": each.version, "state": each.state, "issued_at": each.issued_at},
        )
        for each in await issued_for(viewer, record, jurisdictions)
        if each.content
    )


PART_KINDS = (
    PartKind(
        noun=Document,
        title=Text(fr="Documents", en="Documents"),
        bring=_bring,
        standing=_standing,
        forget=_forget,
        rows=DocumentRow,
        papers=_papers,
        brought_last=True,
    ),
)
