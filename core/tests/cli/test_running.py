"""What `parvis serve`, `work` and `migrate` say when they cannot: one sentence, exit code 1, no trace."""

import json
import shutil
import signal
import subprocess

import pytest

from parvis_testing.commands import HANGS, LATER, PROGRAM, said_in_a_sentence, take_a_later_step

pytestmark = pytest.mark.slow  # a process of its own for each


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("work",)])
def test_a_database_that_was_not_prepared_is_not_served(command, tmp_path, words):
    (tmp_path / "parvis.sqlite").touch()
    assert "run `parvis migrate`" in said_in_a_sentence(command(*words))


def test_one_to_which_a_later_version_has_only_added_is_gone_on_with(command, database):
    take_a_later_step(database, stops=False)
    ran = command("migrate")
    assert (ran.returncode, ran.stdout) == (0, "the database is up to date\n")


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
    """Otherwise every stop looks like a crash of Python in the log, and leaves a core file."""
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


def test_what_a_command_prints_holds_nothing_of_the_log(command, tmp_path, environ, database):
    """A key goes into a variable, rules in force into a file."""
    towns = shutil.copytree(environ["PARVIS_TERRITORY"], tmp_path / "towns")
    with (towns / "parvis" / "jurisdiction.toml").open("a") as file:
        file.write("\n[tides]\nhours = 6\n")
    environ["PARVIS_TERRITORY"] = str(towns)
    unknown = command("tokens", "make", "Pont", "--jurisdiction", "parvis", "--unit", "x", "--scope", "requests:read")
    assert (unknown.returncode, "parvis has no unit 'x'" in unknown.stderr) == (1, True)
    made = command("tokens", "make", "Pont", "--jurisdiction", "parvis", "--scope", "requests:read")
    assert "tides" in made.stderr, made.stderr
    (key,) = made.stdout.splitlines()
    assert key.split() == [key]
