"""`parvis backup` and `parvis restore` as cron and operators run them: their words, their exit codes, killed, full."""

import os
import resource
import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta

import pyrage
import pytest

from parvis import clock
from parvis_backups.sets import read_manifest, sets_in
from parvis_testing.commands import PROGRAM, said_in_a_sentence

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # processes of their own

KILLED_IN = """
import os, signal
from parvis_backups import making
def killed(*given, **more):
    os.kill(os.getpid(), signal.SIGKILL)
making.{step} = killed
"""
SIGNED_IN = "INSERT INTO session (token_digest, agent, made_at, seen_at, ends_at) VALUES ('d', 'a', 0, 0, 0)"
LIMIT = 1_000_000  # bytes that a process may write into one file: less than an empty database has


@pytest.fixture
def identity(tmp_path):
    """A private key, kept away from the machine that makes backups."""
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "identity").write_text(f"# of the safe\n{made}\n")
    return made


def test_one_command_makes_a_verified_set_and_says_so_in_one_line(command, tmp_path, identity):
    made = command("backup", "make", "sets", "--recipient", str(identity.to_public()))
    assert (made.returncode, made.stderr) == (0, "")
    (folder,) = sets_in(tmp_path / "sets")
    assert made.stdout.count("\n") == 1
    assert made.stdout.startswith(f"{folder}: 0 requests, 0 files (0 new), ")
    assert made.stdout.endswith(", keys sealed (recipients)\n")
    assert folder.stat().st_mode & 0o077 == 0
    assert command("backup", "verify", str(folder)).stdout == f"{folder} is whole: 0 requests, 0 files\n"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    alone = subprocess.run(
        [*PROGRAM, "backup", "verify", folder], env=clean, cwd=folder, capture_output=True, text=True, check=False
    )
    assert (alone.returncode, "there is no secret_key here" in alone.stdout) == (0, True)
    (folder / "files.txt").write_text("x")
    assert "is not whole" in command("backup", "verify", str(folder)).stderr


def test_keys_are_opened_only_by_who_may(command, environ, tmp_path, identity):
    (tmp_path / "secret").write_text("k" * 40)
    (tmp_path / "password").write_text("of the mail server")
    (tmp_path / "parvis.toml").write_text(
        f'territory = "{environ.pop("PARVIS_TERRITORY")}"\nsecret_key_file = "secret"\n'
    )
    del environ["PARVIS_SECRET_KEY"]
    environ["PARVIS_NOTIFY_PASSWORD_FILE"] = str(tmp_path / "password")
    assert command("backup", "make", "sets", "--recipient", str(identity.to_public())).returncode == 0
    (folder,) = sets_in(tmp_path / "sets")
    for part in folder.iterdir():
        assert part.is_dir() or b"k" * 40 not in part.read_bytes()
    (tmp_path / "other").write_text(str(pyrage.x25519.Identity.generate()))
    wrong = command("backup", "unpack", str(folder), "out", "--identity", "other")
    assert "the keys cannot be opened" in said_in_a_sentence(wrong)
    done = command("backup", "unpack", str(folder), "out", "--identity", "identity")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/secret").read_text() == "k" * 40
    assert (tmp_path / "out/password").read_text() == "of the mail server"
    assert "PARVIS_NOTIFY_PASSWORD_FILE=" in (tmp_path / "out/environment").read_text()
    assert (tmp_path / "out/parvis.toml").is_file()
    again = command("backup", "unpack", str(folder), "out")
    assert "lies there already" in said_in_a_sentence(again)


def test_a_passphrase_seals_too_and_another_one_opens_nothing(command, tmp_path):
    for name, words in (("right", "correct horse battery"), ("wrong", "correct horse staple!"), ("short", "horse")):
        (tmp_path / name).write_text(f"{words}\n")
    assert "12 characters" in said_in_a_sentence(command("backup", "make", "sets", "--passphrase-file", "short"))
    assert command("backup", "make", "sets", "--passphrase-file", "right").returncode == 0
    (folder,) = sets_in(tmp_path / "sets")
    wrong = command("backup", "unpack", str(folder), "out", "--passphrase-file", "wrong")
    assert "the keys cannot be opened" in said_in_a_sentence(wrong)
    assert command("backup", "unpack", str(folder), "out", "--passphrase-file", "right").returncode == 0
    assert f"PARVIS_SECRET_KEY={'s' * 40}" in (tmp_path / "out/environment").read_text()


@pytest.mark.parametrize(
    "step", ["snapshot", "named_in", "copy_contents", "pack", "write_manifest", "refuse_altered", "drop_older"]
)
def test_killed_at_any_moment_it_leaves_a_whole_set_or_none(command, tmp_path, step):
    killed = command("backup", "make", "sets", after=KILLED_IN.format(step=step))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    whole = sets_in(tmp_path / "sets")
    assert len(whole) == (step == "drop_older")
    for folder in whole:
        assert command("backup", "verify", str(folder)).returncode == 0
    if step == "snapshot":
        made = command("backup", "make", "sets", "--keep", "1")
        assert made.returncode == 0, made.stderr
        assert [each.name for each in (tmp_path / "sets").iterdir() if each.is_dir()] == [
            sets_in(tmp_path / "sets")[0].name
        ]


def test_a_disk_that_is_full_midway_makes_no_set(environ, tmp_path):
    def short_of_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    assert (tmp_path / "parvis.sqlite").stat().st_size > LIMIT
    full = subprocess.run(
        [*PROGRAM, "backup", "make", "sets"],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=short_of_room,
    )
    assert "could not be copied" in said_in_a_sentence(full)
    assert [each.name for each in (tmp_path / "sets").iterdir() if each.is_dir()] == []


def test_a_restore_elsewhere_by_command(command, environ, tmp_path):
    with closing(sqlite3.connect(tmp_path / "parvis.sqlite")) as connection, connection:
        connection.execute(SIGNED_IN)
    assert command("backup", "make", "sets").returncode == 0
    (folder,) = sets_in(tmp_path / "sets")
    refused = command("restore", str(folder), "--register", "sets/destroyed.jsonl")
    assert "is not empty: it holds" in said_in_a_sentence(refused)
    environ["PARVIS_DATA"] = str(tmp_path / "elsewhere")
    assert "name an empty" not in command("restore", str(folder)).stdout
    for closed in (command("serve", "--port", "0"), command("work")):
        assert "what was destroyed since is not destroyed again yet" in said_in_a_sentence(closed)
    assert command("restore", "--no-register", "--by", "K").returncode == 2
    done = command("restore", "--register", "sets/destroyed.jsonl")
    assert done.returncode == 0, done.stderr
    assert "0 lines of the register, 0 requests destroyed again" in done.stdout
    with closing(sqlite3.connect(tmp_path / "elsewhere/parvis.sqlite")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM session").fetchone() == (0,)
    assert command("requests", "verify").returncode == 0


def test_settings_say_what_cron_need_not(command, environ, tmp_path):
    assert "name a folder" in said_in_a_sentence(command("backup", "make"))
    environ["PARVIS_BACKUPS_FOLDER"] = str(tmp_path / "sets")
    environ["PARVIS_BACKUPS_KEEP"] = "1"
    for minutes in (0, 1):  # two sets are never of one second
        environ.update(clock.variables(timedelta(minutes=minutes)))
        made = command("backup", "make")
        assert made.returncode == 0, made.stderr
    (folder,) = sets_in(tmp_path / "sets")
    assert "without the keys" in made.stdout
    assert read_manifest(folder).keys == ""
    assert command("backup", "register").stdout == f"{tmp_path / 'sets/destroyed.jsonl'}: 0 lines\n"
