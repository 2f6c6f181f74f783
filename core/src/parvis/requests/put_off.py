"""Dates of parts put off by as long as the plugin of their type was away, and what is due of types that are there."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import structs
from piccolo.table import Table

from parvis import clock
from parvis.db.claim_tables import PluginClaim
from parvis.db.part_tables import Inspection as VisitRow
from parvis.db.part_tables import Obligation as ObligationRow
from parvis.db.part_tables import Supplement as SupplementRow
from parvis.db.part_tables import Validity as ValidityRow
from parvis.db.review_tables import ReviewTask as TaskRow
from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import ServiceRequest
from parvis.house.clashes import TYPES
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, Write
from parvis.requests.heart import Heart
from parvis.requests.history import Line, entries_of
from parvis.requests.parts import obligations, supplements, validity
from parvis.requests.parts.days import day_text, last_day, midnight_after
from parvis.requests.parts.inspections import keep_visit, visits_of
from parvis.territory.calendars import BusinessCalendar, local_day
from parvis_sdk.events import Replied
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

BATCH = 200
# Of towns that are served, and of types whose plugin is there: what others have left behind holds up nobody, and nobody
# is told what could not be answered. SQLite reads a CROSS JOIN as it is written.
DUE = """SELECT d.request FROM {table} d CROSS JOIN service_request r
WHERE d.{column} <= {{}} AND r.id = d.request AND r.jurisdiction IN ({towns}) AND r.type IN ({types})
ORDER BY d.{column} LIMIT {most}"""
DATED: tuple[tuple[type[Table], str, str], ...] = (
    (ObligationRow, "due_at", "d.state IN ('open', 'due')"),
    (SupplementRow, "due_at", "d.state = 'asked'"),
    (TaskRow, "due_at", "d.state = 'asked'"),
    (ValidityRow, "renewable_until", "d.state IN ('valid', 'suspended', 'expired')"),
    (VisitRow, "due", "d.state = 'failed'"),
)
WITH_DATES = """SELECT DISTINCT d.request FROM {table} d JOIN service_request r ON r.id = d.request
WHERE d.{column} >= {{}} AND {condition} AND r.type = {{}} AND r.erased_at IS NULL"""
PUT_OFF = Text(
    fr="Ce service n’a pas été disponible pendant un temps. Vos dates sont reportées d’autant\u00a0:",
    en="This service was not available for a while. Your dates are put off by as long:",
)
RENEW = Text(fr="Renouvellement possible jusqu’au {day}.", en="Renewal possible until {day}.")
FOR_DESK = Text(
    fr="L’extension de ce type est de retour. Échéances internes reportées de {days}\u00a0j.",
    en="The plugin of this type is back. Internal due dates put off by {days} d.",
)


async def still_away() -> frozenset[str]:
    """The types of which something still rests: what is timed waits until all of it is made up for."""
    away = (PluginClaim.kind == TYPES) & PluginClaim.away_since.is_not_null()
    return frozenset(row["name"] for row in await PluginClaim.select(PluginClaim.name).where(away))


async def moving(heart: Heart) -> list[str]:
    """The types that time may bring something to: offered here, and nothing of them rests any more."""
    return sorted(heart.house.request_types.keys() - await still_away())


async def due(heart: Heart, table: type[Table], column: str = "wake_at") -> list[UUID]:
    """The requests to which time has brought something, the longest due first; one statement."""
    towns, types = list(heart.territory.jurisdictions), await moving(heart)
    if not types:
        return []
    marks = {name: ", ".join(["{}"] * len(values)) for name, values in (("towns", towns), ("types", types))}
    sql = DUE.format(table=table._meta.tablename, column=column, most=BATCH, **marks)
    rows = await table.raw(sql, clock.now(), *towns, *types)
    return list(dict.fromkeys(row["request"] for row in rows))


async def with_dates(type: str, since: datetime) -> list[UUID]:
    """The requests of a type, open or not, of which some date was still to come when its plugin went."""
    timed = (ServiceRequest.type == type) & (ServiceRequest.timer_due_at >= since)
    rows = await ServiceRequest.select(ServiceRequest.id).where(timed & ServiceRequest.erased_at.is_null())
    found: dict[UUID, None] = dict.fromkeys(row["id"] for row in rows)
    for table, column, condition in DATED:
        sql = WITH_DATES.format(table=table._meta.tablename, column=column, condition=condition)
        first: Any = since.date().isoformat() if column == "due" else since
        found |= dict.fromkeys(row["request"] for row in await table.raw(sql, first, type))
    return list(found)


class Later(NamedTuple):
    """What becomes of the dates of a request: how they are written, and the lines that its holder reads."""

    writes: tuple[Write, ...]
    told: tuple[Text, ...]


async def putting_off(heart: Heart, since: datetime, here: Situation) -> Change | None:
    """The plan that puts off, once for each absence, whatever was still to come when the plugin went.

    A moment's absence moves only what fell into it: nobody is written to about a restart. The line is the mark that it
    was done, written with what it moves: a worker that is killed midway and begins anew puts nothing off twice.
    """
    sign = since.isoformat()
    if any(each.body.get("put_off") == sign for each in await entries_of(here.record)):
        return None
    away = here.at - since
    days = -(-away // timedelta(days=1))
    over = here.at if away < timedelta(hours=1) else None
    asked = _Asked(here, since, over, days)
    outward = [await _obligations(asked), await _supplements(asked), await _renewals(asked)]
    inward = [await _opinions(asked), await _corrections(asked)]
    told = tuple(line for each in outward for line in each.told)
    writes = tuple(write for each in (*outward, *inward) for write in each.writes)
    timer = _timer(asked)
    if not writes and not timer:
        return None
    language, body = here.record.language, {"put_off": sign, "days": days}
    if not told:
        words = {"words": FOR_DESK.format(days=str(days)).to(language)}
        inside = Line(kind="note", audience="internal", body=body, personal=words)
        return Change(line=inside, columns=timer, writes=writes)
    words = {"words": "\n".join((PUT_OFF.to(language), *(each.to(language) for each in told)))}
    event = Replied(**here.about(SYSTEM), entry=here.record.entries + 1)
    line = Line(kind="reply", audience="requester", body=body, personal=words)
    return Change(line=line, columns=timer, events=(event,), writes=writes)


class _Asked(NamedTuple):
    here: Situation
    since: datetime
    over: datetime | None
    days: int

    @property
    def calendar(self) -> BusinessCalendar:
        return self.here.town.calendar

    def moves(self, at: datetime | None) -> bool:
        return at is not None and at >= self.since and (self.over is None or at <= self.over)

    def later(self, at: datetime) -> datetime:
        """So many days later at the same hour of the town, which its clocks may have moved meanwhile."""
        return midnight_after(self.calendar, last_day(self.calendar, at) + timedelta(days=self.days))


def _timer(asked: _Asked) -> dict[str, Any]:
    """When its workflow moves it by itself, in the columns of the request."""
    due = asked.here.record.timer_due_at
    return {"timer_due_at": due + timedelta(days=asked.days)} if due is not None and asked.moves(due) else {}


async def _obligations(asked: _Asked) -> Later:
    writes, told, record = [], [], asked.here.record
    for owed in await obligations.obligations_of(record.id):
        declared = obligations.declared_in(asked.here, owed.code)
        if declared is None or owed.due_at is None or owed.state not in ("open", "due") or not asked.moves(owed.due_at):
            continue
        became = structs.replace(owed, state="open", due_at=asked.later(owed.due_at))
        writes.append(partial(obligations.keep, record.id, became, declared, asked.calendar))
        told.append(obligations.demand_by(became, asked.calendar))
    return Later(tuple(writes), tuple(told))


async def _supplements(asked: _Asked) -> Later:
    writes, told = [], []
    for listed in await supplements.lists_of(asked.here.record.id):
        if listed.state != "asked" or listed.due_at is None or not asked.moves(listed.due_at):
            continue
        later = asked.later(listed.due_at)
        ahead = listed.next_at + timedelta(days=asked.days) if listed.next_at else None
        values = {SupplementRow.due_at: later, SupplementRow.next_at: ahead, SupplementRow.changed_at: asked.here.at}
        writes.append(partial(supplements.write, listed.id, values))
        told.append(supplements.ANSWER_BY.format(day=day_text(last_day(asked.calendar, later))))
    return Later(tuple(writes), tuple(told))


async def _renewals(asked: _Asked) -> Later:
    """When a permit ends is printed on it and stays; how long it may be renewed does not."""
    writes, told, declared = [], [], {each.code: each for each in asked.here.kind.of(Validity)}
    for held in await validity.kept_validity_of(asked.here.record.id):
        kind, until = declared.get(held.code), held.renewable_until
        if kind is None or until is None or held.renewable_from is None or not asked.moves(until):
            continue
        if held.renewable_from > asked.here.at:
            continue  # its whole time is still to come
        became = structs.replace(held, renewable_until=asked.later(until))
        writes.append(partial(validity.keep, asked.here.record.id, became, kind, asked.calendar))
        if became.renewing_since is None:
            told.append(RENEW.format(day=day_text(last_day(asked.calendar, asked.later(until)))))
    return Later(tuple(writes), tuple(told))


async def _opinions(asked: _Asked) -> Later:
    awaited = (TaskRow.request == asked.here.record.id) & (TaskRow.state == "asked")
    rows = await TaskRow.select(TaskRow.id, TaskRow.due_at, TaskRow.remind_at).where(awaited)
    return Later(tuple(partial(_ask_later, asked, row) for row in rows if asked.moves(row["due_at"])), ())


async def _ask_later(asked: _Asked, row: dict[str, Any]) -> None:
    ahead = row["remind_at"] + timedelta(days=asked.days) if row["remind_at"] else None
    later = row["due_at"] + timedelta(days=asked.days)
    await TaskRow.update({TaskRow.due_at: later, TaskRow.remind_at: ahead}).where(TaskRow.id == row["id"])


async def _corrections(asked: _Asked) -> Later:
    gone, back = (local_day(asked.calendar, at).isoformat() for at in (asked.since, asked.here.at))
    visits = [each for each in await visits_of(asked.here.record.id) if each.state == "failed" and not each.overdue]
    moved = [each for each in visits if each.due and gone <= each.due and (asked.over is None or each.due < back)]
    later = {each.id: (date.fromisoformat(each.due) + timedelta(days=asked.days)).isoformat() for each in moved}
    return Later(tuple(partial(keep_visit, each, asked.here.at, {"due": later[each.id]}) for each in moved), ())


async def hindered_while_away(type: str, since: datetime) -> list[tuple[UUID, str]]:
    """What came true of requests while nobody could move them, oldest first: the moves that follow are still owed."""
    rows = await EntryRow.raw(
        "SELECT e.request, e.body FROM entry e JOIN service_request r ON r.id = e.request "
        "WHERE r.type = {} AND r.erased_at IS NULL AND e.kind = 'hindered' AND e.at >= {} ORDER BY e.at, e.number",
        type,
        since,
    )
    return [(row["request"], fact) for row in rows if (fact := _fact(row["body"]))]


def _fact(body: str) -> str:
    return str(msgspec.json.decode(body).get("fact", ""))
