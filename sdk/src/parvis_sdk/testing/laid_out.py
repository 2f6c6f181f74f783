"""A plugin that is not installed: the folder or wheel of a vendor laid out where Python can find it."""

import os
import re
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path

from msgspec import Struct

GROUP = "parvis"
LARGEST = 200_000_000  # bytes of a wheel once unpacked


class NoPlugin(Exception):
    """What was named is no plugin; the message says why."""


class LaidOut(Struct, frozen=True, kw_only=True):
    """A plugin as Python can find it: the names of its entry points, and the folders to look into."""

    names: tuple[str, ...]
    distribution: str
    folders: tuple[Path, ...]
    source: Path | None = None


def is_apart(target: str) -> bool:
    """Whether somebody names a folder or a wheel, and no plugin that is installed."""
    return target.endswith(".whl") or "/" in target or target in (".", "..") or Path(target, "pyproject.toml").exists()


def surroundings(plugin: LaidOut, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of that process: nothing of this installation but what is set for the plugin itself."""
    own = tuple(f"PARVIS_{name.upper()}_" for name in plugin.names)
    kept = {key: value for key, value in environ.items() if not key.startswith("PARVIS_") or key.startswith(own)}
    folders = [*map(str, plugin.folders), *(part for part in [environ.get("PYTHONPATH")] if part)]
    return kept | {"PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def laid_out(target: Path) -> Iterator[LaidOut]:
    """The plugin of a folder or of a wheel, where Python can find it, for as long as it is looked at."""
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
    except (OSError, zipfile.BadZipFile) as error:
        raise NoPlugin(f"{wheel} cannot be read as a wheel: {error}") from error
    if len([*distributions(path=[str(place)])]) != 1:
        raise NoPlugin(f"{wheel} does not say which distribution it is: build it anew")


def describe(folder: Path, place: Path) -> Path:
    """Write beside a folder what pip would write where it installs it; where its packages lie."""
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
