"""The clock and the identifiers that follow it."""

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from parvis import clock
from parvis.identifiers import new_id

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_the_time_is_aware_in_utc_and_moves_on(monkeypatch):
    monkeypatch.delenv(clock.OFFSET_VARIABLE, raising=False)
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first <= second
    assert abs(second.timestamp() - time.time()) < 5  # noqa: TID251 - compared with the machine's


def test_a_moved_clock_stands_still_until_somebody_moves_it():
    with clock.moved_to(NOON) as moved:
        assert clock.now() == clock.now() == NOON
        moved.forward(timedelta(days=1), hours=1, minutes=30)
        assert clock.now() == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
        moved.to(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-5))))
        assert clock.now() == datetime(2026, 1, 1, 5, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
    assert clock.now() > NOON


def test_moved_clocks_lie_within_each_other_and_end_with_their_block():
    with clock.moved_to(NOON):
        with clock.moved_to(NOON + timedelta(hours=1)):
            assert clock.now().hour == 13
        assert clock.now() == NOON


async def test_a_moved_clock_reaches_tasks_started_inside_and_no_others():
    outside = asyncio.Event()

    async def look() -> datetime:
        await outside.wait()
        return clock.now()

    elsewhere = asyncio.create_task(look())
    with clock.moved_to(NOON) as moved:
        inside = asyncio.create_task(look())
        moved.forward(hours=1)
        outside.set()
        assert await inside == NOON + timedelta(hours=1)
    assert await elsewhere > NOON + timedelta(days=1)


def test_a_time_without_a_zone_is_refused():
    with (
        pytest.raises(ValueError, match="without a zone: 2026-03-08T12:00:00"),
        clock.moved_to(NOON.replace(tzinfo=None)),
    ):
        pass


def test_a_process_can_be_started_in_another_time():
    year = timedelta(days=365)
    script = "from parvis import clock; print(clock.now().isoformat())"
    command = [sys.executable, "-c", script]
    env = os.environ | clock.variables(year)
    there = datetime.fromisoformat(
        subprocess.run(command, env=env, capture_output=True, check=True, text=True).stdout.strip()
    )
    assert abs(there - clock.now() - year) < timedelta(seconds=60)


def test_identifiers_are_version_seven_and_of_the_rfc_variant():
    made = new_id()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_identifiers_sort_in_the_order_of_asking_even_when_time_stands_still():
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    with clock.moved_to(NOON):
        frozen = [new_id() for _ in range(1000)]
    assert frozen == sorted(frozen, key=str)
    assert frozen[0].int >> 80 == int(NOON.timestamp() * 1000)


def test_identifiers_follow_the_moved_clock_to_a_quarter_of_a_microsecond():
    with clock.moved_to(NOON) as moved:
        ordered = []
        for _ in range(50):
            ordered.append(new_id())
            moved.forward(timedelta(microseconds=1))
    assert ordered == sorted(ordered)
    with clock.moved_to(NOON - timedelta(days=1)):
        assert new_id() < ordered[0]
