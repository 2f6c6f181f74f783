"""`parvis towns archive` and `parvis towns read` as operators run them, also killed."""

import os
import sqlite3
from contextlib import closing
from shutil import copytree

import pytest

from parvis.example_towns import town_folder
from parvis_testing.commands import said_in_a_sentence, without_settings

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # processes of their own

KILLED = """
import os, signal
from parvis_disposal import arriving
real = arriving._fill
async def killed(table, *given):
    if table.name == "module_switch":
        os.kill(os.getpid(), signal.SIGKILL)
    return await real(table, *given)
arriving._fill = killed
"""


@pytest.fixture
def elsewhere(environ, tmp_path):
    """From now on commands are run on another machine, where nothing is yet."""

    def go() -> None:
        environ["PARVIS_TERRITORY"], environ["PARVIS_DATA"] = str(tmp_path / "towns"), str(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").mkdir()

    return go


def test_a_town_is_archived_here_and_read_in_there(command, environ, tmp_path, elsewhere):
    environ["PARVIS_TERRITORY"] = str(copytree(town_folder(), tmp_path / "first"))
    assert command("modules", "on", "disposal", "--town", "parvis", "--reason", "Tests").returncode == 0
    made = command("towns", "archive", "parvis", "set")
    assert (made.returncode, without_settings(made.stderr)) == (0, "")
    digest = made.stdout.rpartition(": ")[2].strip()
    elsewhere()
    assert "not the one whose sha256" in said_in_a_sentence(command("towns", "read", "set", "--sums", "0" * 64))
    killed = command("towns", "read", "set", "--sums", digest, after=KILLED)
    assert killed.returncode < 0, killed.stderr
    with closing(sqlite3.connect(tmp_path / "elsewhere/parvis.sqlite")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM module_switch").fetchone() == (0,)
    done = command("towns", "read", "set", "--sums", digest)
    assert done.returncode == 0, done.stderr
    nobody = ("people", "password", "ana@parvis.example", "--password", "une phrase assez longue")
    assert "there is no account ana@parvis.example" in said_in_a_sentence(command(*nobody))
    assert "parvis is imported: 0 requests, " in done.stdout
    assert "is here already" in said_in_a_sentence(command("towns", "read", "set"))
    assert os.listdir(tmp_path / "towns") == ["parvis"]
