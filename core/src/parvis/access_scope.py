"""Which requests somebody reaches: one rule, asked of a request in hand (`holds`) and of the database (`condition`)."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, structs

if TYPE_CHECKING:
    from parvis.jurisdictions import Jurisdiction


Condition = tuple[str, list[Any]]
"""A part of a WHERE with its values, for raw statements in which `{}` stands for each value."""

# Asked once for a list, and of an index of those few that are kept from anybody: rows are not looked at for it.
KEPT = "SELECT id FROM service_request WHERE kept_from <> '[]' AND kept_from LIKE {}"


def excluding(person: str) -> str:
    """The value in `KEPT` for what is kept from one person; of nobody, nothing."""
    return f'%"{person}"%'


class Reach(Struct, frozen=True, kw_only=True):
    """What a person may do, and where: over a unit and those below it, or over a whole town when `unit` is empty.

    With `zones` only over requests that lie in one of them, with `types` only over requests of these types.
    """

    permissions: frozenset[str]
    jurisdiction: str
    unit: str = ""
    zones: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()


class ScopeSubject(Protocol):
    """What the rule is asked of: a request."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def excluded_agents(self) -> tuple[str, ...]: ...


class Area(Struct, frozen=True, kw_only=True):
    """Requests of some units and some types that lie in some zones; None is any."""

    units: frozenset[str] | None = None
    zones: frozenset[str] | None = None
    types: frozenset[str] | None = None

    def holds(self, units: Iterable[str], zone: str, type: str) -> bool:
        within = self.units is None or any(unit in self.units for unit in units)
        return within and (self.zones is None or zone in self.zones) and (self.types is None or type in self.types)


EVERYWHERE = Area()


class Scope(Struct, frozen=True, kw_only=True):
    """Everything in any of these areas of one jurisdiction, but for what is kept from one person (`besides`)."""

    jurisdiction: str
    areas: tuple[Area, ...] = (EVERYWHERE,)
    besides: str = ""

    def holds(self, request: ScopeSubject, units: Sequence[str] = ()) -> bool:
        """Whether this is one of them: by the request's own unit, or by any of those named."""
        if request.jurisdiction != self.jurisdiction or (self.besides and self.besides in request.excluded_agents):
            return False
        counted = units or (request.unit,)
        return any(area.holds(counted, request.zone, request.type) for area in self.areas)

    def condition(self, table: str = "r", units: Sequence[str] = (), *, walked: bool = True) -> Condition:
        """The same of rows: `table` is the alias of `service_request`, `units` are the columns that count.

        Where something else leads to a few rows, the index of the whole town is not to be walked beside it.
        """
        prefix = f"{table}." if table else ""
        parts = [f"{prefix}jurisdiction = {{}}" if walked else f"({prefix}jurisdiction || '') = {{}}"]
        values: list[Any] = [self.jurisdiction]
        if not self.is_whole:
            within = [_placed(area, units or (f"{prefix}unit",), prefix) for area in _joined(self.areas)]
            parts.append(_either([sql for sql, _ in within]))
            values += [value for _, given in within for value in given]
        if self.besides:
            parts.append(f"{prefix}id NOT IN ({KEPT})")
            values.append(excluding(self.besides))
        return " AND ".join(parts), values

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the jurisdiction, one person's conflicts of interest apart."""
        return EVERYWHERE in self.areas

    @property
    def units(self) -> frozenset[str] | None:
        """The units of which at least some requests are in it; None where it is all of them."""
        among = [area.units for area in self.areas]
        return None if None in among else frozenset[str]().union(*(units for units in among if units is not None))

    @property
    def whole_units(self) -> frozenset[str] | None:
        """The units of which every request is in it, wherever it lies; None where it is all of the jurisdiction."""
        if self.is_whole:
            return None
        anywhere = (area.units for area in self.areas if area.zones is area.types is None and area.units is not None)
        return frozenset[str]().union(*anywhere)

    def narrowed(self, units: frozenset[str]) -> "Scope":
        """The same with only those units, as far as they are in it."""
        kept = ((area, units if area.units is None else units & area.units) for area in self.areas)
        areas = tuple(structs.replace(area, units=among) for area, among in kept if among)
        return structs.replace(self, areas=areas)


def scope_over(
    reaches: Iterable[Reach], permissions: Iterable[str], town: "Jurisdiction | None", who: str = ""
) -> Scope:
    """Where any of these permissions is held in a town, `who` holds it; nowhere in a town that is not served."""
    if town is None:
        return Scope(jurisdiction="", areas=())
    wanted = frozenset(permissions)
    here = [each for each in reaches if each.jurisdiction == town.code and wanted & each.permissions]
    return Scope(jurisdiction=town.code, areas=tuple(_area(each, town) for each in here), besides=who)


def _area(reach: Reach, town: "Jurisdiction") -> Area:
    units = town.units_under(reach.unit) if reach.unit else None
    return Area(units=units, zones=reach.zones or None, types=reach.types or None)


def _joined(areas: Iterable[Area]) -> list[Area]:
    """As few as say the same: all units that count in the same zones, of the same types, together."""
    joined: dict[tuple[frozenset[str] | None, frozenset[str] | None], frozenset[str] | None] = {}
    for area in areas:
        units = joined.get(key := (area.zones, area.types), frozenset())
        joined[key] = None if units is None or area.units is None else units | area.units
    return [Area(units=units, zones=zones, types=types) for (zones, types), units in joined.items()]


def _placed(area: Area, columns: Sequence[str], prefix: str) -> Condition:
    parts: list[str] = []
    values: list[Any] = []
    if area.units is not None:
        parts.append(_either([_among(column, area.units) for column in columns]))
        values += [unit for _ in columns for unit in sorted(area.units)]
    for column, wanted in (("zone", area.zones), ("type", area.types)):
        if wanted is not None:
            parts.append(_among(f"{prefix}{column}", wanted))
            values += sorted(wanted)
    return " AND ".join(parts), values


def _among(column: str, values: frozenset[str]) -> str:
    return f"{column} IN ({', '.join(['{}'] * len(values))})" if values else "1 = 0"


def _either(parts: Sequence[str]) -> str:
    if not parts:
        return "1 = 0"
    return parts[0] if len(parts) == 1 else f"({' OR '.join(f'({each})' for each in parts)})"
