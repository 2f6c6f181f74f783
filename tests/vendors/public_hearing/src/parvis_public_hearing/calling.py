"""Calling a hearing, and reminding of it: each tells the requester, by the words of its fact."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis.db.tables import Row
from parvis.i18n import format_date, speaking
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import AlreadyErased, Change, Conflict, Situation, change
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.put_off import due
from parvis.requests.records import Record, get
from parvis_public_hearing.hearings import Called, hearing_of, hearings_of, write
from parvis_public_hearing.parts import PublicHearing
from parvis_public_hearing.settings import settings_in
from parvis_public_hearing.tables import Hearing
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

ONCE = Text(fr="Cette audience est déjà convoquée.", en="This hearing was called already.")
PAST = Text(fr="Une audience se convoque pour un moment à venir.", en="A hearing is called for a moment to come.")

TOO_NEAR = Text(
    fr="Une audience se convoque au moins {days} jours d’avance.", en="A hearing is called at least {days} days ahead."
)


class Wanted(Struct, frozen=True, kw_only=True):
    """A hearing as it is to be called."""

    code: str
    starts_at: datetime
    place: str
    invited: str = ""


async def call_hearing(host: Host, reference: str, wanted: Wanted, *, actor: Actor) -> Record | Denied | Conflict:
    """Call a hearing once, for a moment to come, and tell the requester."""

    async def plan(here: Situation) -> Change | Denied:
        return await plan_hearing(host, here, wanted, actor)

    return await change(host, reference, plan, actor=actor)


async def plan_hearing(host: Host, here: Situation, wanted: Wanted, actor: Actor) -> Change | Denied:
    """The change that calls it, or why it cannot be called."""
    part = here.request_type.part(PublicHearing, wanted.code)
    before = await hearing_of(here.record.id, wanted.code)
    if part is None or (before is not None and before.state == "called"):
        return Denied(code="not_possible", reason=ONCE)
    if too_soon := why_too_soon(here.town, wanted.starts_at, here.at):
        return Denied(code="not_possible", reason=too_soon)
    new: Row = {
        Hearing.id: new_id(),
        Hearing.request: here.record.id,
        Hearing.jurisdiction: here.town.code,
        Hearing.code: wanted.code,
        Hearing.state: "called",
        Hearing.starts_at: wanted.starts_at,
        Hearing.place: wanted.place,
        Hearing.invited: wanted.invited,
        Hearing.remind_at: max(here.at, wanted.starts_at - timedelta(days=part.remind)),
        Hearing.changed_at: here.at,
    }
    said = {part.fact("called"): _said(here, wanted.starts_at, wanted.place)}
    return happening(host, here, said, actor=actor, writes=(partial(_insert, new),))


def why_too_soon(town: Jurisdiction, starts_at: datetime, now: datetime) -> Text | None:
    """Why people cannot be heard then; None where they can."""
    days = settings_in(town).notice_days
    if starts_at <= now:
        return PAST
    return TOO_NEAR.format(days=str(days)) if starts_at < now + timedelta(days=days) else None


async def remind(host: Host) -> int:
    """Tell of every hearing that is near; how many requests were told."""
    told = 0
    for request in await due(host, Hearing, "remind_at"):
        record = await get(host, request)
        try:
            became = await change(host, record.reference, partial(_reminder, host), actor=SYSTEM)
        except AlreadyErased:
            continue
        told += isinstance(became, Record)
    return told


async def _reminder(host: Host, here: Situation) -> Change | None:
    """Judged anew under lock: it may have been held since."""
    near = [each for each in await hearings_of(here.record.id) if each.state == "called"]
    for hearing in near:
        part = here.request_type.part(PublicHearing, hearing.code)
        seen: Row = {Hearing.remind_at: None}
        if part is not None and hearing.starts_at > here.at:
            return _near(host, here, part, hearing, seen)
        await write(hearing.id, seen)
    return None


def _near(host: Host, here: Situation, part: PublicHearing, hearing: Called, seen: Row) -> Change:
    said = {part.fact("reminded"): _said(here, hearing.starts_at, hearing.place)}
    return happening(host, here, said, actor=SYSTEM, writes=(partial(write, hearing.id, seen),))


def _said(here: Situation, starts_at: datetime, place: str) -> dict[str, Text]:
    day = starts_at.astimezone(ZoneInfo(here.town.time_zone)).date()
    words = {}
    for language in ("fr", "en"):
        with speaking(language):
            words[language] = format_date(day)
    return {"day": Text(**words), "hall": Text(fr=place, en=place)}


async def _insert(new: Row) -> None:
    await Hearing.insert(Hearing(**{column._meta.name: value for column, value in new.items()}))
