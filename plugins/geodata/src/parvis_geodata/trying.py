"""What would become of a file: every row judged, zones beside each other, and the town read with the new file."""

import shutil
import tempfile
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from pathlib import Path

import shapely
from msgspec import Struct, structs
from shapely.geometry.base import BaseGeometry

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.layers import ASSETS
from parvis.jurisdictions.loading import read_jurisdiction
from parvis.jurisdictions.places import zones_at
from parvis.jurisdictions.reading import Findings, JurisdictionMistake
from parvis.jurisdictions.zones import Zone, outside
from parvis.module_settings import files_of
from parvis.requests.host import Host
from parvis_geodata.features import Source
from parvis_geodata.findings import Finding, found
from parvis_geodata.judging import Judged, Thing, judge
from parvis_geodata.mapping import FileMapping, Subject
from parvis_geodata.town_files import FORMER, content_of, former_after, former_names, names_in
from parvis_geodata.versions import FOLDER
from parvis_geodata.zone_checks import beside_each_other

PLACES = "SELECT zone, lon, lat FROM service_request WHERE jurisdiction = {} AND erased_at IS NULL"


class WholeFinding(Struct, frozen=True, kw_only=True):
    """What is wrong with rows beside each other; `row` is 0 where it is of none."""

    row: int
    code: str
    finding: Finding


class ZoneNumbers(Struct, frozen=True, kw_only=True):
    """One zone: its area in square kilometres, and its requests today and once the file is in force; of a file of
    points, how many of them lie in it."""

    code: str
    name: str
    area: float
    today: int = 0
    then: int = 0
    points: int = 0


class Trial(Struct, frozen=True, kw_only=True):
    """What a file comes to. `content` is the file that the town would have."""

    subject: Subject
    rows: tuple[Judged, ...]
    things: tuple[Thing, ...]
    whole: tuple[WholeFinding, ...]
    numbers: tuple[ZoneNumbers, ...]
    mistakes: tuple[JurisdictionMistake, ...]
    content: bytes

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(each.outcome for each in self.rows)

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be in force, whichever rows are left out."""
        return not self.things or bool(self.mistakes) or any(each.finding.severe for each in self.whole)


async def try_out(
    host: Host,
    town: Jurisdiction,
    mapping: FileMapping,
    source: Source,
    town_folder: Path,
    accepted: Collection[str] = (),
) -> Trial:
    """Judge a file as a whole; nothing is written."""
    rows = tuple(judge(town, mapping, source))
    subject, things = mapping.about(), tuple(_things(rows))
    whole: tuple[WholeFinding, ...] = ()
    if subject.kind == "zones" and things:
        beside = beside_each_other(town, things, accepted)
        whole = tuple(WholeFinding(row=row, code=code, finding=finding) for row, code, finding in beside)
    if subject.kind == "boundary" and things:
        whole = tuple([each async for each in _beside_limits(town, things)])
    content = content_of(subject, things)
    return Trial(
        subject=subject,
        rows=rows,
        things=things,
        whole=whole,
        numbers=await _numbers(town, subject, things),
        mistakes=mistakes_with(host, town, town_folder, subject, content) if things else (),
        content=content,
    )


def _things(rows: Iterable[Judged]) -> Iterable[Thing]:
    """What rows become; rows of one zone are one."""
    things: dict[object, Thing] = {}
    for each in rows:
        if each.thing is None:
            continue
        key = each.code or each.row
        first = things.get(key)
        shape = each.thing.shape if first is None else shapely.union(first.shape, each.thing.shape)
        things[key] = structs.replace(first or each.thing, shape=shape)
    return things.values()


async def _beside_limits(town: Jurisdiction, things: Sequence[Thing]) -> AsyncIterator[WholeFinding]:
    """What lies over new limits: zones, and requests that lie within those of today."""
    limits = shapely.union_all([each.shape for each in things])
    for reach in outside(town.zones, limits, town.plane):
        yield WholeFinding(row=0, code=reach.zone, finding=found("reaches_out"))
    requests = await ServiceRequest.raw(PLACES, town.code)
    places = [shapely.Point(row["lon"], row["lat"]) for row in requests if row["lon"] is not None]
    within = shapely.intersects(town.boundary, places) & ~shapely.intersects(limits, places) if places else ()
    if number := int(sum(within)):
        yield WholeFinding(row=0, code="", finding=found("requests_outside", value=str(number)))


async def _numbers(town: Jurisdiction, subject: Subject, things: Sequence[Thing]) -> tuple[ZoneNumbers, ...]:
    if subject.kind != "zones" and subject.form != "point":
        return ()
    if subject.kind != "zones":
        lying = Counter(codes[0] if codes else "" for codes in zones_at(town, [_pair(each) for each in things]))
        every = tuple(
            ZoneNumbers(code=each.code, name=each.name.fr, area=_area(town, each.geometry), points=lying[each.code])
            for each in town.zones
        )
        return (*every, ZoneNumbers(code="", name="", area=0, points=lying[""])) if lying[""] else every
    requests = await ServiceRequest.raw(PLACES, town.code)
    coming = tuple(Zone(code=each.code, name=each.name, geometry=each.shape) for each in things)
    renewed = structs.replace(town, zones=coming)
    then = Counter(codes[0] for codes in zones_at(renewed, [(row["lon"], row["lat"]) for row in requests]) if codes)
    today = Counter(row["zone"] for row in requests)
    return tuple(
        ZoneNumbers(
            code=each.code,
            name=each.name.fr,
            area=_area(town, each.geometry),
            today=today[each.code],
            then=then[each.code],
        )
        for each in (*coming, *(zone for zone in town.zones if zone.code not in {each.code for each in coming}))
    )


def _pair(thing: Thing) -> tuple[float, float]:
    return thing.shape.x, thing.shape.y  # type: ignore[attr-defined]


def _area(town: Jurisdiction, shape: BaseGeometry) -> float:
    return float(shapely.transform(shape, town.plane.flat).area) / 1_000_000


def mistakes_with(
    host: Host, town: Jurisdiction, town_folder: Path, subject: Subject, content: bytes | None
) -> tuple[JurisdictionMistake, ...]:
    """What would keep the town from being read with this file: rules that name a zone which is gone, for one."""
    file = file_of(town, town_folder, subject)
    with tempfile.TemporaryDirectory(prefix="parvis-") as made:
        home = Path(made) / town.code
        shutil.copytree(town_folder, home, ignore=shutil.ignore_patterns(FOLDER))
        if subject.kind == "zones":
            before = town_folder / file
            leaving = names_in(before.read_bytes() if before.is_file() else None)
            _write(home / FORMER, former_after(former_names(town_folder), leaving, names_in(content)))
        _write(home / file, content)
        findings = Findings(Path(made))
        read_jurisdiction(findings, home, files_of(host.modules.registry))
    return tuple(findings.mistakes)


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)


def file_of(town: Jurisdiction, town_folder: Path, subject: Subject) -> str:
    """The name of the file of a subject in the folder of its town; of assets, what `[assets.<layer>]` names."""
    if subject.kind != "assets":
        return subject.usual_file
    settings = tomllib.loads((town_folder / "jurisdiction.toml").read_text("utf-8-sig"))
    return str(settings.get("assets", {}).get(subject.layer, {}).get("file", "")) or subject.usual_file


def is_declared(town: Jurisdiction, subject: Subject) -> bool:
    """Whether the town reads what is taken: a layer of assets must stand in its `jurisdiction.toml`."""
    return subject.kind != "assets" or subject.layer in ASSETS.of(town)
