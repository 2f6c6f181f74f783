"""What `parvis serve`, `work`, `migrate` and `demo` say when they cannot: one sentence, exit code 1, no trace."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from parvis import clock
from parvis.demo import town_folder

pytestmark = pytest.mark.slow  # a process of its own for each
LATER = "2031-01-01T00:00:00:000000"


PROGRAM = [sys.executable, "-c", "from parvis.cli import main; main()"]
HANGS = 120  # seconds after which a process is taken to hang, however busy the machine


@pytest.fixture
def environ(tmp_path, surroundings) -> dict[str, str]:
    """The demo's towns on a SQLite file of this folder."""
    return surroundings | {
        **clock.variables(),
        "PARVIS_TERRITORY": str(town_folder()),
        "PARVIS_SECRET_KEY": "s" * 40,
        "PARVIS_DATA": str(tmp_path),
    }


@pytest.fixture
def command(tmp_path, environ):
    """`command("serve", ...)` runs the command as a process of its own."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=HANGS
        )

    return run


@pytest.fixture
def database(tmp_path, migrated_template, on_postgres):
    """A migrated SQLite file where the command looks for one."""
    if on_postgres:
        pytest.skip("the demo and the first steps are on SQLite")
    file = tmp_path / "parvis.sqlite"
    shutil.copyfile(migrated_template.removeprefix("sqlite:///"), file)
    return file


def children_of(pid: int, words: str) -> list[int]:
    """The processes that this one started, with these words in their command."""
    every = [Path("/proc") / each for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [int(each.name) for each in every if words in (each / "cmdline").read_text()]


def take_a_later_step(file):
    with sqlite3.connect(file) as connection:
        connection.execute(
            "INSERT INTO migration (name, app_name, ran_on) VALUES (?, 'parvis', ?)", (LATER, "2031-01-01 00:00:00")
        )
    connection.close()


def said_in_a_sentence(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert ran.stderr.startswith("parvis: ")
    return ran.stderr


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("work",)])
def test_a_database_that_was_not_prepared_is_not_served(command, tmp_path, words):
    (tmp_path / "parvis.sqlite").touch()
    assert "run `parvis migrate`" in said_in_a_sentence(command(*words))


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("work",), ("migrate",)])
def test_a_database_of_a_later_version_is_left_alone(command, database, words):
    take_a_later_step(database)
    said = said_in_a_sentence(command(*words))
    assert LATER in said
    assert "install that version or restore a backup made before" in said


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("work",)])
def test_a_database_that_is_not_there_is_not_made_by_serving(command, tmp_path, words):
    assert str(tmp_path / "parvis.sqlite") in said_in_a_sentence(command(*words))
    assert not (tmp_path / "parvis.sqlite").exists()


def test_a_demo_of_a_later_version_may_be_begun_anew(command, tmp_path, database):
    folder = tmp_path / "demo"
    folder.mkdir()
    database.rename(folder / "parvis.sqlite")
    (folder / "secret").write_text("s" * 40)
    (folder / "ready").touch()
    take_a_later_step(folder / "parvis.sqlite")
    assert "begin anew with --reset" in said_in_a_sentence(command("demo", "--port", "0", "--folder", "demo"))


def test_a_settings_file_given_to_the_demo_is_refused_by_name_and_not_ignored(command, tmp_path):
    (tmp_path / "town.toml").write_text('log = "json"')
    ran = command("--settings", "town.toml", "demo", "--port", "0")
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "the demo has settings of its own: leave out --settings town.toml" in ran.stderr
    assert not (tmp_path / ".parvis-demo").exists()


@pytest.mark.parametrize("words", [(), ("--reset",)])
def test_the_data_of_a_real_town_survives_a_demo_by_mistake(command, tmp_path, database, words):
    said = said_in_a_sentence(command("demo", "--port", "0", "--folder", ".", *words))
    assert "holds the data of something else" in said
    assert database.stat().st_size > 0


def test_a_folder_that_is_a_file_is_named(command, tmp_path):
    (tmp_path / "demo").write_text("a file")
    ran = command("demo", "--port", "0", "--folder", "demo/inside")
    assert "name another with --folder" in said_in_a_sentence(ran)


def test_a_port_in_use_is_named_before_anything_is_prepared(command, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = said_in_a_sentence(command("demo", "--port", port))
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert not (tmp_path / ".parvis-demo").exists()


def test_a_demo_is_connected_to_its_road_crews_and_ends_in_good_order(environ, tmp_path, database):
    pytest.importorskip("parvis_webhooks")
    folder = tmp_path / "demo"
    folder.mkdir()
    database.rename(folder / "parvis.sqlite")
    (folder / "secret").write_text("s" * 40)
    (folder / "ready").touch()
    words = ("demo", "--port", "0", "--folder", "demo")
    process = subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        welcome = list(takewhile(lambda line: "Ctrl-C" not in line, process.stdout))
        [address] = [line.split()[-1] for line in welcome if "/demo/equipes" in line]
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as browser:  # it says so before it listens
            assert browser.get(address, timeout=30).status_code == 200
        [worker] = children_of(process.pid, "parvis.working")
        process.send_signal(signal.SIGINT)
        assert "À bientôt" in process.communicate(timeout=HANGS)[0]
        assert not Path(f"/proc/{worker}").exists(), "the worker of the demo outlived it"
        assert process.returncode == 0
    finally:
        process.kill()


@pytest.mark.parametrize(("words", "begun"), [(("serve", "--port", "0"), "serving"), (("work",), "working")])
def test_the_log_tells_when_a_process_begins_and_that_it_ended_in_good_order(environ, tmp_path, database, words, begun):
    process = subprocess.Popen(
        [*PROGRAM, *words], cwd=tmp_path, env=environ | {"PARVIS_LOG": "json"}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert json.loads(process.stderr.readline())["event"] == begun
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=HANGS)[1]
    assert process.returncode == 0
    assert json.loads(said.splitlines()[-1])["event"] == "stopped"


def test_the_worker_beside_a_web_process_ends_with_it_without_a_crash_in_the_log(environ, tmp_path, database):
    """Else every stop looks like a crash of Python to whoever watches the log, and leaves a core file."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0"],
        cwd=tmp_path,
        env=environ | {"PARVIS_LOG": "json"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        while json.loads(process.stderr.readline())["event"] != "working":
            pass
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=HANGS)[1]
    finally:
        process.kill()
    assert "Fatal Python error" not in said
    assert all(json.loads(line)["level"] == "info" for line in said.splitlines()), said
    assert process.returncode == 0
