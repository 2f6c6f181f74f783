"""The departments and teams of a town, as a tree."""

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
            table.wrong(f"{code}.parent", "leads back to the unit itself", "let one unit of the ring have no parent")


def path_to(units: dict[str, Unit], code: str) -> tuple[Unit, ...]:
    """The unit and those above it, root first; longer than the tree when it goes round in a ring."""
    path: list[Unit] = []
    while code in units and len(path) <= len(units):
        path.append(units[code])
        code = units[code].parent
    return tuple(reversed(path))


def units_under(units: dict[str, Unit], code: str) -> frozenset[str]:
    """The unit itself and every unit below it."""
    return frozenset(other for other in units if any(unit.code == code for unit in path_to(units, other)))
