"""Until when something granted holds: begun by a move, renewed, suspended, ended early or by time."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.calendars import ONE_INSTANT, BusinessCalendar, last_day, local_day, midnight_after
from parvis.requests.changing import Situation
from parvis.requests.parts.dates import day_text, later
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
    about,
)
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_grants.tables import Handover
from parvis_grants.tables import Validity as ValidityRow
from parvis_grants.terms import HOLDING, State, ValidityState, ending, next_moment, renewed_until
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied

RENEW = Text(fr="Renouvellement possible jusqu’au {day}.", en="Renewal possible until {day}.")
NOT_NOW = Text(
    fr="«\u00a0{title}\u00a0» ne peut pas être renouvelé maintenant.", en="“{title}” cannot be renewed at this time."
)
FROM_WHEN = Text(
    fr="«\u00a0{title}\u00a0» peut être renouvelé à partir du {day}.", en="“{title}” may be renewed from {day} on."
)
TOO_LATE = Text(
    fr="«\u00a0{title}\u00a0» ne peut plus être renouvelé depuis le {day}. Il faut une nouvelle demande.",
    en="“{title}” could be renewed until {day}. A new application is needed.",
)
UNTIL_WHEN = Text(
    fr="La nouvelle échéance de «\u00a0{title}\u00a0» n’est pas dite.", en="The new end of “{title}” is not given."
)
STATES = {
    "valid": Text(fr="En vigueur", en="In force"),
    "suspended": Text(fr="Suspension en cours", en="Suspended"),
    "revoked": Text(fr="Plus en vigueur\u00a0: révocation", en="Revoked"),
    "ended": Text(fr="Plus en vigueur\u00a0: fin avant terme", en="Ended before its time"),
    "expired": Text(fr="Plus en vigueur\u00a0: échéance passée", en="Expired"),
}
UNTIL = {
    "valid": Text(fr="En vigueur jusqu’au {day}", en="In force until {day}"),
    "expired": Text(fr="Plus en vigueur depuis la fin du {day}", en="Expired since the end of {day}"),
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


def said_of(held: ValidityState, calendar: BusinessCalendar) -> dict[str, Text]:
    """What messages may say of it."""
    said = {}
    if held.until is not None:
        said["until"] = day_text(last_day(calendar, held.until))
    if held.renewable_until is not None:
        said["held_until"] = day_text(last_day(calendar, held.renewable_until))
    return said


def _would_end(bringing: EffectContext, validity: Validity) -> datetime | None:
    """The midnight after its last day in the town."""
    last = _first_end(bringing, validity)
    return midnight_after(bringing.here.town.calendar, last) if last else None


async def _bring(bringing: EffectContext, validity: Validity, word: str) -> Effects | Denied:
    held = next((each for each in await kept_validity_of(bringing.here.record.id) if each.code == validity.code), None)
    became = BRINGING[word](bringing, validity, held)
    if became is None:
        return Effects()
    if isinstance(became, Denied):
        return became
    here, calendar = bringing.here, bringing.here.town.calendar
    became = structs.replace(became, woken_at=_seen_to(became, held, here.at))
    bringing.ends[validity.code] = became.until
    facts = about(validity, word, said_of(became, calendar))
    if word == "renewal_dropped" and became.state == "expired":
        facts |= about(validity, "expired", said_of(became, calendar))
    return Effects(writes=(partial(keep, here.record.id, became, validity, calendar),), facts=facts)


def _seen_to(became: ValidityState, held: ValidityState | None, now: datetime) -> datetime:
    """As far as what time brings is seen to; an end that is past and that nobody has seen comes true next."""
    if became.until is None or became.until > now:
        return now
    if held is not None and held.until == became.until and (held.woken_at or held.since) >= became.until:
        return now
    return became.until - ONE_INSTANT


Became = ValidityState | Denied | None


def _valid(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    """What was suspended and holds again keeps its end; what had ended begins anew."""
    if held is not None and held.state in HOLDING:
        return structs.replace(held, state="valid", suspended_until=None)
    new = ValidityState(
        id=held.id if held else new_id(), code=validity.code, state="valid", since=bringing.here.at, until=None
    )
    return ending(new, validity, bringing.here.town.calendar, _first_end(bringing, validity))


def _first_end(bringing: EffectContext, validity: Validity) -> date | None:
    if validity.months or validity.days:
        return later(_today(bringing), months=validity.months, days=validity.days)
    return _answered(bringing, validity.until, by_form=True)


def _suspended(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    if held is None or held.state not in HOLDING:
        return None
    last = _answered(bringing, validity.suspended_until)
    over = midnight_after(bringing.here.town.calendar, last) if last else None
    return structs.replace(held, state="suspended", suspended_until=over)


def _revoked(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    return _over(held, "revoked")


def _ended(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    return _over(held, "ended")


def _over(held: ValidityState | None, state: State) -> ValidityState | None:
    if held is None or held.state not in (*HOLDING, "expired"):
        return None
    return structs.replace(held, state=state, renewing_since=None, suspended_until=None)


def _renewing(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    if refused := _not_renewable(bringing, validity, held):
        return refused
    return structs.replace(held, renewing_since=bringing.here.at) if held else None


def _renewed(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    if refused := _not_renewable(bringing, validity, held):
        return refused
    if held is None:
        return None
    calendar = bringing.here.town.calendar
    last = renewed_until(held, validity, calendar, _today(bringing)) or _answered(bringing, validity.until)
    if last is None:
        return Denied(code="not_possible", reason=UNTIL_WHEN.format(title=validity.title))
    state = "suspended" if held.state == "suspended" else "valid"
    again = structs.replace(held, state=state, renewing_since=None, renewals=held.renewals + 1)
    return ending(again, validity, calendar, last)


def _renewal_dropped(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Became:
    """What held past its end for the sake of the renewal alone ends with it."""
    if held is None or held.renewing_since is None:
        return None
    state = "expired" if held.is_held_over(bringing.here.at) else held.state
    return structs.replace(held, state=state, renewing_since=None)


def _not_renewable(bringing: EffectContext, validity: Validity, held: ValidityState | None) -> Denied | None:
    now, calendar = bringing.here.at, bringing.here.town.calendar
    if held is None or held.renewable_from is None or held.renewable_until is None:
        return Denied(code="not_possible", reason=NOT_NOW.format(title=validity.title))
    if held.renewing_since is not None or held.may_be_renewed(now):
        return None
    if held.state not in (*HOLDING, "expired"):
        return Denied(code="not_possible", reason=NOT_NOW.format(title=validity.title))
    early = now < held.renewable_from
    day = local_day(calendar, held.renewable_from) if early else last_day(calendar, held.renewable_until)
    reason = (FROM_WHEN if early else TOO_LATE).format(title=validity.title, day=day_text(day))
    return Denied(code="not_possible", reason=reason)


def _today(bringing: EffectContext) -> date:
    return local_day(bringing.here.town.calendar, bringing.here.at)


def _answered(bringing: EffectContext, code: str, *, by_form: bool = False) -> date | None:
    """A day answered to the move; `by_form` also to the form, or to a move before."""
    said: Any = bringing.given.get(code) or (bringing.answers.get(code) if by_form else None)
    return date.fromisoformat(said) if code and said else None


BRINGING: dict[str, Callable[[EffectContext, Validity, ValidityState | None], Became]] = {
    "valid": _valid,
    "suspended": _suspended,
    "revoked": _revoked,
    "ended": _ended,
    "renewing": _renewing,
    "renewed": _renewed,
    "renewal_dropped": _renewal_dropped,
}


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
