"""Request types whose plugin is missing: who waits for it, response times paused meanwhile, and its return."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import in_transaction_of_its_own, transaction
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import PluginClaim, ServiceRequest
from parvis.plugins import PluginRegistry
from parvis.plugins.name_conflicts import TYPES, Owners
from parvis.plugins.registry import Absence
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Plan, change
from parvis.requests.clocks.clocks import Clock, clock_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import follow_on
from parvis.requests.promises.promising import PLUGIN, paused_by_hand, pausing, resuming
from parvis.requests.put_off import hindered_while_away, putting_off, with_dates
from parvis.requests.records import Record, get
from parvis.troubles import Trouble
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

BATCH = 200
WHAT = {
    "gone": Text(
        fr="l’extension {plugin} n’est plus installée, et {count} requêtes de type {code} attendent",
        en="the plugin {plugin} is no longer installed, and {count} requests of type {code} wait",
    ),
    "broken": Text(
        fr="l’extension {plugin} est en panne, et {count} requêtes de type {code} attendent",
        en="the plugin {plugin} is broken, and {count} requests of type {code} wait",
    ),
    "dropped": Text(
        fr="l’extension {plugin} n’offre plus ce type, et {count} requêtes de type {code} attendent",
        en="the plugin {plugin} no longer offers this type, and {count} requests of type {code} wait",
    ),
}
SO_WHAT = Text(
    fr="elles peuvent être lues mais n’avancent plus, et leurs délais sont suspendus",
    en="they can be read but not moved, and their response times are paused",
)
NOW_WHAT: Mapping[str, Text] = {
    "gone": Text(
        fr="réinstallez {owner}, ou confiez le type à une autre\u00a0: parvis plugins take-over",
        en="install {owner} again, or give the type to another one: parvis plugins take-over",
    ),
    "broken": Text(fr="corrigez {owner}", en="correct {owner}"),
    "dropped": Text(
        fr="revenez à une version de {owner} qui l’offre, ou confiez-le à une autre\u00a0: parvis plugins take-over",
        en="go back to a release of {owner} that offers it, or give it to another one: parvis plugins take-over",
    ),
}


class PluginBacklog(Struct, frozen=True, kw_only=True):
    """The open requests of one type that wait for its plugin."""

    type: str
    plugin: str
    why: Absence
    count: int


async def waiting(plugins: PluginRegistry) -> tuple[PluginBacklog, ...]:
    """Every type that is not offered although requests of it are open."""
    rows = await ServiceRequest.raw(
        "SELECT type, COUNT(*) AS count FROM service_request "
        "WHERE phase <> 'closed' AND erased_at IS NULL AND merged_into IS NULL GROUP BY type ORDER BY type"
    )
    return tuple(
        PluginBacklog(
            type=row["type"],
            plugin=plugins.makers.get(row["type"], ""),
            why=plugins.absence(row["type"]),
            count=int(row["count"]),
        )
        for row in rows
        if row["type"] not in plugins.request_types
    )


async def with_absences(plugins: PluginRegistry, owners: Owners) -> PluginRegistry:
    """The plugin registry with a trouble, counted, for each type that requests wait for, and who used to offer it."""
    gone = {
        name: owner for (kind, name), owner in owners.items() if kind == TYPES and name not in plugins.request_types
    }
    if not gone:
        return plugins
    known = plugins.knowing({name: owner.plugin for name, owner in gone.items()})
    troubles = [
        Trouble(
            who=each.plugin,
            where=f"{TYPES}() · {each.type}",
            what=WHAT[each.why].format(plugin=repr(each.plugin), code=repr(each.type), count=str(each.count)),
            so_what=SO_WHAT,
            now_what=NOW_WHAT[each.why].format(owner=str(gone[each.type])),
            plugin=each.plugin,
        )
        for each in await waiting(known)
        if each.type in gone
    ]
    return plugins.knowing(known.makers, troubles)


async def rest_and_return(host: Host) -> int:
    """Pause the response times of types without their plugin; resume them, with what was left, when it is back."""
    offered = tuple(host.plugins.request_types)
    known = {row["name"]: row["away_since"] for row in await _types()}
    left = [name for name in known if name not in host.plugins.request_types]
    await _mark(host, [name for name in left if known[name] is None], clock.now())
    back = [name for name, since in known.items() if since is not None and name in offered]
    done = await _rest(host, left)
    for name in back:
        done += await _return(host, name, known[name])
    return done


async def _types() -> list[dict[str, Any]]:
    columns = (PluginClaim.name, PluginClaim.away_since)
    rows: list[dict[str, Any]] = await PluginClaim.select(*columns).where(PluginClaim.kind == TYPES)
    return rows


async def _mark(host: Host, names: list[str], since: datetime | None) -> None:
    if names:
        async with transaction(host.engine):
            await PluginClaim.update({PluginClaim.away_since: since}).where(
                (PluginClaim.kind == TYPES) & PluginClaim.name.is_in(names)
            )


async def _rest(host: Host, types: list[str]) -> int:
    """Every open request is looked at; what the law counts runs on."""
    done = 0
    async for requests in _open(types):
        rows = await ClockRow.select().where(ClockRow.request.is_in(requests) & (ClockRow.state == "running"))
        running: dict[UUID, list[Clock]] = {}
        for row in rows:
            running.setdefault(row["request"], []).append(clock_of(row))
        for request, clocks in running.items():
            if paused_by_hand(tuple(clocks), PLUGIN, clock.now()) != tuple(clocks):
                done += await _changed(host, request, pausing(host, PLUGIN, ""))
    return done


async def _return(host: Host, type: str, since: datetime) -> int:
    """Response times resume with what was left; dates and timers move by as long as nobody could move the request.

    Each request is a unit of its own, and its entry the mark that it was done: a killed worker begins again.
    """
    done = 0
    async for requests in _open([type]):
        for row in await ClockRow.select().where(ClockRow.request.is_in(requests) & (ClockRow.state == "paused")):
            if clock_of(row).held == PLUGIN:
                done += await _changed(host, row["request"], resuming(host, SYSTEM))
    for request in await with_dates(host, type, since):
        done += await _changed(host, request, partial(putting_off, host, since))
    for request, fact in await hindered_while_away(type, since):
        done += await _follow(host, request, fact)
    await _mark(host, [type], None)
    return done


async def _follow(host: Host, request: UUID, fact: str) -> int:
    """Make the step that follows what came true meanwhile, where it still may be made."""
    record = await get(host, request)
    if host.jurisdictions.get(record.jurisdiction) is None or record.erased_at is not None:
        return 0
    followed = await in_transaction_of_its_own(host.engine, partial(follow_on, host, (fact,), record))
    return int(followed.version != record.version)


async def _open(types: list[str]) -> AsyncIterator[list[UUID]]:
    """The open requests of these types, some at a time."""
    after, table = UUID(int=0), ServiceRequest
    while types:
        theirs = table.type.is_in(types) & (table.phase != Phase.CLOSED) & table.erased_at.is_null()
        rows = await table.select(table.id).where(theirs & (table.id > after)).order_by(table.id).limit(BATCH)
        if not rows:
            return
        yield [row["id"] for row in rows]
        after = rows[-1]["id"]


async def _changed(host: Host, request: UUID, plan: Plan[Any]) -> int:
    """One request by a plan that finds nothing to do where somebody was quicker; of a town that is served."""
    record = await get(host, request)
    if host.jurisdictions.get(record.jurisdiction) is None:
        return 0
    try:
        return int(isinstance(await change(host, record.reference, plan, actor=SYSTEM), Record))
    except AlreadyErased:
        return 0
