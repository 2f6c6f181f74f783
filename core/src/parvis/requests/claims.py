"""To which distribution the names of plugins belong: noted when first seen, given away by an operator only."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.binding import running
from parvis.db.migrating import check_version
from parvis.db.tables import Declaration, PluginClaim, ServiceRequest
from parvis.plugins import Origin, PluginRegistry
from parvis.plugins.loading import claimed
from parvis.plugins.name_conflicts import (
    PLUGINS,
    THEMES,
    TYPES,
    WORDS,
    Owner,
    Owners,
    first_of,
    themes_known,
    without_strangers,
)
from parvis.plugins.registry import named
from parvis.requests.plugin_away import with_absences
from parvis_sdk.cleaning import clean
from parvis_sdk.plugin_mistakes import addresses_of
from parvis_sdk.request_types import Theme, load_type

KINDS = tuple(WORDS)


class Decision(Struct, frozen=True, kw_only=True):
    """One takeover: whose the name was, whose it became, who decided it, when and why."""

    before: str
    after: str
    at: datetime
    by: str
    reason: str


class Claim(Struct, frozen=True, kw_only=True):
    """One name with its owner, and every decision that gave it to another."""

    owner: Owner
    since: datetime
    decisions: tuple[Decision, ...] = ()
    away_since: datetime | None = None


class NotToBeHad(Exception):
    """A takeover that cannot be: nothing to take, or nobody who offers it."""


async def claims() -> tuple[Claim, ...]:
    """Every name that belongs to somebody, with the requests of each type counted."""
    counted = await _counts()
    return tuple(
        Claim(
            owner=owner_of(PluginClaim(**row), counted.get(row["name"], 0)),
            since=row["since"],
            decisions=msgspec.json.decode(row["decisions"], type=tuple[Decision, ...]),
            away_since=row["away_since"],
        )
        for row in await PluginClaim.select().order_by(PluginClaim.key)
    )


async def looked_up(url: str, plugins: PluginRegistry) -> PluginRegistry:
    """The registry as a database knows whose its names are; nothing is noted, and the database is closed again."""
    async with running(url) as engine:
        await check_version(engine)
        known = await _noted()
        known |= _taken(_before(known, plugins, await _makers()))
        return await with_absences(await _claimed(plugins, known), known)


async def note_claims(engine: Engine, plugins: PluginRegistry) -> PluginRegistry:
    """The plugin registry as far as its names are its own; what is claimed for the first time is noted.

    Who has had requests before anybody noted owners keeps its types: the plugin that their declarations name.
    """
    known = await _noted()
    rows = [*_before(known, plugins, await _makers())]
    taken = known | _taken(rows)
    ruled = await _claimed(plugins, taken)
    rows += _new(taken, ruled)
    if any(row.kind == THEMES for row in rows):  # a theme may be somebody’s from now on
        again = await _claimed(plugins, taken | _taken(rows))
        ruled = again if again.troubles != ruled.troubles else ruled
    moved, renamed = _moved(known, ruled), _renamed(known, ruled)
    if rows or moved or renamed:
        async with transaction(engine):
            if rows:
                await PluginClaim.insert(*rows).on_conflict(target=PluginClaim.key, action="DO NOTHING")
            for (kind, name), addresses in moved.items():
                await PluginClaim.update({PluginClaim.addresses: addresses}).where(PluginClaim.key == key(kind, name))
            for name, words in renamed.items():
                await PluginClaim.update({PluginClaim.declared: words}).where(PluginClaim.key == key(THEMES, name))
    return await with_absences(ruled, known | taken)


async def take_over(
    engine: Engine, plugins: PluginRegistry, kind: str, name: str, plugin: str, *, by: str, reason: str
) -> Claim:
    """An operator's decision that a name belongs to another distribution from now on; written down with its reason."""
    why = clean(reason).strip()
    if not why:
        raise NotToBeHad("say why: a takeover is written down with its reason")
    offered = _offering(plugins, kind, name, plugin)
    async with transaction(engine):
        rows = await PluginClaim.select().where(PluginClaim.key == key(kind, name))
        if not rows:
            raise NotToBeHad(f"{kind} '{name}' belongs to nobody yet")
        before = owner_of(PluginClaim(**rows[0]))
        others = [each for each in offered if not before.is_of(each)]
        if not others:
            raise NotToBeHad(f"{kind} '{name}' belongs to {offered[0]} already")
        if len(others) > 1:
            raise NotToBeHad(f"{' and '.join(map(str, others))} bear one name: uninstall all but one")
        [origin] = others
        decision = Decision(before=str(before), after=str(origin), at=clock.now(), by=by, reason=why)
        told = msgspec.json.decode(rows[0]["decisions"], type=tuple[Decision, ...])
        await PluginClaim.update(
            {
                PluginClaim.plugin: origin.name,
                PluginClaim.distribution: origin.distribution,
                PluginClaim.version: origin.version,
                PluginClaim.decisions: msgspec.json.encode((*told, decision)).decode(),
            }
        ).where(PluginClaim.key == key(kind, name))
    return next(each for each in await claims() if (each.owner.kind, each.owner.name) == (kind, name))


def _offering(plugins: PluginRegistry, kind: str, name: str, plugin: str) -> list[Origin]:
    """The plugins of that name that declare it: the newcomer may bear the very name of whose it was."""
    heard = [one for one in plugins.heard if one.found.origin.name == plugin]
    if not heard:
        raise NotToBeHad(f"no plugin '{plugin}' works here; parvis plugins list names those that do")
    offered = [one.found.origin for one in heard if name in _names(one.lists, kind, one.found.origin)]
    if not offered:
        raise NotToBeHad(f"'{plugin}' does not declare {kind} '{name}'")
    return offered


def key(kind: str, name: str) -> str:
    return f"{kind}/{name}"


def owner_of(row: PluginClaim, requests: int = 0) -> Owner:
    """The owner that a row tells of."""
    return Owner(
        kind=row.kind,
        name=row.name,
        plugin=row.plugin,
        distribution=row.distribution,
        addresses=tuple(msgspec.json.decode(row.addresses)),
        requests=requests if row.kind == TYPES else 0,
        theme=msgspec.json.decode(row.declared, type=Theme) if row.declared else None,
    )


async def _claimed(plugins: PluginRegistry, known: Owners) -> PluginRegistry:
    """The registry as these own its names: what it was where nothing is refused. Only a trouble tells how many wait."""
    ruled = claimed(plugins, known)
    if ruled.troubles == plugins.troubles:
        return plugins  # as it was composed
    counted = await _counts()
    told = {
        at: structs.replace(each, requests=counted.get(each.name, 0)) for at, each in known.items() if at[0] == TYPES
    }
    return claimed(plugins, {**known, **told})


async def _counts() -> dict[str, int]:
    rows = await ServiceRequest.raw("SELECT type, COUNT(*) AS count FROM service_request GROUP BY type")
    return {row["type"]: int(row["count"]) for row in rows}


async def _noted() -> dict[tuple[str, str], Owner]:
    return _taken(PluginClaim(**row) for row in await PluginClaim.select().order_by(PluginClaim.key))


def _taken(rows: Iterable[PluginClaim]) -> dict[tuple[str, str], Owner]:
    """The owners that rows tell of, or will when they are written."""
    return {(row.kind, row.name): owner_of(row) for row in rows}


async def _makers() -> list[dict[str, Any]]:
    """The newest declaration of each type that requests were made with."""
    newest = (
        "SELECT d.code, d.plugin, d.distribution, d.body FROM declaration d "
        "WHERE d.made_at = (SELECT MAX(o.made_at) FROM declaration o WHERE o.code = d.code)"
    )
    rows: list[dict[str, Any]] = await Declaration.raw(newest)
    return rows


def _before(known: Owners, plugins: PluginRegistry, makers: Iterable[Mapping[str, Any]]) -> Iterable[PluginClaim]:
    for made in makers:
        if (TYPES, made["code"]) in known or not made["plugin"]:
            continue
        there = next((one.found.origin for one in plugins.heard if one.found.origin.name == made["plugin"]), None)
        origin = (
            there
            if there and not made["distribution"]
            else Origin(name=made["plugin"], distribution=made["distribution"])
        )
        yield _row(TYPES, made["code"], origin, addresses_of(load_type(made["body"])))


def _new(known: Owners, plugins: PluginRegistry) -> list[PluginClaim]:
    """What is declared and belongs to nobody, of those who are not strangers themselves; a clash is nobody's."""
    found: dict[tuple[str, str], list[tuple[Origin, PluginClaim]]] = {}
    own, _ = without_strangers([one.found.origin for one in plugins.heard], known)
    for one in plugins.heard:
        origin = one.found.origin
        if not any(origin is each for each in own):
            continue
        found.setdefault((PLUGINS, origin.name), []).append((origin, _row(PLUGINS, origin.name, origin)))
        for kind, nouns in one.lists.items():
            for noun in nouns if kind in KINDS else ():
                addresses = addresses_of(noun) if kind == TYPES else ()
                row = _row(kind, named(noun), origin, addresses)
                found.setdefault((kind, named(noun)), []).append((origin, row))
        for code, theme in _themes(one.lists).items():
            theirs = found.setdefault((THEMES, code), [])
            if all(each.declared != in_words(theme) for _, each in theirs):  # who says the same claims nothing else
                theirs.append((origin, _row(THEMES, code, origin, declared=in_words(theme))))
    offered = set(plugins.request_types)
    return [
        row
        for (kind, name), rows in found.items()
        if (kind, name) not in known and (kind != TYPES or name in offered)
        for first in [first_of([origin for origin, _ in rows])]
        for origin, row in rows
        if origin is first
    ]


def _moved(known: Owners, plugins: PluginRegistry) -> dict[tuple[str, str], str]:
    """The addresses of types whose own plugin has given them others."""
    now = {(TYPES, code): addresses_of(request_type) for code, request_type in plugins.request_types.items()}
    return {
        at: msgspec.json.encode(addresses).decode()
        for at, addresses in now.items()
        if at in known and known[at].addresses != addresses
    }


def _renamed(known: Owners, plugins: PluginRegistry) -> dict[str, str]:
    """Themes that their own plugin declares in other words now."""
    now = themes_known(((one.found.origin, one.lists[TYPES]) for one in plugins.heard), known)
    return {code: in_words(theme) for code, theme in now.items() if known[THEMES, code].theme != theme}


def _themes(lists: Mapping[str, Any]) -> dict[str, Theme]:
    """The themes in which a plugin puts its types, by code; of two of one code the first."""
    return {request_type.theme.code: request_type.theme for request_type in reversed(lists.get(TYPES, ()))}


def in_words(theme: Theme) -> str:
    """A theme as a claim keeps it."""
    return msgspec.json.encode(theme).decode()


def _names(lists: Mapping[str, Any], kind: str, origin: Origin) -> set[str]:
    if kind == THEMES:
        return set(_themes(lists))
    return {origin.name} if kind == PLUGINS else {named(noun) for noun in lists.get(kind, ())}


def _row(
    kind: str, name: str, origin: Origin, addresses: tuple[str, ...] = (), declared: str | None = None
) -> PluginClaim:
    return PluginClaim(
        key=key(kind, name),
        kind=kind,
        name=name,
        plugin=origin.name,
        distribution=origin.distribution,
        version=origin.version,
        addresses=msgspec.json.encode(addresses).decode(),
        since=clock.now(),
        declared=declared,
    )
