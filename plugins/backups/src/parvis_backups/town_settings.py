"""The settings of an installation as they lie in a set: those that everybody may read, and the keys, which are sealed.

Whatever is or holds a secret is a key: the files that settings name for one, the folder of the keys that sign, the
variables of the environment, and the settings file itself where a password stands in it.
"""

import io
import os
import shlex
import tarfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis.settings import HIDDEN, PREFIX, Settings, guarded

ELSEWHERE = PurePosixPath("elsewhere")  # in front of what does not lie beside the settings file
ENVIRONMENT = "environment"
FILE = "_file"


class SettingsFiles(Struct, frozen=True, kw_only=True):
    """What is packed, by its name in the archive: open to read, or secret."""

    open: dict[str, Path]
    secret: dict[str, Path]
    environment: bytes = b""


def settings_files(settings: Settings, file: Path | None, environ: Mapping[str, str]) -> SettingsFiles:
    """What belongs to the settings of this installation, wherever it lies."""
    folder = (file.parent if file else Path()).absolute()
    table = tomllib.loads(file.read_text("utf-8")) if file else {}
    open_files = [settings.territory, settings.templates, settings.outgoing.ca, settings.sign_in.providers]
    secret = [settings.signing.keys, *(folder / each for each in _files_named(table))]
    secret += [Path(value) for name, value in environ.items() if name.startswith(PREFIX) and name.endswith("_FILE")]
    if (providers := settings.sign_in.providers) and providers.is_file():
        named = _files_named(tomllib.loads(providers.read_text("utf-8")))
        secret += [providers.parent / each for each in named]
    (secret if holds_secret(table) else open_files).append(file)

    def by_name(paths: list[Path | None]) -> dict[str, Path]:
        there = (path.absolute() for path in paths if path is not None and path.exists())
        return {_name_of(path, folder): path for path in there}

    lines = (f"{name}={shlex.quote(value)}\n" for name, value in sorted(environ.items()) if name.startswith(PREFIX))
    return SettingsFiles(open=by_name(open_files), secret=by_name(secret), environment="".join(lines).encode())


def holds_secret(table: Mapping[str, Any]) -> bool:
    """Whether a settings file says a password or a key itself."""
    plugins = table.get("plugins", {})
    inside = (each for values in plugins.values() if isinstance(values, dict) for each in _leaves(values))
    hidden = any(guarded(key, value) == HIDDEN for key, value in inside if not key.endswith(FILE))
    return hidden or "@" in str(table.get("database", ""))


def pack(files: Mapping[str, Path], environment: bytes = b"") -> bytes:
    """These files and folders in one archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", dereference=True) as archive:
        for name, path in sorted(files.items()):
            archive.add(path, name)
        if environment:
            told = tarfile.TarInfo(ENVIRONMENT)
            told.size, told.mode = len(environment), 0o600
            archive.addfile(told, io.BytesIO(environment))
    return packed.getvalue()


def unpack(content: bytes, folder: Path) -> list[str]:
    """The archive in a folder; nothing that lies there is replaced."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        names = [each.name for each in archive if not each.isdir()]
        if there := [name for name in names if (folder / name).exists()]:
            raise Unusable(f"{folder / there[0]} lies there already: name an empty folder")
        archive.extractall(folder, filter="data")
    return names


def _name_of(path: Path, folder: Path) -> str:
    path = Path(os.path.normpath(path))
    return str(path.relative_to(folder) if path.is_relative_to(folder) else ELSEWHERE / str(path).lstrip("/"))


def _files_named(table: Mapping[str, Any]) -> list[str]:
    return [value for key, value in _leaves(table) if key.endswith(FILE) and isinstance(value, str)]


def _leaves(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        inner = value if isinstance(value, list) else [value]
        for each in inner:
            if isinstance(each, dict):
                yield from _leaves(each)
            else:
                yield key, each
