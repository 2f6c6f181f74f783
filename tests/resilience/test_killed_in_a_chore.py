"""A worker killed in the middle of a chore: another one does it a minute later, and not before."""

import asyncio
import os
import signal
import sys
from datetime import timedelta

import pytest

from parvis import clock
from parvis.outbox.clock_watch import ClockWatch
from parvis.worker.chores import LEASE, Chore, Others, do_due

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

WORKER = """
import asyncio, sys
from datetime import timedelta
from parvis.db.binding import running
from parvis.worker.chores import Chore, do_due

async def work():
    print("begun", flush=True)
    await asyncio.Event().wait()

async def main():
    async with running(sys.argv[1]) as engine:
        await do_due(engine, (Chore(name="sweeping", every=timedelta(hours=1), work=work),), "killed")

asyncio.run(main())
"""


async def test_what_a_killed_worker_held_is_done_by_another_within_a_minute(database, database_url):
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, database_url, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert worker.stdout is not None
    try:
        assert await asyncio.wait_for(worker.stdout.readline(), 120) == b"begun\n"
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.communicate()
    done = []

    async def work():
        done.append("other")
        return 1

    chores = (Chore(name="sweeping", every=timedelta(hours=1), work=work),)
    with clock.moved_to(clock.now()) as moved:
        watch, others = ClockWatch(database, "other"), Others()
        assert await do_due(database, chores, "other", watch, others) == ()
        moved.forward(seconds=LEASE.total_seconds() + 1)
        assert await do_due(database, chores, "other", watch, others) == ("sweeping",)
    assert done == ["other"]
