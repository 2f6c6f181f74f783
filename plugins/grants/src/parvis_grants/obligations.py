"""What a decision requires of its holder: imposed by a move, due by itself, met by a proof or waived."""

from collections import defaultdict
from collections.abc import Mapping
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
from parvis.jurisdictions.calendars import BusinessCalendar
from parvis.requests.changing import Situation
from parvis.requests.parts.part_kinds import (
    ArchivedEntry,
    DateColumn,
    EffectContext,
    Effects,
    LaterDates,
    PartArchive,
    PartKind,
    TimeAway,
)
from parvis.requests.records import Record, as_json
from parvis.requests.visibility import Viewer
from parvis_grants.tables import Obligation as ObligationRow
from parvis_sdk.obligation_rules import (
    ObligationState,
    demand_by,
    facts_of_imposing,
    imposed_by,
    next_moment,
    words_of,
)
from parvis_sdk.obligations import Obligation
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MET = Text(fr="Condition remplie", en="Met")
WAIVED = Text(fr="N’est plus exigée par la Ville", en="No longer required")
TO_DO = Text(fr="À faire", en="To be done")


async def obligations_of(request: UUID) -> tuple[ObligationState, ...]:
    """Everything that was required of the holder of a request, in the order imposed."""
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


async def _bring(bringing: EffectContext, declared: Obligation, word: str) -> Effects:
    here, calendar = bringing.here, bringing.here.town.calendar
    before = await obligations_of(here.record.id)
    imposed = imposed_by(bringing.occasion, declared, here.request_type.workflow, before, new_id)
    return Effects(
        writes=tuple(partial(keep, here.record.id, each, declared, calendar) for each in imposed),
        facts=facts_of_imposing(declared, imposed, before, calendar),
    )


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    by_code: defaultdict[str, list[ObligationState]] = defaultdict(list)
    for each in await obligations_of(record.id):
        by_code[each.code].append(each)
    declared = request_type.of(Obligation)
    return frozenset(each.fact(word) for each in declared for word in words_of(by_code[each.code]))


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
