"""The departments and teams of a town, as a tree, and which of them receives a request."""

import msgspec

from parvis.jurisdictions.reading import Table, did_you_mean
from parvis_sdk.text import Text


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: Text
    parent: str = ""
    email: str = ""


def read_units(table: Table) -> dict[str, Unit]:
    """One table a unit, `[roads]` with `name`, `parent`, `email`; parents may come later in the file."""
    units = {}
    for code, entry in table.named_tables():
        units[code] = Unit(
            code=code, name=entry.text("name", required=True), parent=entry.code("parent"), email=entry.email("email")
        )
        entry.close()
    if not table.values:
        table.wrong("", "declares no unit", 'add at least one, such as [citizens] with name = { fr = "…", en = "…" }')
    check_tree(table, units)
    return units


def check_tree(table: Table, units: dict[str, Unit]) -> None:
    for code, unit in units.items():
        if unit.parent and unit.parent not in units:
            table.wrong(
                f"{code}.parent",
                f"'{unit.parent}' is not a unit",
                f"name a unit of this file{did_you_mean(unit.parent, tuple(units))}",
            )
        elif len(path_to(units, code)) > len(units):
            table.wrong(f"{code}.parent", "leads back to this unit", "remove the parent of one of these units")


def path_to(units: dict[str, Unit], code: str) -> tuple[Unit, ...]:
    """The unit and those above it, root first; longer than the tree when it goes round in a ring."""
    path: list[Unit] = []
    while code in units and len(path) <= len(units):
        path.append(units[code])
        code = units[code].parent
    return tuple(reversed(path))


def units_under(units: dict[str, Unit], code: str) -> frozenset[str]:
    """The unit itself and every unit below it."""
    found = {code} & units.keys()
    while below := {other for other, unit in units.items() if unit.parent in found} - found:
        found |= below
    return frozenset(found)


class RouteRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule fits when each of its conditions that is not empty holds.

    One that names `inspections` is about who makes those visits ("*" for any), and never about who receives a request.
    """

    unit: str
    types: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    inspections: tuple[str, ...] = ()

    def fits_request(self, type_code: str, theme: str, zones: tuple[str, ...], channel: str) -> bool:
        by_channel = not self.channels or channel in self.channels
        return not self.inspections and by_channel and self._fits(type_code, theme, zones)

    def may_fit(self, type_code: str, theme: str, zones: tuple[str, ...]) -> bool:
        """Whether it may bring such requests to its unit, by one channel or another."""
        return not self.inspections and self._fits(type_code, theme, zones)

    def fits_inspection(self, code: str, type_code: str, theme: str, zones: tuple[str, ...]) -> bool:
        return (code in self.inspections or "*" in self.inspections) and self._fits(type_code, theme, zones)

    def _fits(self, type_code: str, theme: str, zones: tuple[str, ...]) -> bool:
        return (
            (not self.types or type_code in self.types)
            and (not self.themes or theme in self.themes)
            and (not self.zones or not set(zones).isdisjoint(self.zones))
        )


def read_routes(table: Table, units: frozenset[str], zones: frozenset[str] | None) -> tuple[tuple[RouteRule, ...], str]:
    """The rules under `[[rules]]`, and the unit under `default`."""
    rules = []
    for entry in table.tables("rules"):
        rule = RouteRule(
            unit=entry.code("unit", required=True),
            types=entry.strings("types"),
            themes=entry.strings("themes"),
            zones=entry.strings("zones"),
            channels=entry.strings("channels"),
            inspections=entry.strings("inspections"),
        )
        entry.close()
        check_known(entry, "unit", (rule.unit,) if rule.unit else (), units, "unit")
        check_known(entry, "zones", rule.zones, zones, "zone")
        if not (rule.types or rule.themes or rule.zones or rule.channels or rule.inspections):
            now_what = "give it types, themes, zones, channels or inspections, or make its unit the default"
            entry.wrong("", "would apply to every request", now_what)
        rules.append(rule)
    default = table.code("default", required=True)
    check_known(table, "default", (default,) if default else (), units, "unit")
    table.close()
    return tuple(rules), default


def check_known(table: Table, key: str, names: tuple[str, ...], known: frozenset[str] | None, kind: str) -> None:
    """Names that are known; None where nobody can tell yet, as of zones that another system brings."""
    if known is None:
        return
    for name in names:
        if name not in known:
            near = did_you_mean(name, tuple(known))
            table.wrong(key, f"'{name}' is not a {kind} of this jurisdiction", f"name a {kind} that exists{near}")
