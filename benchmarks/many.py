"""Four web processes and four workers behind a proxy and a pooler, killed in turn; then a primary that dies."""

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from tests.resilience.many_machines import (
    Installation,
    Killed,
    Pair,
    Played,
    installed,
    outcome,
    paired,
    play,
    program,
    unexplained,
    until_told,
)
from tests.resilience.test_pooler import AS_IT_IS_TO_BE, SHIPPED

from benchmarks.bounds import bounded
from benchmarks.tables import table
from benchmarks.towns import folder, postgres
from parvis_testing.databases import Pooler

PEOPLE, EACH, KILLED_EVERY = 8, 30, 2.0
FAILS_OVER_AFTER = 10.0
LONGEST = 900.0  # seconds until all is told
SEED = 20261201
BINARIES = Path("/usr/lib/postgresql")


async def measure() -> str:
    """Both rehearsals, where PostgreSQL, HAProxy and PgBouncer are installed."""
    servers = _installed()
    if not servers or not program("haproxy") or not program("pgbouncer"):
        return "## Many machines\n\nPostgreSQL, HAProxy or PgBouncer is not installed here."
    rows = [await _killed(), await _failed_over(servers[-1])]
    titles = [
        "what happens",
        "answers",
        "failed: cut off by a kill, told to come back, neither",
        "slowest answer, s",
        "requests acknowledged, lost, made twice",
        "letters sent twice, missing",
        "all told so long after, s",
    ]
    words = (
        f"{PEOPLE} people file {EACH} requests each, read lists and move what they filed, all by one address. Who "
        "gets no answer, or 503, sends again with the same key. Everything runs on one machine, the people too.\n\n"
    )
    return "## Many machines\n\n" + words + table(titles, rows)


def _installed() -> list[Path]:
    return sorted(BINARIES.glob("*/bin"), key=lambda each: int(each.parent.name))


async def _killed() -> list[object]:
    with folder() as place, postgres() as server:
        async with pooled(str(server)) as urls, installed(place.resolve(), *urls, people=PEOPLE) as installation:
            killing = installation.kill_in_turn(KILLED_EVERY, random.Random(SEED))
            row = await _row(installation, killing, lambda: _kills(installation))
            return row


def _kills(installation: Installation) -> str:
    kinds = Counter(each.name.partition(" ")[0] for each in installation.killed)
    first, last = installation.killed[0].at, installation.killed[-1].at
    every = (last - first) / max(1, len(installation.killed) - 1)
    return f"{kinds['web']} web processes and {kinds['worker']} workers killed, one every {every:.1f} s"


async def _failed_over(binaries: Path) -> list[object]:
    with folder() as place:
        async with paired(binaries) as pair, installed(place.resolve(), pair.url, people=PEOPLE) as installation:
            return await _row(installation, pair.fail_over(FAILS_OVER_AFTER), lambda: _changed(pair))


def _changed(pair: Pair) -> str:
    return f"the primary is killed, its standby promoted {pair.promoted - pair.died:.1f} s later"


async def _row(installation: Installation, trouble: Coroutine[Any, Any, None], said: Callable[[], str]) -> list[object]:
    played = await play(installation, EACH, trouble, SEED)
    killed, what = tuple(installation.killed), said()
    told = await until_told(installation.settings, LONGEST)
    found = await outcome(installation.settings, played.acknowledged)
    lost = bounded("many: acknowledged and lost", len(found.lost), 0, "{:.0f}")
    twice = bounded("many: made twice by one key", found.strangers, 0, "{:.0f}")
    letters = bounded("many: letters sent twice", len(found.twice), 0, "{:.0f}")
    untold = bounded("many: letters missing", len(found.untold), 0, "{:.0f}")
    return [
        what,
        f"{played.answered:,}",
        _failures(played, killed),
        f"{played.longest:.1f}",
        f"{len(played.acknowledged)}, {lost}, {twice}",
        f"{letters}, {untold}",
        f"{told:.0f}",
    ]


def _failures(played: Played, killed: Sequence[Killed]) -> str:
    strange = unexplained(played.failed, killed)
    back = [each for each in played.failed if each.retry_after]
    cut_off = len(played.failed) - len(back) - len(strange)
    return f"{cut_off}, {len(back)}, {bounded('many: failed without a reason', len(strange), 0, '{:.0f}')}"


@asynccontextmanager
async def pooled(server: str) -> AsyncIterator[tuple[str, str]]:
    """The address of a pooler before this database, and its own; the role has the limits, as it should."""
    base, _, name = server.rpartition("/")
    connection = await asyncpg.connect(server)
    await connection.execute(AS_IT_IS_TO_BE)
    await connection.close()
    place = Path(tempfile.mkdtemp(prefix="bench-pooler-"))
    pooler = Pooler(program("pgbouncer") or "pgbouncer", str(place), base, SHIPPED)
    try:
        pooler.start()
        yield f"{pooler.url}/{name}", server
    finally:
        pooler.stop()
        shutil.rmtree(place, ignore_errors=True)
