"""`parvis demo`: what it says when it cannot, and that it ends in good order."""

import signal
import socket
import subprocess
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from parvis_testing.commands import HANGS, PROGRAM, children_of, said_in_a_sentence, take_a_later_step

pytestmark = pytest.mark.slow  # a process of its own for each


def test_a_demo_of_a_later_version_may_be_begun_anew(command, tmp_path, database):
    folder = tmp_path / "demo"
    folder.mkdir()
    database.rename(folder / "parvis.sqlite")
    (folder / "secret").write_text("s" * 40)
    (folder / "ready").touch()
    take_a_later_step(folder / "parvis.sqlite")
    assert "start over with --reset" in said_in_a_sentence(command("demo", "--port", "0", "--folder", "demo"))


def test_a_settings_file_given_to_the_demo_is_refused_by_name_and_not_ignored(command, tmp_path):
    (tmp_path / "town.toml").write_text('log = "json"')
    ran = command("--settings", "town.toml", "demo", "--port", "0")
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "the demo has settings of its own: leave out --settings town.toml" in ran.stderr
    assert not (tmp_path / ".parvis-demo").exists()


@pytest.mark.parametrize("words", [(), ("--reset",)])
def test_the_data_of_a_real_town_survives_a_demo_by_mistake(command, tmp_path, database, words):
    said = said_in_a_sentence(command("demo", "--port", "0", "--folder", ".", *words))
    assert "contains other data" in said
    assert database.stat().st_size > 0


def test_a_folder_that_is_a_file_is_named(command, tmp_path):
    (tmp_path / "demo").write_text("a file")
    ran = command("demo", "--port", "0", "--folder", "demo/inside")
    assert "name another with --folder" in said_in_a_sentence(ran)


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_port_in_use_is_named_before_anything_is_prepared(command, environ, tmp_path, by_variable):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        if by_variable:
            environ["PARVIS_PORT"] = port
        said = said_in_a_sentence(command("demo", *(() if by_variable else ("--port", port))))
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
    named = {**environ, "PARVIS_SETTINGS": str(tmp_path / "not-there.toml")}  # as a container names one, there or not
    process = subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, env=named, stdout=subprocess.PIPE, text=True)
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
