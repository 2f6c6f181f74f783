"""RESULTS.md, section by section: what was measured now takes the place of what stood there, with its date."""

import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from parvis import clock

HEAD = "# Results\n\nEach section says when and on what it was measured; trust the ratios within one.\n"
LIBRARIES = ("parvis", "litestar", "piccolo", "uvicorn", "uvloop", "msgspec", "asyncpg")


def machine() -> str:
    """The machine of this run, and the versions of what runs on it."""
    here = f"{platform.machine()}, {_processors()}, {platform.python_implementation()} {platform.python_version()}"
    return ", ".join([here, *_servers(), *(f"{each} {version(each)}" for each in LIBRARIES)])


def _processors() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.+)$", info.read_text("utf-8"), re.MULTILINE) if info.exists() else []
    return f"{len(names)} x {names[0].strip()}" if names else platform.processor()


def _servers() -> list[str]:
    import sqlite3

    found = [f"SQLite {sqlite3.sqlite_version}"]
    for each in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))[-1:]:
        found.append(subprocess.run([each, "--version"], capture_output=True, text=True, check=True).stdout.split()[2])
        found[-1] = f"PostgreSQL {found[-1]}"
    return found


def kept_in(before: str, measured: str) -> str:
    """The results with these sections instead of those of the same title; each new one says when and where."""
    sections = {_title(each): each for each in _sections(before)}
    stamp = f"_Measured {clock.now().date().isoformat()} on {machine()}._"
    for each in _sections(measured):
        head, _, words = each.partition("\n")
        sections[_title(each)] = f"{head}\n\n{stamp}\n{words.rstrip()}\n"
    return "\n".join([HEAD, *(f"{each.rstrip()}\n" for each in sections.values())])


def _sections(words: str) -> list[str]:
    return [each for each in re.split(r"^(?=## )", words, flags=re.MULTILINE) if each.startswith("## ")]


def _title(section: str) -> str:
    return section.partition("\n")[0]
