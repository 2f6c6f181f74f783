"""`parvis clock`: says whether the clock is trusted, takes one confirmation, and nothing is destroyed before it."""

import shutil
import sqlite3
import subprocess
from datetime import timedelta

import pytest

from parvis import clock
from parvis.example_towns import town_folder
from parvis_testing.commands import HANGS
from parvis_testing.copied import run_copy

pytestmark = pytest.mark.slow  # a process of its own for each
SIX_YEARS = timedelta(days=6 * 365)


@pytest.fixture
def command(tmp_path, migrated_template, on_postgres, surroundings):
    """Runs the command on a SQLite file whose clock was trusted a moment ago."""
    if on_postgres:
        pytest.skip("one engine shows what the command says")
    file = tmp_path / "parvis.sqlite"
    shutil.copyfile(migrated_template.removeprefix("sqlite:///"), file)
    with sqlite3.connect(file) as connection:
        row = ("", clock.now().isoformat(sep=" "))
        sql = "INSERT INTO clock_reading (process, said_at, doubt, apart, confirmed_by) VALUES (?, ?, '', 0, '')"
        connection.execute(sql, row)
    connection.close()
    clean = {**surroundings, "PARVIS_TERRITORY": str(town_folder()), "PARVIS_SECRET_KEY": "s" * 40}
    clean |= {"PARVIS_DATA": str(tmp_path)}

    def run(*words: str, ahead: timedelta = timedelta()) -> subprocess.CompletedProcess[str]:
        return run_copy(*words, environ=clean | clock.variables(ahead), folder=tmp_path, most_seconds=HANGS)

    return run


def test_an_operator_is_told_of_a_clock_that_jumped_and_confirms_it_once(command):
    assert command("clock").returncode == 0
    doubted = command("clock", ahead=SIX_YEARS)
    assert doubted.returncode == 1
    assert "parvis clock confirm" in doubted.stdout
    refused = command("requests", "forget", "--do", ahead=SIX_YEARS)
    assert refused.returncode == 1
    assert "the clock says" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert command("clock", "confirm", "--by", "Karim Diallo", "--yes", ahead=SIX_YEARS).returncode == 0
    trusted = command("clock", ahead=SIX_YEARS)
    assert (trusted.returncode, "Karim Diallo" in trusted.stdout) == (0, True)
    assert command("requests", "forget", "--do", ahead=SIX_YEARS).returncode == 0
    assert command("clock").returncode == 1  # the right time is now the one that is asked about
