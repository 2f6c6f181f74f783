"""What rooms and modules read in the folder of a town: each declares the file, the section or the folder of its own."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct, structs

from parvis.jurisdictions.jurisdiction import Jurisdiction
from parvis.jurisdictions.reading import Findings, JurisdictionMistake, Table
from parvis.jurisdictions.shapes import Plane
from parvis.jurisdictions.zones import Zone
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

Kept = TypeVar("Kept")
Value = TypeVar("Value")
OURS = frozenset(
    f"{name}.toml"
    for name in (
        "jurisdiction", "units", "routes", "messages", "owners", "services", "sign_in", "former_zones",
    )
) | frozenset(
    f"[{name}]"
    for name in (
        "address", "assets", "base_map", "brand", "calendar", "links", "map_data", "name",
        "privacy_notice", "routes", "seasons", "service_levels",
    )
)  # fmt: skip
"""What the core reads itself, and no module can."""
ALMOST = 0.75  # how much a section resembles the known one that is meant: [brnad] does, [branch] does not


class Surroundings(Struct, frozen=True, kw_only=True):
    """The codes of a town that its files may name, its name, its zones, its plane and its hours; `zones` is None where
    another system says which there are. `read` is what was read before, as the town will have it in `from_files`.
    """

    units: frozenset[str]
    zones: frozenset[str] | None
    name: Text = Text(fr="")
    areas: tuple[Zone, ...] = ()
    plane: Plane = Plane(lon=0, lat=0)
    time_zone: str = "America/Toronto"
    read: Mapping[str, Any] = {}


class Offer(Struct, frozen=True, kw_only=True):
    """What plugins bring that the files of a town may name: types of request by code, names of payment providers and of
    document renderers; and what this process was `given` at the start, by its kind."""

    types: Mapping[str, RequestType] = {}
    payments: Collection[str] = ()
    renderers: Collection[str] = ()
    given: Callable[[type[Kept]], Kept | None] = lambda kind: None


def no_ends(town: Jurisdiction, value: Any, offer: Offer) -> Iterable[JurisdictionMistake]:
    """It names nothing that others bring."""
    return ()


def no_zones(value: Any) -> Iterable[tuple[str, str]]:
    """It names none."""
    return ()


class TownFile(Struct, Generic[Value], frozen=True, kw_only=True, eq=False):
    """One of them; `usual` is what holds where it is not there.

    | `name` | what `read` is given |
    |---|---|
    | `tariffs.toml` | the file, beside `jurisdiction.toml` |
    | `[payment]` | that table of `jurisdiction.toml` |
    | `documents/*.typ` | the text of each such file, by the name of the file |
    | `layers/` | the folder, whose files it opens itself |
    | `sign_in.toml: providers, grants` | these keys of a file that others read too, once it has one of them |
    | `addresses.csv` | a table without values, in whose place it opens the file itself, and others beside |

    `always`: where nothing is written, it is given an empty table, as its data may be in another file. `shared`: others
    may read keys of the same file, so it is closed when all have read.

    Mistakes that `read` notes refuse the towns as those of any other file do; `loose_ends` are names of what nobody
    here brings, and refuse nothing. `zones` are those that it names, each with the key that names it: where another
    system says which there are, they are looked up once it has.
    """

    name: str
    read: Callable[[Table, Surroundings], Value]
    usual: Value
    loose_ends: Callable[[Jurisdiction, Value, Offer], Iterable[JurisdictionMistake]] = no_ends
    zones: Callable[[Value], Iterable[tuple[str, str]]] = no_zones
    always: bool = False
    shared: bool = False

    def of(self, town: Jurisdiction) -> Value:
        """What the files of a town say."""
        value: Value = town.from_files.get(self.name, self.usual)
        return value

    def put(self, town: Jurisdiction, value: Value) -> Jurisdiction:
        """The town as if its files said so."""
        return structs.replace(town, from_files={**town.from_files, self.name: value})


def read_town_files(
    findings: Findings, home: Path, root: Table, files: Iterable[TownFile[Any]], around: Surroundings
) -> dict[str, Any]:
    """What the folder of a town says in these, by the name of the file; `root` is its `jurisdiction.toml`."""
    found: dict[str, Any] = {}
    shared: dict[str, Table | None] = {}
    for each in files:
        if each.name not in found and (table := _written(findings, home, root, each, shared)) is not None:
            found[each.name] = each.read(table, structs.replace(around, read=found))
    for name, whole in shared.items():
        if whole is not None:
            _close_shared(findings, name, whole)
    return found


def _written(
    findings: Findings, home: Path, root: Table, file: TownFile[Any], shared: dict[str, Table | None]
) -> Table | None:
    """What stands there under its name; None where nothing does."""
    name, _, keys = file.name.partition(": ")
    if keys or file.shared:
        if name not in shared:
            shared[name] = findings.optional(home / name)
        whole = shared[name]
        return whole.only(keys.split(", ")) if whole is not None and keys else whole
    if name.startswith("["):
        section = name.strip("[]")
        root.asked.add(section)  # written or not: what is almost its name is a mistake
        return root.table(section) if section in root.values or file.always else None
    if "*" in name:
        texts = {path.name: findings.text_of(path) for path in sorted(home.glob(name))}
        whole_texts = {file: text for file, text in texts.items() if text is not None}
        return Table(findings, (home / name).parent, "", whole_texts) if texts else None
    if name.endswith("/"):
        return Table(findings, home / name, "", {}) if (home / name).is_dir() else None
    if not name.endswith(".toml"):
        return Table(findings, home / name, "", {}) if file.always or (home / name).exists() else None
    return findings.optional(home / name)


def _close_shared(findings: Findings, name: str, table: Table) -> None:
    """What nobody here reads of a file that several read is told; what is almost a known key is a mistake."""
    for key in sorted(table.values.keys() - table.asked):
        if not table.near(key, ALMOST):
            table.asked.add(key)
            findings.unread.append(f"{name} [{key}]")
    table.close()


def unread(findings: Findings, home: Path, root: Table) -> Iterator[str]:
    """Files and sections that nobody here reads; a section whose name is almost a known one is left as a mistake."""
    for name, value in root.values.items():
        if name not in root.asked and isinstance(value, dict) and not root.near(name, ALMOST):
            root.asked.add(name)
            yield f"[{name}]"
    written = sorted(path for kind in ("*.toml", "*.csv") for path in home.glob(kind))
    yield from (path.name for path in written if path not in findings.opened)
    yield from findings.unread
