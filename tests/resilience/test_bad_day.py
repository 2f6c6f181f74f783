"""Every other system has its own bad weather, workers are killed at random: then all is told, once and in order."""

import asyncio
from contextlib import suppress

import pytest

from .bad_day import STEPS, WEATHERS, bad_day, told

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

REQUESTS = 60
KILLED_EVERY = 1.5  # seconds
STUCK_SECONDS = 300


async def test_a_bad_day_of_every_other_system_loses_doubles_and_disorders_nothing(database_url, tmp_path):
    async with bad_day(tmp_path, database_url) as day:
        await day.weather(**WEATHERS)
        killing = asyncio.create_task(day.kill_workers(KILLED_EVERY))
        await day.file(REQUESTS)
        while day.kills < 3:
            await asyncio.sleep(0.2)
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
        await day.weather(**dict.fromkeys(WEATHERS, "well"))
        await day.hours_later()
        ended = await day.until_all_is_told(STUCK_SECONDS)
        taken = await day.taken()
    assert len(set(day.references)) == REQUESTS
    assert (ended.dead, ended.skipped) == (0, 0)
    events = REQUESTS * (1 + len(STEPS))
    assert told(tuple(WEATHERS), taken) == dict.fromkeys(WEATHERS, (events, 0))
