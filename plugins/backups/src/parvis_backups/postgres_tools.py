"""`pg_dump` and `pg_restore`: found in a version that can read the server, run with the password hidden."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from urllib.parse import unquote, urlsplit, urlunsplit

from parvis.cli.troubles import Unusable

INSTALLED = Path("/usr/lib/postgresql")  # of Debian, one folder for each version
SAID = 600  # characters of what a tool says that are told


def tool(name: str, at_least: int, folder: str = "") -> str:
    """The path of a tool of this version of PostgreSQL or a later one, the nearest first."""
    found = {version: path for path in _places(name, folder) if (version := _version(path))}
    fit = [version for version in sorted(found) if version >= at_least]
    if fit:
        return str(found[fit[0]])
    there = f"{name} here is of version {max(found)}" if found else f"{name} is not installed here"
    where = "" if folder else ", or name its folder as `tools` in [plugins.backups]"
    raise Unusable(f"{there}, and the server is PostgreSQL {at_least}: install postgresql-client-{at_least}{where}")


def run(program: str, url: str, *arguments: str) -> None:
    """Run a tool on a database; what it says is raised when it fails."""
    address, password = _without_password(url)
    environ = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        [program, "--dbname", address, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unusable(f"{Path(program).name} failed: {done.stderr.strip()[:SAID] or done.returncode}")


def read_table_of_contents(file: Path, folder: str = "") -> bool:
    """Whether a dump can be read; False where no tool is here that could tell."""
    try:
        program = tool("pg_restore", 0, folder)
    except Unusable:
        return False
    done = subprocess.run(  # noqa: S603 - the same
        [program, "--list", str(file)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unusable(f"{file} cannot be read: {done.stderr.strip()[:SAID]}")
    return True


def _places(name: str, folder: str) -> Iterator[Path]:
    if folder:
        yield Path(folder) / name
        return
    if found := which(name):
        yield Path(found)
    yield from INSTALLED.glob(f"*/bin/{name}")


def _version(path: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - the same
            [path, "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)(?:\.\d+)?\s*(?:\(|$)", said)
    return int(found[1]) if found else 0


def _without_password(url: str) -> tuple[str, str]:
    """The address that every list of processes shows, and the password that none does."""
    parts = urlsplit(url)
    people, at, place = parts.netloc.rpartition("@")
    user, _, password = people.partition(":")
    return urlunsplit(parts._replace(netloc=f"{user}{at}{place}")), unquote(password)
