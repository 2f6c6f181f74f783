"""All kinds of parts together: what a step brings about in them, which of their facts stand, how they are forgotten."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from parvis.db.tables import Entry as EntryRow
from parvis.declared import declared
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Situation, Write
from parvis.requests.entry_words import EntryWords
from parvis.requests.former_modules import FormerModules
from parvis.requests.history import Entry, entries_of
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import ArchivedPart, EffectContext, Effects, PartKind, PartPaper, Term
from parvis.requests.personal import ErasureRule
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_sdk.amounts import money_shown
from parvis_sdk.conditions import fields_of
from parvis_sdk.fields import AnyField
from parvis_sdk.parts import Part
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Owed
from parvis_sdk.standing_answers import AnsweredAgain, asked_by, standing_answers
from parvis_sdk.subscriptions import PaidThere
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Transition

KINDS = ("parvis.requests.parts",)
"""Whose files declare the kinds of part of the core."""
MODULE_AWAY = Text(
    fr="«\u00a0{part}\u00a0» dépend d’un module qui n’est pas en service ici.",
    en="“{part}” depends on a module that is not in use here.",
)

NOBODY_TAKES = Text(
    fr="«\u00a0{plugin}\u00a0» annonce un paiement de {amount} (nº\u00a0{number}), mais rien ici ne l’enregistre.",
    en="“{plugin}” reports a payment of {amount} (no. {number}), but nothing here records it.",
)


@cache
def core_kinds() -> tuple[PartKind, ...]:
    """The kinds of part of the core, in the order of their words."""
    return tuple(sorted(declared(PartKind, *KINDS), key=lambda kind: kind.word))


def part_kinds(host: Host, town: Jurisdiction) -> Mapping[str, PartKind]:
    """The kinds of part that somebody looks after in a town, by their words; a module that is closing still does."""
    here = host.modules.of(town)
    return {each.word: each for each in (*core_kinds(), *host.modules.registry.part_kinds(here.on | here.closing))}


def kinds_installed(host: Host) -> tuple[PartKind, ...]:
    """Every kind of part that is installed, on or off: for what must be done wherever it once was."""
    return (*core_kinds(), *host.modules.registry.part_kinds())


def names_of_kinds(host: Host) -> dict[str, Text]:
    """What people call each kind of part, by its word; also those of modules that were removed."""
    return {**host.of(FormerModules).kinds(), **{each.word: each.named for each in kinds_installed(host)}}


def page_before(kinds: Iterable[PartKind], request_type: RequestType, transition: Transition) -> str:
    """Under a request at the desk, where is prepared what a step brings about; empty where there is no such page."""
    pages = {each.word: each.page for each in kinds if each.page}
    about = (request_type.part_of(fact)[0] for fact in request_type.workflow.brought_by(transition))
    return next((f"{pages[part.part]}/{part.code}" for part in about if part.part in pages), "")


async def bring_about(bringing: EffectContext, facts: Iterable[str]) -> Effects | Denied | Problems:
    """Plan every one of these facts, those last that say the others; the first that cannot be had refuses them all."""
    writes: list[Write] = []
    came: dict[str, dict[str, Text]] = {}
    body: dict[str, Any] = {}
    kinds = part_kinds(bringing.host, bringing.here.town)
    freed = await freed_from(bringing.here.record.id, bringing.here.request_type, kinds)
    last = {word for word, each in kinds.items() if each.brought_last}
    for fact in sorted(facts, key=lambda name: name.partition(".")[0] in last):
        part, word = bringing.here.request_type.part_of(fact)
        if name_of(part) in freed:
            body[WITHOUT] = [*body.get(WITHOUT, ()), fact]
            continue
        if part.part not in kinds:
            return Denied(code="not_possible", reason=MODULE_AWAY.format(part=part.title))
        brought = await kinds[part.part].bring(bringing, part, word)
        if not isinstance(brought, Effects):
            return brought
        writes += brought.writes
        came |= brought.facts
        body |= brought.body
        for said in brought.facts.values():
            bringing.said.update(said)
    return Effects(writes=tuple(writes), facts=came, body=body)


async def end_parts(bringing: EffectContext) -> tuple[Write, ...]:
    """Plan what becomes of every part of a request that is closed, or is of another type from now on.

    Whether or not its module is on: switched on again, it would go on with what is long over.
    """
    writes: list[Write] = []
    ending = ((each, each.end) for each in kinds_installed(bringing.host) if bringing.here.request_type.of(each.noun))
    for _, end in sorted(ending, key=lambda pair: pair[0].word):
        if end is not None:
            writes += await end(bringing)
    return tuple(writes)


async def standing_facts(host: Host, record: Record, request_type: RequestType) -> frozenset[str]:
    """Every fact that is true of the request now, and those of the parts that it was freed from."""
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    moves = request_type.workflow.transitions
    needed = (fact for move in moves for fact in (*move.needs, *(need.fact for need in move.needs_when)))
    freed = of_parts(needed, await freed_from(record.id, request_type, part_kinds(host, town)))
    return freed.union(*[await each.standing(record, request_type) for each in _kinds_in(host, town, request_type)])


async def possible(
    host: Host, record: Record, request_type: RequestType, moves: tuple[Transition, ...]
) -> tuple[Transition, ...]:
    """Those of these moves for which every fact that they need stands now."""
    if not any(move.waits for move in moves):
        return moves
    standing = await standing_facts(host, record, request_type)
    answers = await answers_now(host, record, request_type, moves)
    return tuple(move for move in moves if standing.issuperset(move.needed(answers)))


async def answers_now(
    host: Host, record: Record, request_type: RequestType, moves: Iterable[Transition]
) -> dict[str, Any]:
    """The answers that stand, and what else is known, where one of these moves needs facts by them."""
    moves = tuple(moves)
    if not any(move.needs_when for move in moves):
        return {}
    standing = standing_answers(request_type, record.answers, await answered_again(record, request_type))
    return standing | await known_of(host, record, request_type, moves)


async def known_of(
    host: Host, record: Record, request_type: RequestType, moves: Iterable[Transition]
) -> dict[str, Any]:
    """What is known of a request beside its answers, where a need of these moves looks at it."""
    needs = (need for move in moves for need in move.needs_when)
    if not any(code.startswith("@") for need in needs for code in fields_of(need.when)):
        return {}
    kinds = _kinds_in(host, host.jurisdictions.jurisdiction(record.jurisdiction), request_type)
    found = [await each.known(host, record, request_type) for each in kinds if each.known is not None]
    return {code: value for known in found for code, value in known.items()}


async def reads_file(host: Host, viewer: Viewer, record: Record, request_type: RequestType, id: str) -> bool:
    """Whether a file reaches a viewer because of a part: as one who is asked about it, or reads what came with it."""
    asked = [
        each.reads_file for each in kinds_installed(host) if each.reads_file is not None and request_type.of(each.noun)
    ]
    return any([await reads(viewer, record, request_type, host.jurisdictions, id) for reads in asked])


async def archived_parts(
    host: Host, viewer: Viewer, record: Record, request_type: RequestType, among: Collection[str] | None = None
) -> dict[str, ArchivedPart]:
    """What somebody is given of every kind of part, or of those named, by its word; whether or not its module is on."""
    kinds = [(each, each.archive) for each in kinds_installed(host) if among is None or each.word in among]
    return {
        each.word: ArchivedPart(
            name=of.name, title=each.named, entries=await of.of(viewer, record, request_type, host.jurisdictions)
        )
        for each, of in kinds
        if of is not None
    }


async def papers_made(host: Host, viewer: Viewer, record: Record, request_type: RequestType) -> tuple[PartPaper, ...]:
    """The papers made for its parts that a viewer may open, as long as the store has them, even if modules are off."""
    making = [each.papers for each in kinds_installed(host) if each.papers is not None]
    return tuple([paper for of in making for paper in await of(viewer, record, request_type, host.jurisdictions)])


async def owed_by(host: Host, record: Record, request_type: RequestType) -> tuple[Owed, ...]:
    """What is to be paid for a request, whether or not the module of it is on: other systems go on knowing of it."""
    told = [each.owed for each in kinds_installed(host) if each.owed is not None]
    return tuple([one for owed in told for one in await owed(record, request_type)])


async def paid_there(host: Host, reference: str, told: PaidThere, actor: Actor) -> Text | None:
    """In a transaction: what another system was paid for a request is written down; or what is to be said instead."""
    for kind in kinds_installed(host):
        if kind.paid is not None:
            return await kind.paid(host, reference, told, actor)
    named = {"plugin": actor.name, "amount": money_shown(told.cents), "number": told.number or "?"}
    return NOBODY_TAKES.format(**named)


async def terms_of(host: Host, request: UUID) -> tuple[Term, ...]:
    """Until when what was granted on a request holds, whether or not the module of it is on."""
    asked = [each.terms for each in kinds_installed(host) if each.terms is not None]
    return tuple([one for terms in asked for one in await terms(request)])


def end_of(bringing: EffectContext, part: Part) -> datetime | None:
    """When what a part begins now would end; none without end, or where nobody looks after it here."""
    kind = part_kinds(bringing.host, bringing.here.town).get(part.part)
    return kind.would_end(bringing, part) if kind is not None and kind.would_end is not None else None


async def holder_back(host: Host, here: Situation, since: datetime) -> None:
    """Inside a transaction: what was offered to others since then goes, for it was not its holder who offered it."""
    for kind in kinds_installed(host):
        if kind.holder_back is not None:
            await kind.holder_back(here, since)


async def forget_parts(host: Host, request: UUID) -> None:
    """Inside the transaction of an erasure: what is personal in any part goes, whether or not its module is on."""
    for kind in kinds_installed(host):
        await kind.forget(request)


def _kinds_in(host: Host, town: Jurisdiction, request_type: RequestType) -> list[PartKind]:
    known = part_kinds(host, town)
    return [known[word] for word in sorted({part.part for part in request_type.parts}) if word in known]


ERASURE = ErasureRule(forget=forget_parts)


FREED = "freed"
WITHOUT = "without"  # in the entry of a step: the facts that it did not bring about
TITLE = Text(fr="La requête continue sans\u00a0: {parts}", en="The request continues without: {parts}")
MADE_WITHOUT = Text(fr="Fait sans\u00a0: {parts}", en="Made without: {parts}")


def name_of(part: Part) -> str:
    """What the facts of a part begin with, and what an entry calls it."""
    return f"{part.part}.{part.code}"


def away(request_type: RequestType, known: Collection[str]) -> tuple[Part, ...]:
    """The parts of a type whose kind is none of these: their module is off, or was removed."""
    return tuple(part for part in request_type.parts if part.part not in known)


async def freed_from(request: UUID, request_type: RequestType, known: Collection[str]) -> frozenset[str]:
    """The names of the parts without which a request goes on: freed by an entry, and nobody looks after them again."""
    gone = {name_of(part) for part in away(request_type, known)}
    if not gone:
        return frozenset()
    rows = await EntryRow.select(EntryRow.body).where((EntryRow.request == request) & (EntryRow.kind == FREED))
    return frozenset(name for row in rows for name in msgspec.json.decode(row["body"])["parts"]) & gone


def of_parts(facts: Iterable[str], names: Collection[str]) -> frozenset[str]:
    """Those of these facts that are about the parts of these names."""
    return frozenset(fact for fact in facts if fact.rpartition(".")[0] in names)


def _title(request_type: RequestType, town: Jurisdiction | None, entry: Entry) -> Text:
    return TITLE.format(parts=_titles(request_type, entry.body["parts"]))


def _made_without(request_type: RequestType, entry: Entry) -> Iterable[Text]:
    facts = entry.body.get(WITHOUT, ())
    if facts:
        names = dict.fromkeys(fact.rpartition(".")[0] for fact in facts)
        yield MADE_WITHOUT.format(parts=_titles(request_type, names))


def _titles(request_type: RequestType, names: Iterable[str]) -> Text:
    known = {name_of(part): part.title for part in request_type.parts}
    titles = [known.get(name, Text(fr=name)) for name in names]
    return Text(fr=", ".join(each.to("fr") for each in titles), en=", ".join(each.to("en") for each in titles))


WORDS = EntryWords(made={FREED: _title}, lines=_made_without)


async def answered_again(record: Record, request_type: RequestType) -> AnsweredAgain:
    """What the steps of a request were answered until now; an answer that was corrected since is the corrected one."""
    answers, fields, before = dict[str, Any](), dict[str, AnyField](), dict[str, Any]()
    for entry in await entries_of(record):
        personal = entry.personal or {}
        if entry.kind == "moved":
            taken = asked_by(request_type, entry.body.get("transition", ""), personal.get("given", {}))
            answers, fields = answers | taken.answers, fields | taken.fields
        elif entry.body.get("type") != entry.body.get("type_before", entry.body.get("type")):
            answers, fields, before = {}, {}, dict(personal.get("answers", {}))  # of the steps of another workflow
        elif isinstance(now := personal.get("answers"), Mapping):
            for code in [code for code in answers if now.get(code) != before.get(code)]:
                del answers[code], fields[code]
            before = dict(now)
    return AnsweredAgain(answers=answers, fields=fields)
