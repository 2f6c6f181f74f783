"""The command that runs the tests at hard moments: each is what its name says, and every process lives there."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SAYS = """
import subprocess, sys
from parvis import clock

def test_where_it_lives():
    there = [sys.executable, "-c", "from parvis import clock; print(clock.now().isoformat())"]
    child = subprocess.run(there, capture_output=True, check=True, text=True).stdout
    print("LIVES", clock.now().isoformat(), child)
"""


@pytest.fixture
def hard(monkeypatch):
    monkeypatch.syspath_prepend(HERE)
    return pytest.importorskip("hard_moments")


def test_each_moment_is_the_next_one_that_its_name_says(hard):
    found = hard.moments(NOW)
    said = {name: f"{at.astimezone(hard.TOWN):%a %Y-%m-%d %H:%M %Z}" for name, at in found.items()}
    assert said == {
        "saturday": "Sat 2026-12-05 12:00 EST",
        "sunday": "Sun 2026-12-06 12:00 EST",
        "national-holiday": "Thu 2027-06-24 12:00 EDT",
        "new-years-eve": "Thu 2026-12-31 23:50 EST",
        "leap-day": "Tue 2028-02-29 12:00 EST",
        "spring-forward": "Sun 2027-03-14 01:55 EST",
        "fall-back": "Sun 2027-11-07 01:55 EDT",
        "greenwich": "Tue 2026-12-01 19:01 EST",
        "other-order": "Sun 2026-11-29 07:00 EST",
    }
    again = hard.moments(found["spring-forward"] + timedelta(days=1))
    assert [f"{again[name]:%Y-%m}" for name in ("spring-forward", "fall-back")] == ["2028-03", "2027-11"]


def test_a_test_and_what_it_starts_live_at_the_moment(tmp_path):
    (tmp_path / "test_says.py").write_text(SAYS)
    command = [
        sys.executable,
        HERE / "hard_moments.py",
        "--clock=parvis",
        "--moment=leap-day",
        "-s",
        "-q",
        "-c",
        "/dev/null",
        tmp_path,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    _, own, child = next(line for line in done.stdout.splitlines() if line.startswith("LIVES")).split()
    assert own[4:10] == child[4:10] == "-02-29"
    assert "leap-day           passed" in done.stdout


def test_what_fails_at_one_moment_fails_the_run(tmp_path):
    weekend = "from parvis import clock\ndef test_day():\n    assert clock.now().weekday() < 5\n"
    (tmp_path / "test_weekend.py").write_text(weekend)
    chosen = ["--clock=parvis", "--moment=sunday", "--moment=greenwich"]
    command = [sys.executable, HERE / "hard_moments.py", *chosen, "-q", "-c", "/dev/null", tmp_path]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "sunday             pytest ended with 1\ngreenwich          passed" in done.stdout


def test_another_order_of_files_keeps_the_tests_of_each_together(pytestconfig, monkeypatch):
    from types import SimpleNamespace

    items = [SimpleNamespace(path=Path(f"{file}.py"), number=number) for file in "abcdefgh" for number in range(3)]
    monkeypatch.setenv("PARVIS_TEST_ORDER", "2026-11-29")
    shuffled = pytestconfig.pluginmanager.getplugin(str(pytestconfig.rootpath / "conftest.py")).in_order_of_files(items)
    assert [each.path for each in shuffled] != [each.path for each in items]
    assert sorted(shuffled, key=lambda each: each.path) == items
    assert [each.number for each in shuffled] == [0, 1, 2] * 8


def test_another_order_is_one_of_rows_too(request, monkeypatch, on_postgres):
    """Files of a message stood in another order on PostgreSQL, now and then; no test on SQLite could see it."""
    if on_postgres:
        pytest.skip("PostgreSQL has an order of its own")
    from parvis.db.binding import running
    from parvis.db.tables import Chore

    async def turned(url):
        async with running(url):
            return await Chore.raw("PRAGMA reverse_unordered_selects")

    monkeypatch.setenv("PARVIS_TEST_ORDER", "2026-11-29")
    assert asyncio.run(turned(request.getfixturevalue("database_url"))) == [{"reverse_unordered_selects": 1}]
