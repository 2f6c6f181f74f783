"""Finding plugins by their entry points: one `try` for each, so that one that cannot be imported harms no other."""

from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, EntryPoint, entry_points, version
from itertools import groupby
from types import ModuleType

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from parvis import __version__
from parvis.house.origins import Found, Origin
from parvis.house.sources import where_it_broke
from parvis.house.spelling import NAME
from parvis.house.trouble import LEFT_OUT, Trouble, one_line

GROUP = "parvis"
SDK = "parvis-sdk"


def find_plugins(built_in: Mapping[str, ModuleType] | None = None) -> tuple[list[Found], list[Trouble]]:
    """Every plugin that could be imported, those built in first, and a trouble for each that could not."""
    own = built_in or {}
    found = [
        Found(origin=Origin(name=name, distribution="parvis", version=__version__, built_in=True), plugin=module)
        for name, module in sorted(own.items())
    ]
    troubles: list[Trouble] = []
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, brought_by(point)))
    for name, group in groupby(points, key=lambda point: point.name):
        claims = list(group)
        if name in own or len(claims) > 1:
            troubles.extend(_taken(claims, [__version__] if name in own else []))
            continue
        loaded = load(claims[0])
        if isinstance(loaded, Trouble):
            troubles.append(loaded)
        else:
            found.append(loaded)
    return found, troubles


def load(point: EntryPoint) -> Found | Trouble:
    """The plugin behind one entry point, or why it cannot be had."""
    origin = origin_of(point)
    where = f"entry point {point.name} = {point.value}"
    wrong = next(_misfits(point, origin, where), None)
    if wrong is not None:
        return wrong
    try:
        plugin = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  importing runs the author's code: whatever it does, the host starts
        return Trouble(
            who=str(origin),
            where=" · ".join(part for part in (where, where_it_broke(error, point.module)) if part),
            what=f"it cannot be imported: {one_line(error)}",
            now_what=_cure(error, origin),
            plugin=origin.name,
        )
    return Found(origin=origin, plugin=plugin)


def _cure(error: BaseException, origin: Origin) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"install what brings the module {error.name!r}, or uninstall {origin.distribution}"
    if isinstance(error, SystemExit):
        return "take the call to exit out of the module: importing a plugin does nothing"
    return f"correct the module, or uninstall {origin.distribution}"


def _misfits(point: EntryPoint, origin: Origin, where: str) -> Iterator[Trouble]:
    if not NAME.fullmatch(point.name):
        yield Trouble(
            who=str(origin),
            where=where,
            what=f"{point.name!r} cannot be the name of a plugin",
            now_what="use small letters, digits and _, beginning with a letter",
            plugin=point.name,
        )
    wanted = sdk_range(point.dist) if point.dist else None
    if wanted is not None and not wanted.contains(version(SDK), prereleases=True):
        yield Trouble(
            who=str(origin),
            where=where,
            what=f"it needs {SDK} {wanted}, and {version(SDK)} is installed",
            now_what=f"install a release of {origin.distribution} that was made for {SDK} {version(SDK)}",
            plugin=origin.name,
        )


def sdk_range(distribution: Distribution) -> SpecifierSet | None:
    """The releases of the sdk that a distribution says it works with."""
    for line in distribution.requires or ():
        try:
            need = Requirement(line)
        except InvalidRequirement:
            continue
        if canonicalize_name(need.name) == SDK and (need.marker is None or need.marker.evaluate({"extra": ""})):
            return need.specifier
    return None


def origin_of(point: EntryPoint) -> Origin:
    """The origin of whatever an entry point brings."""
    if point.dist is None:
        return Origin(name=point.name)
    return Origin(name=point.name, distribution=point.dist.name, version=point.dist.version)


def brought_by(point: EntryPoint) -> str:
    """The distribution of an entry point with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _taken(claims: list[EntryPoint], host: list[str]) -> Iterator[Trouble]:
    for point in claims:
        others = [f"parvis {release}, built in" for release in host]
        others += [brought_by(other) for other in claims if other is not point]
        yield Trouble(
            who=str(origin_of(point)),
            where=f"entry point {point.name} = {point.value}",
            what=f"the name {point.name!r} is also claimed by {' and '.join(others)}",
            so_what=LEFT_OUT if host else "all of them are left out",
            now_what="uninstall one of them, or give this plugin a name of its own",
            plugin=point.name,
        )
