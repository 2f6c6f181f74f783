"""Four web processes and four workers behind HAProxy, one of them killed after the other; then their primary dies."""

import asyncio
import random
import tempfile

import pytest

from parvis_testing.databases import Pooler
from parvis_testing.machine import missing

from .many_machines import (
    Failed,
    Killed,
    installed,
    outcome,
    paired,
    play,
    program,
    told_hours_later,
    unexplained,
)
from .test_pooler import AS_IT_IS_TO_BE, SHIPPED

pytestmark = pytest.mark.slow
PEOPLE, EACH, KILLED_EVERY = 6, 6, 1.0
STUCK_SECONDS = 600.0


@pytest.fixture(scope="module")
def programs(request):
    found = {name: program(name) for name in ("pgbouncer", "haproxy")}
    for name, path in found.items():
        if path is None:
            missing(request.config, name)
    return found


@pytest.fixture
def pooled(programs, postgres_server):
    postgres_server.execute("postgres", "CREATE DATABASE many")
    postgres_server.execute("postgres", AS_IT_IS_TO_BE)
    with tempfile.TemporaryDirectory(prefix="parvis-pooler-") as folder:
        pooler = Pooler(programs["pgbouncer"], folder, postgres_server.url, SHIPPED)
        pooler.start()
        yield f"{pooler.url}/many", f"{postgres_server.url}/many"
        pooler.stop()
    postgres_server.execute("postgres", "ALTER ROLE parvis RESET ALL")


@pytest.fixture
def seed():
    made = random.SystemRandom().randrange(2**32)
    print(f"chance: {made}")  # noqa: T201 - shown when the test fails
    return made


async def all_is_there_and_told(settings, played):
    await told_hours_later(settings)
    found = await outcome(settings, played.acknowledged)
    assert len(played.acknowledged) >= PEOPLE * EACH
    assert (found.lost, found.strangers, found.twice, found.untold, found.waiting) == ([], 0, [], [], 0)


@pytest.mark.parametrize(
    ("began", "ended", "explained"), [(1.0, 2.5, True), (2.02, 2.03, True), (2.1, 2.2, False), (1.0, 1.9, False)]
)
def test_what_reaches_a_process_that_is_dying_is_cut_off_too(began, ended, explained):
    failed = Failed(began=began, ended=ended, method="POST", said="502", retry_after=False)
    killed = [Killed(name="web 8001", at=2.0, gone=2.05), Killed(name="worker 0", at=0.0, gone=9.0)]
    assert (unexplained([failed], killed) == []) is explained


async def test_nothing_acknowledged_is_lost_and_only_who_was_cut_off_asks_again(pooled, tmp_path, seed):
    async with installed(tmp_path, *pooled, people=PEOPLE) as installation, asyncio.timeout(STUCK_SECONDS):
        killing = installation.kill_in_turn(KILLED_EVERY, random.Random(seed))
        played = await play(installation, EACH, killing, seed)
        killed = tuple(installation.killed)
    print(f"{len(killed)} killed, {len(played.failed)} of {played.answered} failed")  # noqa: T201
    assert killed
    await all_is_there_and_told(installation.settings, played)
    assert unexplained(played.failed, killed) == []


async def test_when_the_primary_dies_all_is_there_on_the_other_and_people_are_told_to_come_back(
    programs, postgres_server, tmp_path, seed
):
    given = {"people": PEOPLE, "webs": 2, "workers": 2}
    async with paired(postgres_server.binaries) as pair:
        async with installed(tmp_path, pair.url, **given) as installation, asyncio.timeout(STUCK_SECONDS):
            played = await play(installation, EACH, pair.fail_over(after=1.0), seed)
        assert pair.promoted
        print(f"{len(played.failed)} of {played.answered} failed")  # noqa: T201
        await all_is_there_and_told(installation.settings, played)
        assert {(each.said, each.retry_after) for each in played.failed} <= {("503", True)}
