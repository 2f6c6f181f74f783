"""What runs on PostgreSQL is chosen by what each test did on SQLite: nothing that is done goes there untried."""

import configparser
import os
import subprocess
import sys
from collections import Counter

import pytest

from parvis.db import transaction
from parvis.db.tables import Chore
from parvis.outbox.clock_watch import database_time
from parvis_testing.chosen_for_postgres import not_needed
from parvis_testing.recorded_statements import RecordedTest, Recorder, listen, shape_of

PLUGINS = ("machine", "databases", "recorded_statements", "chosen_for_postgres")
PLANTED = """
import asyncio, pytest
from parvis.db import transaction
from parvis.db.tables import Chore, Circuit

pytestmark = [pytest.mark.database, pytest.mark.anyio]

@pytest.fixture
def anyio_backend():
    return "asyncio"

async def test_the_first_migrates(database):
    await Chore.count()

@pytest.mark.parametrize("number", range(4))
async def test_chores(database, number):
    await Chore.count()

async def test_the_only_one_that_counts_circuits(database):
    await Circuit.count()

@pytest.mark.both_engines
async def test_marked(database):
    await Chore.count()

async def test_looks_at_its_engine(database, on_postgres):
    await Chore.count()

async def test_two_units_at_once(database):
    async def unit():
        async with transaction(database):
            await Chore.count()
    await asyncio.gather(unit(), unit())

async def test_fails(database):
    await Chore.count()
    assert FAILS == 0
"""

SERVED = """
import subprocess, sys, pytest

@pytest.fixture(scope="session")
def town():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()

def test_of_a_browser(town):
    assert town.pid
"""


@pytest.fixture
def run(tmp_path):
    """A run of planted tests: on SQLite, or only collected for PostgreSQL; what pytest said."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    database\n    both_engines\n")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "PYTEST_"))}

    def run(*more: str, fails: int = 0, processes: int = 0, **environ: str) -> str:
        (tmp_path / "test_planted.py").write_text(PLANTED.replace("FAILS", str(fails)))
        environ = {**surroundings, "PARVIS_TEST_STATEMENTS": str(tmp_path / "did"), **environ}
        plugins = [f"-pparvis_testing.{name}" for name in PLUGINS]
        command = [sys.executable, "-m", "pytest", "-q", f"-n{processes}", *plugins, *more, "test_planted.py"]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert done.returncode == bool(fails and not more), done.stdout + done.stderr
        return done.stdout

    return run


def chosen(said: str) -> Counter[str]:
    lines = [line for line in said.splitlines() if "::" in line]
    return Counter(line.rpartition("::")[2].partition("[")[0] for line in lines)


def test_what_two_others_do_is_left_out_and_what_one_alone_does_is_not(run):
    run(processes=1)
    said = run("--collect-only", PARVIS_TEST_POSTGRES="1")
    assert chosen(said) == {
        "test_the_first_migrates": 1,
        "test_the_only_one_that_counts_circuits": 1,
        "test_marked": 1,
        "test_looks_at_its_engine": 1,
        "test_two_units_at_once": 1,
    }
    assert "left out 5 of 10 tests" in said


def test_a_test_that_failed_has_shown_nothing(run):
    run(fails=1)
    assert chosen(run("--collect-only", fails=1, PARVIS_TEST_POSTGRES="1"))["test_fails"] == 1


def test_a_town_that_is_served_until_the_run_ends_is_beside_none_of_the_tests_that_follow(run, tmp_path):
    (tmp_path / "test_served.py").write_text(SERVED)
    run("test_served.py")
    assert "left out 5 of 10 tests" in run("--collect-only", PARVIS_TEST_POSTGRES="1")


def test_without_a_record_everything_runs(run):
    said = run("--collect-only", PARVIS_TEST_POSTGRES="1")
    assert chosen(said).total() == 10
    assert "left out 0 of 10 tests" in said
    assert "10 without a record" in said


def test_a_test_that_is_new_since_then_runs(run, tmp_path):
    run("-k", "not circuits")
    assert chosen(run("--collect-only", PARVIS_TEST_POSTGRES="1"))["test_the_only_one_that_counts_circuits"] == 1


def test_who_asks_for_no_choice_gets_none(run):
    run()
    said = run("--collect-only", PARVIS_TEST_POSTGRES="1", PARVIS_TEST_STATEMENTS="")
    assert chosen(said).total() == 10
    assert "left out" not in said


def did(name: str, *traits: int, seconds: float = 1) -> RecordedTest:
    return RecordedTest(name, seconds, [*traits], [])


def test_of_several_that_do_the_same_the_two_quickest_stay():
    records = {
        each.test: each for each in (did("a", 1, seconds=3), did("b", 1), did("c", 1, seconds=2), did("d", 1, 2))
    }
    assert not_needed(records, ()) == {"a", "c"}
    assert not_needed(records, {"a"}) == {"b", "c"}


def test_each_thing_is_done_by_two_tests_where_there_are_two():
    records = {f"t{n}": did(f"t{n}", *{n * k % 17 for k in range(1, 5)}, seconds=n % 7) for n in range(60)}
    out = not_needed(records, ())
    before = Counter(trait for each in records.values() for trait in each.traits)
    after = Counter(trait for name, each in records.items() if name not in out for trait in each.traits)
    assert out
    assert all(after[trait] >= min(2, before[trait]) for trait in before)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM b WHERE c IN ($1, $2, $3)", "SELECT a FROM b WHERE c IN (?)"),
        ("INSERT INTO b (a, c) VALUES (?, ?), (?, ?)", "INSERT INTO b (a, c) VALUES ($1, $2)"),
        ("SELECT a FROM b LIMIT 10 OFFSET 20", "SELECT a FROM b LIMIT 5 OFFSET 0"),
    ],
)
def test_lists_rows_and_pages_make_no_other_statement(one, other):
    assert shape_of(one).text == shape_of(other).text


def test_values_of_a_list_share_a_slot_and_those_of_rows_their_columns():
    assert shape_of("SELECT a FROM b WHERE c = ? AND d IN (?, ?) AND e = ?").slots == (0, 1, 1, 2)
    assert shape_of("INSERT INTO b (a, c) VALUES (?, ?), (?, ?)").slots == (0, 1, 0, 1)


async def test_what_a_test_does_is_known_by_statement_place_types_and_questions(database, monkeypatch):
    recorder = Recorder()
    listen(recorder, monkeypatch)
    recorder.begin()
    await database_time(database)
    async with transaction(database):
        await Chore.update({Chore.name: "feed the cat"}).where(Chore.name == "feed")
    recorded = recorder.end("this", 0.1)
    assert recorded.alike
    assert any(each.startswith("asks | parvis/outbox/clock_watch.py:") for each in recorded.new)
    (update,) = (each for each in recorded.new if ' UPDATE "chore"' in each)
    assert update.endswith(" | a test | inside")
    assert f"{update.partition(' ')[0]} | value 0 | str" in recorded.new
    recorder.begin()
    assert recorder.end("another", 0.1).traits == []


def test_tox_records_in_the_folder_that_it_empties_and_only_where_both_engines_run(pytestconfig):
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(pytestconfig.rootpath / "tox.ini")
    assert "PARVIS_TEST_STATEMENTS = {env_tmp_dir}{/}" in tox["testenv:house"]["set_env"]
    assert ["POSTGRES" in line for line in tox["testenv:house"]["commands"].split("\n")[1:]] == [False, True]
    assert "PARVIS_TEST_STATEMENTS" not in tox["testenv:postgres"]["set_env"]
