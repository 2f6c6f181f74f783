"""`parvis migration` as operators run it: its words and its exit codes."""

import json
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from parvis_testing.commands import PROGRAM

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # processes of their own
ROWS = 500
FILE = str(Path(__file__).parents[1] / "files/montreal.csv")


def test_a_file_is_looked_at_and_tried(command, tmp_path):
    off = command("migration", "look", FILE, "--town", "parvis")
    assert off.returncode == 1
    assert last_of(off).startswith("parvis: le module n’est pas en service à parvis\u00a0: ")
    off = command("migration", "look", FILE, "--town", "parvis", "--language", "en")
    assert last_of(off).startswith("parvis: the module is off in parvis: ")
    command("modules", "on", "migration", "--town", "parvis", "--reason", "Tests")
    mapping, report = str(tmp_path / "mapping.toml"), tmp_path / "report.csv"
    looked = command("migration", "look", FILE, "--town", "parvis", "--out", mapping)
    assert (looked.returncode, looked.stdout) == (0, "")
    read_as = "csv, utf-8-sig, cellules séparées par ','\u00a0: 40 lignes, 9 colonnes, 0 illisibles"
    assert read_as in looked.stderr.splitlines()
    tried = command(
        *("migration", "try", FILE, "--town", "parvis", "--mapping", mapping, "--report", str(report)),
        *("--language", "en"),
    )
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout.startswith("rows read: 40; accounted for: 40\n        40 new\n")
    assert {line.partition(",")[0] for line in report.read_text("utf-8").splitlines()[1:]} == set(
        map(str, range(2, 42))
    )
    again = command("migration", "look", FILE, "--town", "parvis", "--out", mapping)
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_a_run_that_was_killed_goes_on_and_brings_each_row_in_once(command, environ, database, tmp_path):
    command("modules", "on", "migration", "--town", "parvis", "--reason", "Tests")
    file, mapping, report = tmp_path / "old.csv", tmp_path / "old.toml", tmp_path / "report.csv"
    rows = [f"P-{number},Trou,Fermée,2019-03-04,2019-03-05" for number in range(ROWS)]
    file.write_text("\n".join(("number,type,state,submitted,closed", *rows)), "utf-8")
    command("migration", "look", str(file), "--town", "parvis", "--out", str(mapping))
    words = ("migration", "run", str(file), "--town", "parvis", "--mapping", str(mapping), "--by", "Henri")
    with subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL) as running:
        until = time.monotonic() + 180  # a crowded machine takes a minute to begin
        while count_in(database) < ROWS * 0.4 and time.monotonic() < until:
            time.sleep(0.01)
        running.kill()
    killed_at = count_in(database)
    assert ROWS * 0.4 <= killed_at < ROWS
    done = command(*words, "--report", str(report), "--language", "en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"old-1: {ROWS} requests\nrows read: {ROWS}; accounted for: {ROWS}\n")
    assert f"{killed_at:>8} already imported, unchanged" in done.stdout
    assert count_in(database) == ROWS
    assert "old-1\u00a0: old.csv" in command("migration", "batches", "--town", "parvis").stdout
    listed = command("migration", "due", "old-1", "--town", "parvis", "--seen-by", "Henri").stdout.splitlines()
    assert listed[-1].startswith("conservation écoulée\u00a0: ")
    back = command("migration", "undo", "old-1", "--town", "parvis", "--by", "Henri")
    assert (back.returncode, back.stdout) == (0, f"requêtes retirées\u00a0: {ROWS}; qui restent\u00a0: 0\n")
    assert count_in(database) == 0


def last_of(ran):
    """The last line beside its output: settings of modules that are not installed may be told before it."""
    return ran.stderr.splitlines()[-1]


def count_in(database):
    with sqlite3.connect(database, timeout=60) as connection:
        [number] = connection.execute("SELECT count(*) FROM service_request").fetchone()
    connection.close()
    return number


def test_lines_of_json_come_in_as_they_are(command, database, tmp_path):
    line = {"key": "P-1", "type": "pothole", "submitted_at": "2019-03-04T09:00:00-05:00"}
    (tmp_path / "old.jsonl").write_text(json.dumps(line) + "\n\nnothing\n", "utf-8")
    done = command("requests", "import", "old.jsonl", "--town", "parvis", "--source", "old")
    assert (done.returncode, done.stdout) == (1, "1 in, 1 refused\n")
    assert last_of(done).startswith("line 3: ")
    assert count_in(database) == 1
