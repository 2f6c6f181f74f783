"""Loads the folder of the towns whole, or not at all: every mistake of every file is told at once."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from msgspec import structs

from parvis.jurisdictions.base_map import BASE_MAP
from parvis.jurisdictions.brand import read_brand, read_logo
from parvis.jurisdictions.calendars import read_calendar, read_time_zone
from parvis.jurisdictions.ground import GROUND
from parvis.jurisdictions.jurisdiction import REGIMES, Jurisdiction, Jurisdictions, LanguageRegime, Link, host_name
from parvis.jurisdictions.layers import ASSETS, LAYERS
from parvis.jurisdictions.levels import ANY, read_seasons, read_service_levels
from parvis.jurisdictions.owners import OWNERS
from parvis.jurisdictions.reading import (
    CANADA,
    CODE,
    Findings,
    JurisdictionError,
    JurisdictionMistake,
    Table,
    did_you_mean,
    not_installed,
    require_english,
)
from parvis.jurisdictions.services import MESSAGES, SERVICES
from parvis.jurisdictions.shapes import Plane, around
from parvis.jurisdictions.sign_in import SIGN_IN
from parvis.jurisdictions.town_files import Surroundings, TownFile, read_town_files, unread
from parvis.jurisdictions.units import read_routes, read_units
from parvis.jurisdictions.zones import outside, read_boundary, read_former_zones, read_zones

FILES = ("jurisdiction.toml", "units.toml", "boundary.geojson")
OF_THE_CORE: tuple[TownFile[Any], ...] = (
    ASSETS,
    BASE_MAP,
    GROUND,
    MESSAGES,
    OWNERS,
    LAYERS,
    SERVICES,
    SIGN_IN,
)
"""What rooms of the core read in the folder of a town, in this order; then modules read theirs."""
PHONE = re.compile(r"[0-9+()., #a-z-]{3,40}")


def load_jurisdictions(folder: Path, files: Iterable[TownFile[Any]] = ()) -> Jurisdictions:
    """The towns of a folder; raises `JurisdictionError` with every mistake when anything is wrong.

    `files` are what modules read in it.
    """
    findings = Findings(folder)
    jurisdictions: dict[str, Jurisdiction] = {}
    files = tuple(files)
    folders = homes(findings)
    for home in folders:
        jurisdiction = read_jurisdiction(findings, home, files)
        if jurisdiction:
            jurisdictions[jurisdiction.code] = jurisdiction
    check_hosts(findings, jurisdictions)
    named = read_default(findings)
    there = named in {home.name for home in folders}
    default = named if there else next(iter(jurisdictions), "")
    if findings.mistakes:
        raise JurisdictionError(findings.mistakes)
    return Jurisdictions(
        by_code=jurisdictions, default=default, named=named, doubts=findings.doubts_told(), folder=folder
    )


def homes(findings: Findings) -> list[Path]:
    """The folders of the jurisdictions, in order of their codes; an empty one is where something was to be mounted."""
    folder = findings.folder
    if not folder.is_dir():
        findings.add(
            str(folder), "", "is not a folder", "give the folder that contains one folder for each jurisdiction"
        )
        return []
    found = sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")
    filled = [path for path in found if any(path.iterdir())]
    if not filled:
        findings.add(str(folder), "", "contains no jurisdiction", "add a folder with jurisdiction.toml in it")
    for path in found if filled else ():
        if path not in filled:
            findings.doubt(path, "", "is empty, so it is not a town", "mount or restore its contents, or remove it")
    return filled


def read_default(findings: Findings) -> str:
    """The jurisdiction named in `territory.toml`, if any."""
    path = findings.folder / "territory.toml"
    table = findings.table(path) if path.is_file() else None
    default = table.code("default") if table else ""
    if table:
        table.close()
    return default


def wrong_default(jurisdictions: Jurisdictions) -> JurisdictionMistake:
    """What to say of a default town that has no folder and was never served."""
    named = jurisdictions.named
    near = did_you_mean(named, tuple(jurisdictions.by_code))
    what, todo = f"'{named}' is not a jurisdiction", f"name one of the folders{near}"
    return JurisdictionMistake(file="territory.toml", key="default", what=what, todo=todo)


def check_hosts(findings: Findings, jurisdictions: dict[str, Jurisdiction]) -> None:
    taken: dict[str, str] = {}
    for code, jurisdiction in jurisdictions.items():
        for host in jurisdiction.hosts:
            if host in taken:
                file = f"{code}/jurisdiction.toml"
                findings.add(
                    file, "hosts", f"'{host}' is already the host of {taken[host]}", "give it to one of the two"
                )
            taken[host] = code


def read_jurisdiction(findings: Findings, home: Path, files: Iterable[TownFile[Any]] = ()) -> Jurisdiction | None:
    """One town; None when a file is missing or a part is too wrong to go on."""
    findings.only_french.clear()
    findings.unread.clear()
    findings.home = CANADA
    if not CODE.fullmatch(home.name):
        findings.add(home, "", "is not a code", "use a lowercase letter first, then lowercase letters, digits, _ or -")
    missing = [name for name in FILES if not (home / name).is_file()]
    for file in missing:
        findings.add(home / file, "", "is missing", "add the file")
    if missing:
        return None
    table, unit_table = findings.table(home / "jurisdiction.toml"), findings.table(home / "units.toml")
    boundary = read_boundary(findings, home / "boundary.geojson")
    if table is None or unit_table is None or boundary is None:
        return None
    findings.home = around(boundary)
    plane = Plane(lon=boundary.centroid.x, lat=boundary.centroid.y)
    units = read_units(unit_table)
    zones = read_zones(findings, home / "zones.geojson") if (home / "zones.geojson").is_file() else ()
    for each in outside(zones, boundary, plane):
        findings.doubt(home / "zones.geojson", each.zone, each.what, each.todo)
    routes_table = findings.optional(home / "routes.toml") or table.table("routes")
    zones_layer = table.string("zones_layer")
    zone_codes = None if zones_layer else frozenset(zone.code for zone in zones)
    routes, default_unit = read_routes(routes_table, frozenset(units), zone_codes)
    name, time_zone = table.text("name", required=True), read_time_zone(table)
    seasons = read_seasons(table)
    around_it = Surroundings(
        units=frozenset(units), zones=zone_codes, name=name, areas=zones, plane=plane, time_zone=time_zone
    )
    read = read_town_files(findings, home, table, (*OF_THE_CORE, *files), around_it)
    jurisdiction = Jurisdiction(
        code=home.name,
        name=name,
        brand=read_brand(table.table("brand"), name),
        units=units,
        default_unit=default_unit,
        boundary=boundary,
        plane=plane,
        hosts=tuple(host_name(host) for host in table.strings("hosts")),
        links=tuple(read_link(entry) for entry in table.tables("links")),
        phone=table.matching("phone", PHONE, "a phone number"),
        email=table.email("email", required=True),
        address=table.text("address"),
        website=table.url("website"),
        privacy_notice=table.text("privacy_notice", required=True).each(
            lambda words, _: re.sub(r"(?<!\n)\n(?!\n)", " ", words)  # a sentence may go on in the next line of the file
        ),
        language_regime=read_regime(table),
        indexed=table.yes("indexed", True),
        time_zone=time_zone,
        calendar=read_calendar(table.table("calendar"), time_zone),
        zones=zones,
        former_zones=read_former_zones(findings.optional(home / "former_zones.toml")),
        zones_layer=zones_layer,
        plugins=table.strings("plugins") if "plugins" in table.values else None,
        modules=tuple(table.strings("modules")) if "modules" in table.values else None,
        routes=routes,
        locator=table.string("locator"),
        anything_else=table.string("anything_else"),
        seasons=seasons,
        service_levels=read_service_levels(table, zone_codes, seasons),
        logo=read_logo(findings, home / "documents"),
        module_settings=read_module_settings(findings, home / "modules"),
        from_files=read,
    )
    jurisdiction = structs.replace(jurisdiction, unread=tuple(unread(findings, home, table)))
    table.close()
    require_english(findings, jurisdiction.languages, jurisdiction.language_regime)
    return jurisdiction


def read_module_settings(findings: Findings, folder: Path) -> dict[str, dict[str, Any]]:
    """What is written for each module, in a file of its name; only the module knows what it may be."""
    tables = {path.stem: findings.table(path) for path in sorted(folder.glob("*.toml"))}
    return {name: dict(table.values) for name, table in tables.items() if table is not None}


def read_regime(table: Table) -> LanguageRegime:
    chosen = table.choice("language_regime", REGIMES, "french_only")
    return next(regime for regime in REGIMES if regime == chosen)


def read_link(table: Table) -> Link:
    link = Link(label=table.text("label", required=True), url=table.url("url", required=True))
    table.close()
    return link


def loose_ends(
    jurisdictions: Jurisdictions,
    *,
    types: Collection[str],
    plugins: Collection[str],
    modules: Collection[str] = (),
    locators: Collection[str] = (),
    layers: Collection[str] = (),
) -> tuple[JurisdictionMistake, ...]:
    """Names of types, plugins, modules, locators and layers that nothing installed provides: a warning, no refusal."""
    found = []
    for code, jurisdiction in jurisdictions.by_code.items():
        named = [("jurisdiction.toml", "plugins", name, plugins, "plugin") for name in jurisdiction.plugins or ()]
        named += [("jurisdiction.toml", "modules", name, modules, "module") for name in jurisdiction.modules or ()]
        if jurisdiction.locator:
            named.append(("jurisdiction.toml", "locator", jurisdiction.locator, locators, "locator"))
        if jurisdiction.zones_layer:
            named.append(("jurisdiction.toml", "zones_layer", jurisdiction.zones_layer, layers, "layer"))
        named += [
            ("jurisdiction.toml", f"assets.{one.code}", one.layer, layers, "layer")
            for one in ASSETS.of(jurisdiction).values()
            if one.layer
        ]
        if jurisdiction.anything_else:
            named.append(("jurisdiction.toml", "anything_else", jurisdiction.anything_else, types, "type"))
        named += [("routes.toml", "rules", name, types, "type") for rule in jurisdiction.routes for name in rule.types]
        named += [("messages.toml", "messages", one.type, types, "type") for one in MESSAGES.of(jurisdiction)]
        named += [
            ("jurisdiction.toml", "service_levels", one.type, types, "type") for one in jurisdiction.service_levels
        ]
        named += [
            ("owners.toml", owner.code, name, types, "type")
            for owner in OWNERS.of(jurisdiction)
            for name in owner.types
        ]
        named += [("services.toml", name, name, types, "type") for name in SERVICES.of(jurisdiction)]
        found += [
            not_installed(f"{code}/{file}", key, name, kind, known)
            for file, key, name, known, kind in named
            if name not in known and name != ANY
        ]
    return (*jurisdictions.doubts, *dict.fromkeys(found))
