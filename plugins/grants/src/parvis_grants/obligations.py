"""What a decision demands of its holder: imposed by a move, due by itself, met by a proof or waived."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from parvis import clock
from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.calendars import BusinessCalendar, last_day, local_day, midnight_after
from parvis.requests.changing import Situation
from parvis.requests.parts.dates import day_text
from parvis.requests.parts.part_kinds import (
    ArchivedEntry,
    DateColumn,
    EffectContext,
    Effects,
    LaterDates,
    PartArchive,
    PartKind,
    TimeAway,
    about,
)
from parvis.requests.records import Record, as_json
from parvis.requests.visibility import Viewer
from parvis_grants.owing import ObligationState, answer_text, due_day, met_with, next_moment, proved_until
from parvis_grants.tables import Obligation as ObligationRow
from parvis_sdk.obligations import Obligation
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

BY = Text(fr="{demand} (au plus tard le {due})", en="{demand} (by {due})")
MET = Text(fr="Condition remplie", en="Met")
WAIVED = Text(fr="La Ville ne l’exige plus", en="No longer demanded")
TO_DO = Text(fr="À faire", en="To be done")
LINES = "\n– "


async def obligations_of(request: UUID) -> tuple[ObligationState, ...]:
    """Everything that was demanded of the holder of a request, in the order imposed."""
    rows = await ObligationRow.select().where(ObligationRow.request == request).order_by(ObligationRow.id)
    return tuple(_owed(row) for row in rows)


def _owed(row: Mapping[str, Any]) -> ObligationState:
    values = {name: row[name] for name in ObligationState.__struct_fields__}
    return ObligationState(**values | {"demand": msgspec.json.decode(row["demand"], type=Text)})


async def keep(request: UUID, owed: ObligationState, declared: Obligation, calendar: BusinessCalendar) -> None:
    """Inside a transaction: write an obligation as it has become, and when time will next bring something to it."""
    values: Row = {name: getattr(owed, name) for name in ObligationState.__struct_fields__}
    values |= {"demand": as_json(owed.demand), "changed_at": clock.now()}
    values |= {"wake_at": next_moment(owed, declared, calendar)}
    changed = await ObligationRow.update(values).where(ObligationRow.id == owed.id).returning(ObligationRow.id)
    if not changed:
        await insert_values(ObligationRow, values | {"request": request})


def said_of(all_owed: Iterable[ObligationState], calendar: BusinessCalendar) -> dict[str, Text]:
    """What messages may say of obligations to which the same thing happens."""
    together = list(all_owed)
    said = {"demand": joined(each.demand for each in together)}
    days = [each.due_at for each in together if each.due_at is not None]
    return said | ({"due": day_text(last_day(calendar, min(days)))} if days else {})


def demand_by(owed: ObligationState, calendar: BusinessCalendar) -> Text:
    """What is demanded and by when, in one line."""
    if owed.due_at is None:
        return owed.demand
    return BY.format(demand=owed.demand, due=day_text(last_day(calendar, owed.due_at)))


def joined(texts: Iterable[Text]) -> Text:
    """One text, or several as a list of lines."""
    several = list(texts)
    if len(several) == 1:
        return several[0]
    return Text(
        fr=(LINES + LINES.join(each.to("fr") for each in several)).strip("\n"),
        en=(LINES + LINES.join(each.to("en") for each in several)).strip("\n"),
    )


def settled_with(declared: Obligation, others: Iterable[ObligationState]) -> dict[str, dict[str, Text]]:
    """The fact that nothing is left to be done, once none of the others is open."""
    return {} if any(each.is_open and each.code == declared.code for each in others) else about(declared, "settled")


async def _bring(bringing: EffectContext, declared: Obligation, word: str) -> Effects:
    here, calendar = bringing.here, bringing.here.town.calendar
    before = await obligations_of(here.record.id)
    imposed = tuple(_imposed(bringing, declared, before))
    facts: dict[str, dict[str, Text]] = {}
    if imposed:
        facts |= about(declared, "imposed", {"demands": joined(demand_by(each, calendar) for each in imposed)})
    if met := [each for each in imposed if each.state == "met"]:
        facts |= about(declared, "met", said_of(met, calendar))
    ids = {each.id for each in imposed}
    facts |= settled_with(declared, (*imposed, *(each for each in before if each.id not in ids)))
    return Effects(
        writes=tuple(partial(keep, here.record.id, each, declared, calendar) for each in imposed), facts=facts
    )


def _imposed(
    bringing: EffectContext, declared: Obligation, before: tuple[ObligationState, ...]
) -> Iterator[ObligationState]:
    given = bringing.given
    if declared.written:
        for entry in given.get(declared.written) or ():
            demand = Text(fr=entry["demand"], en=entry.get("demand_en", ""))
            yield _new(bringing, declared, demand, entry.get("due_on"), entry.get("proof", ""))
    if declared.text is None or not _is_chosen(declared, given):
        return
    texts = {code: answer_text(field, given[code]) for code, field in _questions(bringing).items() if code in given}
    answered = bringing.answers.get(declared.due)
    first = declared.proofs[0].code if declared.proofs else ""
    new = _new(bringing, declared, declared.text.format(**texts), answered, first)
    # What is demanded already is demanded in its new terms, not twice.
    same = next((each for each in before if each.code == declared.code and each.is_live), None)
    yield structs.replace(new, id=same.id, imposed_at=same.imposed_at, sent=same.sent) if same else new


def _is_chosen(declared: Obligation, given: Mapping[str, Any]) -> bool:
    if not declared.chosen:
        return True
    said = given.get(declared.chosen)
    return said is True or said == declared.code or (isinstance(said, list) and declared.code in said)


def _questions(bringing: EffectContext) -> dict[str, Any]:
    """The questions of the moves that impose something, by code: for the words of what was answered."""
    moves = bringing.here.request_type.workflow.transitions
    return {field.code: field for move in moves for field in move.asks.fields()}


def _new(
    bringing: EffectContext, declared: Obligation, demand: Text, answered: str | None, proof: str
) -> ObligationState:
    here, calendar = bringing.here, bringing.here.town.calendar
    day = due_day(declared, local_day(calendar, here.at), answered)
    owed = ObligationState(
        id=new_id(),
        code=declared.code,
        demand=demand,
        proof=proof,
        state="open",
        imposed_at=here.at,
        due_at=midnight_after(calendar, day) if day else None,
        woken_at=here.at,
    )
    until = proved_until(owed, declared, calendar, bringing.answers)
    return met_with(owed, until, here.at) if until else owed


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    by_code: defaultdict[str, list[ObligationState]] = defaultdict(list)
    for each in await obligations_of(record.id):
        by_code[each.code].append(each)
    declared = request_type.of(Obligation)
    return frozenset(each.fact(word) for each in declared for word in words_of(by_code[each.code]))


def words_of(all_owed: list[ObligationState]) -> Iterator[str]:
    """The words of the facts that are true of everything demanded under one declared obligation."""
    states = {each.state for each in all_owed}
    if all_owed:
        yield "imposed"
    if not any(each.is_open for each in all_owed):
        yield "settled"
        if "met" in states:
            yield "met"
        elif all_owed:
            yield "waived"
    if states & {"due", "overdue"}:
        yield "due"
    yield from states & {"overdue", "proved"}


async def _forget(request: UUID) -> None:
    """What goes is said as data, in `personal`."""


async def _put_off(away: TimeAway) -> LaterDates:
    writes, told, record = [], [], away.here.record
    for owed in await obligations_of(record.id):
        declared = declared_in(away.here, owed.code)
        if declared is None or owed.due_at is None or owed.state not in ("open", "due") or not away.moves(owed.due_at):
            continue
        became = structs.replace(owed, state="open", due_at=away.later(owed.due_at))
        writes.append(partial(keep, record.id, became, declared, away.calendar))
        told.append(demand_by(became, away.calendar))
    return LaterDates(tuple(writes), tuple(told))


async def _archived(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[ArchivedEntry, ...]:
    """What somebody owes is theirs: it is told to them and to the town."""
    if viewer.kind == "public":
        return ()
    titles = {each.code: each.title for each in request_type.of(Obligation)}
    calendar = jurisdictions.jurisdiction(record.jurisdiction).calendar
    return tuple(
        ArchivedEntry(
            data={"code": each.code, "words": each.demand, "state": each.state, "due_before": each.due_at},
            title=titles.get(each.code, Text(fr=each.code)),
            said=_state_text(each),
            at=each.imposed_at,
            words=demand_by(each, calendar).to(record.language) if each.is_open else each.demand.to(record.language),
        )
        for each in await obligations_of(record.id)
    )


def _state_text(owed: ObligationState) -> Text:
    return MET if owed.state == "met" else WAIVED if owed.state == "waived" else TO_DO


OBLIGATIONS = PartKind(
    noun=Obligation,
    title=Text(fr="Conditions", en="Conditions"),
    bring=_bring,
    standing=_standing,
    forget=_forget,
    dates=(DateColumn(ObligationRow, "due_at", "d.state IN ('open', 'due')"),),
    put_off=_put_off,
    rows=ObligationRow,
    archive=PartArchive(name="demanded", of=_archived),
)


def declared_in(here: Situation, code: str) -> Obligation | None:
    """The declared obligation of that code of the type of a request."""
    return here.request_type.part(Obligation, code)
