"""Finding plugins by their entry points: one `try` for each, so that one that cannot be imported harms no other."""

import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, EntryPoint, entry_points, version
from itertools import groupby
from types import ModuleType
from typing import Any

from msgspec import Struct
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from parvis import __version__
from parvis.plugins.name_conflicts import ALSO_CLAIMED, OWN_NAME
from parvis.plugins.registry import DiscoveredPlugin, Origin
from parvis.plugins.spelling import NAME
from parvis.plugins.threads import StuckCall, in_time
from parvis.troubles import LEFT_OUT, Trouble, one_line
from parvis_sdk.lines import where_it_broke
from parvis_sdk.text import Text

NOT_IMPORTED = Text(fr="elle ne peut pas être importée\u00a0: {error}", en="it cannot be imported: {error}")
IN_TIME = Text(fr="son importation dépasse {seconds}\u00a0s", en="importing it takes more than {seconds} s")
LACKS = Text(
    fr="installez la distribution qui contient le module {module}, ou désinstallez {distribution}",
    en="install the distribution that contains the module {module}, or uninstall {distribution}",
)
EXITS = Text(
    fr="retirez du module l’appel à exit\u00a0: importer une extension ne doit rien exécuter",
    en="remove the call to exit from the module: importing a plugin must run nothing",
)
CORRECT = Text(
    fr="corrigez le module, ou désinstallez {distribution}", en="correct the module, or uninstall {distribution}"
)
NO_NAME = Text(fr="{name} ne peut pas être le nom d’une extension", en="{name} cannot be the name of a plugin")
A_NAME = Text(
    fr="prenez des minuscules, des chiffres et _, en commençant par une lettre",
    en="use lowercase letters, digits and _, starting with a letter",
)
OTHER_SDK = Text(
    fr="elle demande {sdk} {wanted}, et {installed} est installé",
    en="it needs {sdk} {wanted}, and {installed} is installed",
)
OTHER_RELEASE = Text(
    fr="installez une version de {distribution} faite pour {sdk} {installed}",
    en="install a release of {distribution} made for {sdk} {installed}",
)
BUILT_IN = Text(fr="parvis {release}, intégrée", en="parvis {release}, built in")
GROUP = "parvis"
SECONDS = 60.0  # of a cold disk and a busy machine; no plugin keeps the host from starting for longer
SDK = "parvis-sdk"
_IMPORTED: dict[str, ModuleType] = {}  # by this process, to the end


class LoadedEntryPoint(Struct, frozen=True, kw_only=True):
    """What an entry point names."""

    named: Any


class NotImported(Struct, frozen=True, kw_only=True):
    """Why an entry point could not be imported, and at which line; without an error, it did not come to an end."""

    where: str = ""
    error: BaseException | None = None

    @property
    def said(self) -> str:
        """The error in one line."""
        return one_line(self.error) if self.error else ""


def find_plugins(built_in: Mapping[str, ModuleType] | None = None) -> tuple[list[DiscoveredPlugin], list[Trouble]]:
    """Every plugin that could be imported, those built in first, and a trouble for each that could not."""
    own = built_in or {}
    found = [
        DiscoveredPlugin(
            origin=Origin(name=name, distribution="parvis", version=__version__, built_in=True), plugin=module
        )
        for name, module in sorted(own.items())
    ]
    troubles: list[Trouble] = []
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, brought_by(point)))
    for name, group in groupby(points, key=lambda point: point.name):
        claims = list(group)
        if name in own:
            troubles.extend(also_built_in(point) for point in claims)
            continue
        for loaded in map(load, claims):  # of several by one name, the registry keeps whose it is
            if isinstance(loaded, Trouble):
                troubles.append(loaded)
            else:
                found.append(loaded)
    return found, troubles


def load(point: EntryPoint) -> DiscoveredPlugin | Trouble:
    """The plugin behind one entry point, or why it cannot be had."""
    origin = origin_of(point)
    where = f"entry point {point.name} = {point.value}"
    wrong = next(_misfits(point, origin, where), None)
    if wrong is not None:
        return wrong
    loaded = imported(point)
    if not isinstance(loaded, NotImported):
        return DiscoveredPlugin(origin=origin, plugin=loaded.named)
    return Trouble(
        who=str(origin),
        where=" · ".join(part for part in (where, loaded.where) if part),
        what=NOT_IMPORTED.format(error=loaded.said) if loaded.error else IN_TIME.format(seconds=f"{SECONDS:g}"),
        now_what=_cure(loaded.error, origin),
        plugin=origin.name,
    )


def imported(point: EntryPoint) -> LoadedEntryPoint | NotImported:
    """What an entry point names, or why that cannot be imported; what was imported once is not waited for again."""
    there = sys.modules.get(point.module)
    if there is not None and there is _IMPORTED.get(point.module) and not point.attr:
        return LoadedEntryPoint(named=there)

    def do() -> LoadedEntryPoint | NotImported:
        try:
            return LoadedEntryPoint(named=point.load())
        except BaseException as error:  # noqa: BLE001  importing runs the author's code: whatever it does, the host starts
            return NotImported(where=where_it_broke(error, point.module), error=error)

    loaded = in_time(do, SECONDS, point.module.partition(".")[0])
    if isinstance(loaded, StuckCall):
        return NotImported(where=loaded.where)
    if isinstance(loaded, LoadedEntryPoint) and point.module in sys.modules:
        _IMPORTED[point.module] = sys.modules[point.module]
    return loaded


def _cure(error: BaseException | None, origin: Origin) -> Text:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return LACKS.format(module=repr(error.name), distribution=origin.distribution)
    if isinstance(error, SystemExit):
        return EXITS
    return CORRECT.format(distribution=origin.distribution)


def _misfits(point: EntryPoint, origin: Origin, where: str) -> Iterator[Trouble]:
    if not NAME.fullmatch(point.name):
        yield Trouble(
            who=str(origin),
            where=where,
            what=NO_NAME.format(name=repr(point.name)),
            now_what=A_NAME,
            plugin=point.name,
        )
    wanted = sdk_range(point.dist) if point.dist else None
    if wanted is not None and not wanted.contains(version(SDK), prereleases=True):
        yield Trouble(
            who=str(origin),
            where=where,
            what=OTHER_SDK.format(sdk=SDK, wanted=wanted, installed=version(SDK)),
            now_what=OTHER_RELEASE.format(distribution=origin.distribution, sdk=SDK, installed=version(SDK)),
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


def also_built_in(point: EntryPoint) -> Trouble:
    """A plugin that claims the name of one that is built in."""
    return Trouble(
        who=str(origin_of(point)),
        where=f"entry point {point.name} = {point.value}",
        what=ALSO_CLAIMED.format(name=repr(point.name), others=BUILT_IN.format(release=__version__)),
        so_what=LEFT_OUT,
        now_what=OWN_NAME,
        plugin=point.name,
    )
