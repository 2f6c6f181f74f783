"""Until when something granted holds: begun by a move, suspended, revoked, or ended by time."""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from msgspec import Struct

from parvis.db import insert_values
from parvis.db.part_tables import Validity as ValidityRow
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.requests.changing import Situation
from parvis.requests.parts.engine import Bringing, Brought, Engine, about
from parvis.requests.records import Record
from parvis.territory.calendars import local_day
from parvis_sdk.request_types import RequestType
from parvis_sdk.validity import Validity


class Held(Struct, frozen=True, kw_only=True):
    """One validity of one request as it stands; `until` is the first instant at which it holds no more."""

    id: UUID
    code: str
    state: str
    since: datetime
    until: datetime | None


async def validity_of(request: UUID) -> tuple[Held, ...]:
    """Every validity of a request that has begun."""
    rows = await ValidityRow.select().where(ValidityRow.request == request).order_by(ValidityRow.id)
    return tuple(Held(**{name: row[name] for name in Held.__struct_fields__}) for row in rows)


def end_of(validity: Validity, bringing: Bringing) -> datetime | None:
    """When what begins now will end: the midnight after its last day in the town."""
    here = bringing.here
    last = _last_day(validity, bringing, local_day(here.town.calendar, here.at))
    return midnight_after(here, last) if last else None


def _last_day(validity: Validity, bringing: Bringing, today: date) -> date | None:
    if validity.months:
        return today + relativedelta(months=validity.months)
    if validity.days:
        return today + timedelta(days=validity.days)
    said = bringing.given.get(validity.until) or bringing.here.record.answers.get(validity.until)
    return date.fromisoformat(said) if validity.until and said else None


def midnight_after(here: Situation, day: date) -> datetime:
    """The instant at which a day of the town is over."""
    zone = ZoneInfo(here.town.calendar.time_zone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


async def _bring(bringing: Bringing, validity: Validity, word: str) -> Brought:
    held = next((each for each in await validity_of(bringing.here.record.id) if each.code == validity.code), None)
    if word != "valid" and held is None:
        return Brought()
    return Brought(writes=(partial(_write, bringing, validity, word, held),), facts=about(validity, word))


async def _write(bringing: Bringing, validity: Validity, word: str, held: Held | None) -> None:
    at = bringing.here.at
    if held is None:
        row = {"id": new_id(), "request": bringing.here.record.id, "code": validity.code, "state": word}
        await insert_values(ValidityRow, row | {"since": at, "until": end_of(validity, bringing), "changed_at": at})
        return
    # What was suspended and holds again keeps its end; what had ended begins anew.
    ended = word == "valid" and held.state in ("expired", "revoked")
    anew: Row = {ValidityRow.since: at, ValidityRow.until: end_of(validity, bringing)} if ended else {}
    changed: Row = {ValidityRow.state: word, ValidityRow.changed_at: at}
    await ValidityRow.update(changed | anew).where(ValidityRow.id == held.id)


async def _standing(record: Record, kind: RequestType) -> frozenset[str]:
    held = await validity_of(record.id)
    return frozenset(f"{Validity.part}.{each.code}.{each.state}" for each in held)


async def _forget(request: UUID) -> None:
    """Dates are nobody's: they stay for figures."""


VALIDITY = Engine(part=Validity.part, bring=_bring, standing=_standing, forget=_forget)
