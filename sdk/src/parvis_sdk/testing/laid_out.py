"""Makes a plugin importable without installing it, from a vendor's folder or wheel."""

import os
import re
import sys
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import Distribution, distributions, entry_points, packages_distributions
from pathlib import Path, PurePosixPath

from msgspec import Struct

GROUP = "parvis"
LARGEST = 200_000_000  # bytes of a wheel once unpacked
HOST = frozenset({"parvis", "parvis_sdk"})
AT_EACH_START = frozenset({"sitecustomize.py", "usercustomize.py"})  # Python runs them unasked, as what `.pth` names
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


class NoPlugin(Exception):
    """The given path is not a plugin; the message says why."""


class LaidOut(Struct, frozen=True, kw_only=True):
    """An importable plugin: the names of its entry points, and its import paths."""

    names: tuple[str, ...]
    distribution: str
    folders: tuple[Path, ...]
    source: Path | None = None


def is_apart(target: str) -> bool:
    """Whether the argument is a folder or a wheel rather than an installed plugin."""
    return target.endswith(".whl") or "/" in target or target in (".", "..") or Path(target, "pyproject.toml").exists()


def surroundings(plugin: LaidOut, environ: Mapping[str, str], others: Collection[str] = ()) -> dict[str, str]:
    """The environment of the process: only the variables of the plugin itself.

    A plugin may call itself what it likes: what begins as the variables of another that is installed, or as those
    `others`, is not its own.
    """
    own = tuple(f"PARVIS_{name.upper()}_" for name in plugin.names)
    theirs = (*others, *(f"PARVIS_{name.upper()}_" for name in _named_by_others(plugin)))

    def is_its_own(key: str) -> bool:
        return _longest(key, own) > _longest(key, theirs)

    kept = {key: value for key, value in environ.items() if not key.startswith("PARVIS_") or is_its_own(key)}
    folders = [*map(str, plugin.folders), *(part for part in [environ.get("PYTHONPATH")] if part)]
    return kept | {"PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1"}


def _longest(key: str, beginnings: Collection[str]) -> int:
    return max((len(each) for each in beginnings if key.startswith(each)), default=0)


def _named_by_others(plugin: LaidOut) -> list[str]:
    mine = normal(plugin.distribution.partition(" ")[0])
    return [each.name for each in entry_points(group=GROUP) if each.dist and normal(each.dist.name) != mine]


def normal(distribution: str) -> str:
    """The normalized name of a distribution."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


@contextmanager
def laid_out(target: Path) -> Iterator[LaidOut]:
    """Makes the plugin of a folder or a wheel importable while the context is open."""
    with tempfile.TemporaryDirectory() as place:
        if target.suffix == ".whl":
            unpack(target, Path(place))
            folders: tuple[Path, ...] = (Path(place),)
        elif (target / "pyproject.toml").is_file():
            folders = (Path(place), describe(target, Path(place)))
        else:
            raise NoPlugin(f"{target} is neither a wheel nor a folder with a pyproject.toml: name one of the two")
        [found] = distributions(path=[place])
        names = tuple(each.name for each in found.entry_points if each.group == GROUP)
        if not names:
            raise NoPlugin(f"{target} has no entry point in the group {GROUP}: it is no plugin")
        about = f"{found.name} {found.version}"
        yield LaidOut(names=names, distribution=about, folders=folders, source=target)


def unpack(wheel: Path, place: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST:
                raise NoPlugin(f"{wheel} holds more than {LARGEST // 1_000_000} MB")
            archive.extractall(place)
            brought = archive.namelist()
    except UNREADABLE as error:
        raise NoPlugin(f"{wheel} cannot be read as a wheel: {error}") from error
    found = [*distributions(path=[str(place)])]
    if len(found) != 1 or not {"Name", "Version"} <= set(found[0].metadata):
        raise NoPlugin(f"{wheel} does not say which distribution it is: build it anew")
    if strange := next(not_its_own(brought, found[0]), None):
        raise NoPlugin(f"{wheel} {strange}: do not install it")


def not_its_own(brought: Collection[str], distribution: Distribution) -> Iterator[str]:
    """Files of a wheel that would overwrite others, or run at each start of Python."""
    mine, modules = normal(distribution.metadata["Name"]), packages_distributions()
    for path in map(PurePosixPath, brought):
        if path.is_absolute() or ".." in path.parts:
            yield f"brings {path}, which lies outside of its place"
            continue
        here = _installed_at(path)
        if not here:
            continue
        top = here[0].removesuffix(".py")
        others = [each for each in modules.get(top, ()) if normal(each) != mine]
        if len(here) == 1 and (here[0] in AT_EACH_START or here[0].endswith(".pth")):
            yield f"brings {here[0]}, which every program of this Python runs when it starts"
        elif top in HOST and normal(top) != mine:
            yield f"brings {path}, which is of {normal(top)}"
        elif others and mine not in map(normal, modules[top]):
            yield f"brings {path}, which is of {others[0]}"
        elif top in sys.stdlib_module_names:
            yield f"brings {path}, which stands for a module of Python"
    taken = {each.name: each.dist.name for each in entry_points(group="console_scripts") if each.dist is not None}
    scripts = {each.name for each in distribution.entry_points if each.group in ("console_scripts", "gui_scripts")}
    scripts |= {path.name for path in map(PurePosixPath, brought) if path.parts[1:2] == ("scripts",)}
    for name in sorted(scripts & taken.keys()):
        if normal(taken[name]) != mine:
            yield f"brings the command {name}, which is of {taken[name]}"


def _installed_at(path: PurePosixPath) -> tuple[str, ...]:
    """Where a file of a wheel comes to lie beside the other modules; empty where it does not."""
    first = path.parts[0] if path.parts else ""
    if first.endswith(".data"):
        return path.parts[2:] if path.parts[1:2] in (("purelib",), ("platlib",)) else ()
    return () if first.endswith(".dist-info") else path.parts


def describe(folder: Path, place: Path) -> Path:
    """Writes the metadata that pip would write for a folder; returns the folder of its packages."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        name, points = str(project["name"]), dict(project.get("entry-points", {}).get(GROUP, {}))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise NoPlugin(f"{folder}/pyproject.toml cannot be read: {error!r}") from error
    info = place / f"{re.sub(r'[^A-Za-z0-9]+', '_', name)}-{project.get('version', '0')}.dist-info"
    info.mkdir()
    needs = "".join(f"Requires-Dist: {each}\n" for each in project.get("dependencies", ()))
    version = project.get("version", "0")
    licence, python = project.get("license", ""), project.get("requires-python", "")
    said = f"Requires-Python: {python}\n" * bool(python) + f"License-Expression: {licence}\n" * isinstance(licence, str)
    about = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{said}{needs}"
    (info / "METADATA").write_text(about, "utf-8")
    lines = "".join(f"{key} = {value}\n" for key, value in points.items())
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{lines}", "utf-8")
    return (folder / "src" if (folder / "src").is_dir() else folder).resolve()
