"""Until when something granted holds: begun by a move, renewed, suspended, ended early or by time."""

from datetime import datetime
from functools import partial
from uuid import UUID

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
    Term,
    TimeAway,
)
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_grants.tables import Handover
from parvis_grants.tables import Validity as ValidityRow
from parvis_sdk.days import day_text, last_day, midnight_after
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import ValidityState, changed_by, first_end, next_moment, said_of
from parvis_sdk.workflow import Denied

RENEW = Text(fr="Renouvellement possible jusqu’au {day}.", en="Renewal possible until {day}.")
STATES = {
    "valid": Text(fr="En vigueur", en="In force"),
    "suspended": Text(fr="Suspension en cours", en="Suspended"),
    "revoked": Text(fr="Plus en vigueur\u00a0: révocation", en="Revoked"),
    "ended": Text(fr="Plus en vigueur\u00a0: fin avant terme", en="Ended early"),
    "expired": Text(fr="Plus en vigueur\u00a0: échéance passée", en="Expired"),
}
UNTIL = {
    "valid": Text(fr="En vigueur jusqu’au {day}", en="In force until {day}"),
    "expired": Text(fr="Plus en vigueur depuis le {day}", en="Expired on {day}"),
}


async def validity_of(request: UUID) -> tuple[ValidityState, ...]:
    """Every validity of a request that has begun, as it stands at this moment."""
    now = clock.now()
    return tuple(each.as_of(now) for each in await kept_validity_of(request))


async def kept_validity_of(request: UUID) -> tuple[ValidityState, ...]:
    """The same as last seen to: what time has brought since is still to be said."""
    rows = await ValidityRow.select().where(ValidityRow.request == request).order_by(ValidityRow.id)
    return tuple(ValidityState(**{name: row[name] for name in ValidityState.__struct_fields__}) for row in rows)


async def keep(request: UUID, held: ValidityState, validity: Validity, calendar: BusinessCalendar) -> None:
    """Inside a transaction: write a validity as it has become, and when time will next bring something to it."""
    values: Row = structs.asdict(held) | {"wake_at": next_moment(held, validity, calendar), "changed_at": clock.now()}
    changed = await ValidityRow.update(values).where(ValidityRow.id == held.id).returning(ValidityRow.id)
    if not changed:
        await insert_values(ValidityRow, values | {"request": request})


def _would_end(bringing: EffectContext, validity: Validity) -> datetime | None:
    """The midnight after its last day in the town."""
    last = first_end(bringing.occasion, validity)
    return midnight_after(bringing.here.town.calendar, last) if last else None


async def _bring(bringing: EffectContext, validity: Validity, word: str) -> Effects | Denied:
    held = next((each for each in await kept_validity_of(bringing.here.record.id) if each.code == validity.code), None)
    became = changed_by(bringing.occasion, validity, held, word, id=new_id())
    if became is None:
        return Effects()
    if isinstance(became, Denied):
        return became
    changed, words = became
    calendar = bringing.here.town.calendar
    bringing.ends[validity.code] = changed.until
    said = said_of(changed, calendar)
    facts = {validity.fact(each): said for each in words}
    return Effects(writes=(partial(keep, bringing.here.record.id, changed, validity, calendar),), facts=facts)


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    now = clock.now()
    held = await validity_of(record.id)
    return frozenset(f"{Validity.part}.{each.code}.{word}" for each in held for word in each.facts(now))


async def _forget(request: UUID) -> None:
    """What goes is said as data, in `personal`."""


async def _put_off(away: TimeAway) -> LaterDates:
    """When a permit ends is printed on it and stays; how long it may be renewed does not."""
    writes, told, declared = [], [], {each.code: each for each in away.here.request_type.of(Validity)}
    for held in await kept_validity_of(away.here.record.id):
        kind, until = declared.get(held.code), held.renewable_until
        if kind is None or until is None or held.renewable_from is None or not away.moves(until):
            continue
        if held.renewable_from > away.here.at:
            continue  # its whole time is still to come
        became = structs.replace(held, renewable_until=away.later(until))
        writes.append(partial(keep, away.here.record.id, became, kind, away.calendar))
        if became.renewing_since is None:
            told.append(RENEW.format(day=day_text(last_day(away.calendar, away.later(until)))))
    return LaterDates(tuple(writes), tuple(told))


async def _terms(request: UUID) -> tuple[Term, ...]:
    return tuple(
        Term(code=each.code, state=each.state, since=each.since, until=each.until, renewals=each.renewals)
        for each in await validity_of(request)
    )


async def _archived(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[ArchivedEntry, ...]:
    """Until when it holds is told to its holder and to the town."""
    if viewer.kind == "public":
        return ()
    titles = {each.code: each.title for each in request_type.of(Validity)}
    calendar = jurisdictions.jurisdiction(record.jurisdiction).calendar
    return tuple(
        ArchivedEntry(
            data={"code": each.code, "state": each.state, "since": each.since, "until": each.until},
            title=titles.get(each.code, Text(fr=each.code)),
            said=_state_text(each, calendar),
            at=each.since,
        )
        for each in await validity_of(record.id)
    )


def _state_text(held: ValidityState, calendar: BusinessCalendar) -> Text:
    if held.until is None or held.state not in UNTIL:
        return STATES[held.state]
    return UNTIL[held.state].format(day=day_text(last_day(calendar, held.until)))


async def _holder_back(here: Situation, since: datetime) -> None:
    offered = (Handover.request == here.record.id) & (Handover.state == "asked") & (Handover.asked_at >= since)
    await Handover.update({Handover.state: "cancelled", Handover.changed_at: here.at}).where(offered)


VALIDITY = PartKind(
    noun=Validity,
    title=Text(fr="Validité", en="Validity"),
    bring=_bring,
    standing=_standing,
    forget=_forget,
    dates=(DateColumn(ValidityRow, "renewable_until", "d.state IN ('valid', 'suspended', 'expired')"),),
    put_off=_put_off,
    rows=ValidityRow,
    archive=PartArchive(name="granted", of=_archived),
    terms=_terms,
    would_end=_would_end,
    holder_back=_holder_back,
)
