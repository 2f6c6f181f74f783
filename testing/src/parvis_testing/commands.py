"""Commands of Parvis in separate processes, on a SQLite file migrated with everything installed.

A command costs a second and a half of a processor until it has imported what it stands on. That it does so, the tests
of the core's commands try; those of everybody else begin as copies of one process.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from parvis import clock
from parvis.db.migrating import STOPS
from parvis.example_towns import town_folder
from parvis.modules import ModuleRegistry
from parvis.plugins.module_discovery import find_modules
from parvis_testing.copied import run_copy
from parvis_testing.databases import Templates

LATER = "2031-01-01T00:00:00:000000"
PROGRAM = [sys.executable, "-c", "from parvis.cli import main; main()"]
HANGS = 120  # seconds after which a process is taken to hang, however busy the machine


@pytest.fixture(scope="session")
def modules() -> ModuleRegistry:
    """The installed modules: commands use all of them."""
    return find_modules()


@pytest.fixture(scope="session")
def migrated_template(templates: Templates, modules: ModuleRegistry) -> str:
    return templates.of(modules)


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory) -> dict[str, str]:
    """The environment without settings of Parvis, with the time of the tests.

    What one process compiled serves all: beside its source, or in a folder of the tests where nothing is left there.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    if clean.pop("PYTHONDONTWRITEBYTECODE", None):
        clean["PYTHONPYCACHEPREFIX"] = str(tmp_path_factory.getbasetemp() / "compiled")
    return clean | clock.variables()


@pytest.fixture
def environ(tmp_path, surroundings) -> dict[str, str]:
    """The example towns on a SQLite file of this folder."""
    return surroundings | {
        **clock.variables(),
        "PARVIS_TERRITORY": str(town_folder()),
        "PARVIS_SECRET_KEY": "s" * 40,
        "PARVIS_DATA": str(tmp_path),
    }


@pytest.fixture(scope="session")
def from_nothing() -> bool:
    """Whether a command imports everything itself instead of being a copy."""
    return False


@pytest.fixture
def command(tmp_path, environ, from_nothing):
    """`command("serve", ...)` runs the command in a separate process, or as a copy after some code."""

    def run(*words: str, after: str = "") -> subprocess.CompletedProcess[str]:
        if not from_nothing:
            return run_copy(*words, environ=environ, folder=tmp_path, after=after, most_seconds=HANGS)
        return subprocess.run(
            [*PROGRAM, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=HANGS
        )

    return run


@pytest.fixture
def database(tmp_path, migrated_template, on_postgres):
    """A migrated SQLite file at the path that the command uses."""
    if on_postgres:
        pytest.skip("commands are tried on SQLite")
    file = tmp_path / "parvis.sqlite"
    shutil.copyfile(migrated_template.removeprefix("sqlite:///"), file)
    return file


def children_of(pid: int, words: str) -> list[int]:
    """The child processes whose command line contains these words."""
    every = [Path("/proc") / each for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [int(each.name) for each in every if words in (each / "cmdline").read_text()]


def take_a_later_step(file, *, stops=True):
    """Records a migration of a later version; incompatible with earlier ones unless `stops` is false."""
    rows = [(LATER, app, "2031-01-01 00:00:00") for app in ("parvis", *([f"{STOPS}parvis"] if stops else []))]
    with sqlite3.connect(file) as connection:
        connection.executemany("INSERT INTO migration (name, app_name, ran_on) VALUES (?, ?, ?)", rows)
    connection.close()


def without_settings(said: str) -> str:
    """What a command says beside its output, but for settings of the example towns that nothing installed reads: alone,
    a distribution sees little of what they name."""
    return "".join(line for line in said.splitlines(True) if "settings of a town" not in line)


def said_in_a_sentence(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    said = without_settings(ran.stderr)
    assert said.startswith("parvis: ")
    return said
