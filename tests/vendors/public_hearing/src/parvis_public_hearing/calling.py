"""Calling a hearing, and reminding of it: each tells whoever asked, by the words of its fact."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from parvis.db.tables import Row
from parvis.i18n import format_date, speaking
from parvis.identifiers import new_id
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import AlreadyErased, Change, Conflict, Situation, change
from parvis.requests.heart import Heart
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


async def call_hearing(
    heart: Heart, reference: str, code: str, *, starts_at: datetime, place: str, invited: str, actor: Actor
) -> Record | Denied | Conflict:
    """Call a hearing once, for a moment to come, and tell whoever asked."""

    async def plan(here: Situation) -> Change | Denied:
        part = here.kind.part(PublicHearing, code)
        before = await hearing_of(here.record.id, code)
        if part is None or (before is not None and before.state == "called"):
            return Denied(code="not_possible", reason=ONCE)
        if starts_at <= here.at:
            return Denied(code="not_possible", reason=PAST)
        days = settings_in(here.town).notice_days
        if starts_at < here.at + timedelta(days=days):
            return Denied(code="not_possible", reason=TOO_NEAR.format(days=str(days)))
        new: Row = {
            Hearing.id: new_id(),
            Hearing.request: here.record.id,
            Hearing.jurisdiction: here.town.code,
            Hearing.code: code,
            Hearing.state: "called",
            Hearing.starts_at: starts_at,
            Hearing.place: place,
            Hearing.invited: invited,
            Hearing.remind_at: max(here.at, starts_at - timedelta(days=part.remind)),
            Hearing.changed_at: here.at,
        }
        said = {part.fact("called"): _said(here, starts_at, place)}
        return happening(heart, here, said, actor=actor, writes=(partial(_insert, new),))

    return await change(heart, reference, plan, actor=actor)


async def remind(heart: Heart) -> int:
    """Tell of every hearing that is near; how many requests were told."""
    told = 0
    for request in await due(heart, Hearing, "remind_at"):
        record = await get(heart, request)
        try:
            became = await change(heart, record.reference, partial(_reminder, heart), actor=SYSTEM)
        except AlreadyErased:
            continue
        told += isinstance(became, Record)
    return told


async def _reminder(heart: Heart, here: Situation) -> Change | None:
    """Judged anew under lock: it may have been held since."""
    near = [each for each in await hearings_of(here.record.id) if each.state == "called"]
    for hearing in near:
        part = here.kind.part(PublicHearing, hearing.code)
        seen: Row = {Hearing.remind_at: None}
        if part is not None and hearing.starts_at > here.at:
            return _near(heart, here, part, hearing, seen)
        await write(hearing.id, seen)
    return None


def _near(heart: Heart, here: Situation, part: PublicHearing, hearing: Called, seen: Row) -> Change:
    said = {part.fact("reminded"): _said(here, hearing.starts_at, hearing.place)}
    return happening(heart, here, said, actor=SYSTEM, writes=(partial(write, hearing.id, seen),))


def _said(here: Situation, starts_at: datetime, place: str) -> dict[str, Text]:
    day = starts_at.astimezone(ZoneInfo(here.town.time_zone)).date()
    words = {}
    for language in ("fr", "en"):
        with speaking(language):
            words[language] = format_date(day)
    return {"day": Text(**words), "hall": Text(fr=place, en=place)}


async def _insert(new: Row) -> None:
    await Hearing.insert(Hearing(**{column._meta.name: value for column, value in new.items()}))
