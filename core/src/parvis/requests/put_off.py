"""Dates of parts put off by as long as the plugin of their type was away, and what is due of types that are there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from piccolo.table import Table

from parvis import clock
from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import PluginClaim, ServiceRequest
from parvis.plugins.name_conflicts import TYPES
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation
from parvis.requests.history import Line, entries_of
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import TimeAway
from parvis.requests.parts.together import kinds_installed
from parvis_sdk.events import Replied
from parvis_sdk.text import Text

BATCH = 200
# Of towns that are served, and of types whose plugin is there: what others have left behind holds up nobody, and nobody
# is told what could not be answered. SQLite reads a CROSS JOIN as it is written.
DUE = """SELECT d.request FROM {table} d CROSS JOIN service_request r
WHERE d.{column} <= {{}} AND r.id = d.request AND r.jurisdiction IN ({towns}) AND r.type IN ({types})
ORDER BY d.{column} LIMIT {most}"""
WITH_DATES = """SELECT DISTINCT d.request FROM {table} d JOIN service_request r ON r.id = d.request
WHERE d.{column} >= {{}} AND {condition} AND r.type = {{}} AND r.erased_at IS NULL"""
PUT_OFF = Text(
    fr="Ce service n’a pas été disponible pendant un temps. Vos dates sont reportées d’autant\u00a0:",
    en="This service was not available for a while. Your dates are put off by as long:",
)
FOR_DESK = Text(
    fr="L’extension de ce type est de retour. Échéances internes reportées de {days}\u00a0j.",
    en="The plugin of this type is back. Internal due dates put off by {days} d.",
)


async def still_away() -> frozenset[str]:
    """The types of which something still rests: what is timed waits until all of it is made up for."""
    away = (PluginClaim.kind == TYPES) & PluginClaim.away_since.is_not_null()
    return frozenset(row["name"] for row in await PluginClaim.select(PluginClaim.name).where(away))


async def moving(host: Host) -> list[str]:
    """The types that time may bring something to: offered here, and nothing of them rests any more."""
    return sorted(host.plugins.request_types.keys() - await still_away())


async def due(host: Host, table: type[Table], column: str = "wake_at", *, module: str = "") -> list[UUID]:
    """The requests to which time has brought something, the longest due first; one statement.

    What is looked after by a `module` rests in towns where it is off, and goes on from there when it is on again.
    """
    served = host.jurisdictions.by_code.items()
    towns = [code for code, town in served if host.modules.of(town).has(module)]
    types = await moving(host) if towns else []
    if not types:
        return []
    marks = {name: ", ".join(["{}"] * len(values)) for name, values in (("towns", towns), ("types", types))}
    sql = DUE.format(table=table._meta.tablename, column=column, most=BATCH, **marks)
    rows = await table.raw(sql, clock.now(), *towns, *types)
    return list(dict.fromkeys(row["request"] for row in rows))


async def with_dates(host: Host, type: str, since: datetime) -> list[UUID]:
    """The requests of a type, open or not, of which some date was still to come when its plugin went."""
    timed = (ServiceRequest.type == type) & (ServiceRequest.timer_due_at >= since)
    rows = await ServiceRequest.select(ServiceRequest.id).where(timed & ServiceRequest.erased_at.is_null())
    found: dict[UUID, None] = dict.fromkeys(row["id"] for row in rows)
    for table, column, condition in (date for kind in kinds_installed(host) for date in kind.dates):
        sql = WITH_DATES.format(table=table._meta.tablename, column=column, condition=condition)
        first: Any = since.date().isoformat() if column == "due" else since
        found |= dict.fromkeys(row["request"] for row in await table.raw(sql, first, type))
    return list(found)


async def putting_off(host: Host, since: datetime, here: Situation) -> Change | None:
    """The plan that puts off, once for each absence, whatever was still to come when the plugin went.

    A moment's absence moves only what fell into it: nobody is written to about a restart. The line is the mark that it
    was done, written with what it moves: a worker that is killed midway and begins anew puts nothing off twice.
    """
    sign = since.isoformat()
    if any(each.body.get("put_off") == sign for each in await entries_of(here.record)):
        return None
    passed = here.at - since
    days = -(-passed // timedelta(days=1))
    over = here.at if passed < timedelta(hours=1) else None
    away = TimeAway(here, since, over, days)
    kinds = sorted(kinds_installed(host), key=lambda kind: kind.word)
    later = [await kind.put_off(away) for kind in kinds if kind.put_off is not None]
    told = tuple(line for each in later for line in each.told)
    writes = tuple(write for each in later for write in each.writes)
    timer = _timer(away)
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


def _timer(away: TimeAway) -> dict[str, Any]:
    """When its workflow moves it by itself, in the columns of the request."""
    due = away.here.record.timer_due_at
    return {"timer_due_at": due + timedelta(days=away.days)} if due is not None and away.moves(due) else {}


async def hindered_while_away(type: str, since: datetime) -> list[tuple[UUID, str]]:
    """What came true of requests while nobody could move them, oldest first: the steps that follow are still owed."""
    rows = await EntryRow.raw(
        "SELECT e.request, e.body FROM entry e JOIN service_request r ON r.id = e.request "
        "WHERE r.type = {} AND r.erased_at IS NULL AND e.kind = 'hindered' AND e.at >= {} ORDER BY e.at, e.number",
        type,
        since,
    )
    return [(row["request"], fact) for row in rows if (fact := _fact(row["body"]))]


def _fact(body: str) -> str:
    return str(msgspec.json.decode(body).get("fact", ""))
