"""What is done with a document after it was issued: a corrected version takes its place, or it is revoked."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, Write, change
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.parts.part_kinds import EffectContext, Effects, Term
from parvis.requests.parts.together import answered_again, bring_about, terms_of
from parvis.requests.records import Record
from parvis_documents.composing import Paper
from parvis_documents.issued import HOLDING, IssuedDocument, issued_as, standing_of
from parvis_documents.making import change_state, make
from parvis_documents.parts import paper_of
from parvis_sdk.documents import FILLED, Document
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Transition

GONE = Text(
    fr="Ce document a déjà été remplacé ou révoqué, ou il n’appartient plus à ce type de requête.",
    en="This document has already been replaced or revoked, or no longer belongs to this request type.",
)
OVER = Text(
    fr="Ce document n’est plus en vigueur\u00a0: aucune nouvelle version ne peut être délivrée.",
    en="This document is no longer in force, so no new version can be issued.",
)
ONCE = Text(
    fr="Ce document dépend de l’étape qui l’a délivré\u00a0: refaites cette étape au lieu de remplacer le document.",
    en="This document depends on the step that issued it. Repeat that step instead of replacing the document.",
)


async def replace(
    host: Host, reference: str, id: str, reason: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Issue a new version under the same number, of the request as it is now; the one before says it was replaced."""
    plan = partial(_plan_version, host, id, reason, actor)
    return await change(host, reference, plan, actor=actor, expected=expected)


async def revoke(
    host: Host, reference: str, id: str, reason: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Revoke a document: its verification page says so from then on."""
    plan = partial(_plan_revocation, host, id, reason, actor)
    return await change(host, reference, plan, actor=actor, expected=expected)


async def _plan_version(host: Host, id: str, reason: str, actor: Actor, here: Situation) -> Change | Denied:
    found = await _found(id, here)
    if isinstance(found, Denied):
        return found
    issued, document = found
    if not may_be_replaced(issued, await terms_of(host, here.record.id)):
        return Denied(code="not_possible", reason=OVER)
    if document.said() - {*FILLED, *document.shows, document.conditions}:
        return Denied(code="not_possible", reason=ONCE)
    bringing = EffectContext(
        host=host, here=here, actor=actor, again=await answered_again(here.record, here.request_type)
    )
    made = await make(host, await paper_of(bringing, document), bringing.counted, before=issued)
    if isinstance(made, Denied):
        return made
    writes: tuple[Write, ...] = (partial(change_state, issued, "replaced", here), *made.writes)
    facts = {document.fact("replaced"): made.said(host, here)}
    return happening(host, here, facts, actor=actor, writes=writes, body=made.noted(), personal={"words": reason})


def may_be_replaced(issued: IssuedDocument, held: Iterable[Term]) -> bool:
    """Whether a new version may take its place: one of what is over would hold again."""
    return standing_of(issued, held) in HOLDING


async def _plan_revocation(host: Host, id: str, reason: str, actor: Actor, here: Situation) -> Change | Denied:
    found = await _found(id, here)
    if isinstance(found, Denied):
        return found
    issued, document = found
    said = {"document_title": issued.title, "document_number": Text(fr=issued.number)}
    writes = (partial(change_state, issued, "revoked", here),)
    facts = {document.fact("revoked"): said}
    return happening(host, here, facts, actor=actor, writes=writes, personal={"words": reason})


async def _found(id: str, here: Situation) -> tuple[IssuedDocument, Document] | Denied:
    """The document as it stands under lock, with its declaration."""
    issued = await issued_as(id)
    declared = {each.code: each for each in here.request_type.of(Document)}
    if issued is None or issued.request != here.record.id or issued.state != "issued" or issued.code not in declared:
        return Denied(code="not_possible", reason=GONE)
    return issued, declared[issued.code]


async def preview_paper(
    host: Host, here: Situation, document: Document, move: Transition, given: dict[str, Any], actor: Actor
) -> Paper | Denied | Problems:
    """The document as this move with these answers would issue it; nothing is planned further than that."""
    again = await answered_again(here.record, here.request_type)
    bringing = EffectContext(host=host, here=here, actor=actor, move=move.code, given=given, again=again)
    others = [fact for fact in here.request_type.workflow.brought_by(move) if not fact.startswith(f"{Document.part}.")]
    brought = await bring_about(bringing, others)
    return await paper_of(bringing, document) if isinstance(brought, Effects) else brought
