"""Runs the tests at moments that are hard for software that keeps promises, and with files in another order.

    python tests/moments/hard_moments.py [--moment NAME]... [--clock machine|parvis] [what goes to pytest]

`machine` moves the clock of every process with libfaketime: product, tests, libraries, PostgreSQL, browser; processes
take twice their time. `parvis` needs nothing and costs nothing: it moves `parvis.clock`, where product and tests get
their time, by `PARVIS_CLOCK_OFFSET`; what is compared with another clock (codes of an authenticator) then fails.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

TOWN = ZoneInfo("America/Toronto")
NOON = time(12)
A_MINUTE = timedelta(minutes=1)
BEFORE_A_CHANGE = timedelta(minutes=5)
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
MISSING = "libfaketime is not installed (on Debian: apt-get install faketime); --clock parvis needs none"


def moments(now: datetime) -> dict[str, datetime]:
    """The next of each kind after now, as the town's clocks show it."""
    days = [now.astimezone(TOWN).date() + timedelta(days=ahead) for ahead in range(1, 8 * 366 + 1)]

    def first(fits: Callable[[date], bool], at: time) -> datetime:
        return datetime.combine(next(filter(fits, days)), at, tzinfo=TOWN)

    spring, autumn = sorted(islice(_changes(days), 2), key=lambda change: change.month)
    return {
        "saturday": first(lambda day: day.weekday() == 5, NOON),
        "sunday": first(lambda day: day.weekday() == 6, NOON),
        "national-holiday": first(lambda day: (day.month, day.day) == (6, 24), NOON),
        "new-years-eve": first(lambda day: (day.month, day.day) == (12, 31), time(23, 50)),
        "leap-day": first(lambda day: (day.month, day.day) == (2, 29), NOON),
        "spring-forward": spring - BEFORE_A_CHANGE,
        "fall-back": autumn - BEFORE_A_CHANGE,
        # A working day in the town, where it is evening; where machines count, the next one has begun.
        "greenwich": datetime.combine(next(day for day in days if day.weekday() == 2), time(0, 1), tzinfo=UTC),
        "other-order": now,
    }


def environment(at: datetime, now: datetime, libfaketime: str = "") -> dict[str, str]:
    """What a process is started with to live at a moment, and whatever it starts."""
    ahead = str(int((at - now).total_seconds()))
    if not libfaketime:
        return {"PARVIS_CLOCK_OFFSET": ahead}
    # The time that passes is the real one, and what a file says of its age is left alone: both are slow to move.
    moved = {"FAKETIME": f"{int(ahead):+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    return {"LD_PRELOAD": libfaketime, **moved}


def run(chosen: Iterable[str], given: list[str], libfaketime: str, base: Mapping[str, str]) -> dict[str, int]:
    """The exit code of pytest at each moment."""
    ended = {}
    for name in chosen:
        now = datetime.now(UTC)  # noqa: TID251 - the machine's, from which others are reckoned
        at = moments(now)[name]
        moved = {} if name == "other-order" else environment(at, now, libfaketime)
        order = {"PARVIS_TEST_ORDER": at.date().isoformat()} if name == "other-order" else {}
        print(f"\n=== {name}: {at.astimezone(TOWN):%A %Y-%m-%d %H:%M %Z} ===", flush=True)
        # A folder of its own: pytest throws away those of other runs that look old to a moved clock.
        with tempfile.TemporaryDirectory(prefix="parvis-moment-") as folder:
            env = {**base, **moved, **order, "PYTEST_DEBUG_TEMPROOT": folder}
            ended[name] = subprocess.run([sys.executable, "-m", "pytest", *given], env=env).returncode
    return ended


def main(arguments: list[str]) -> int:
    names = list(moments(datetime.now(UTC)))  # noqa: TID251
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False, add_help=False)
    parser.add_argument("--moment", action="append", choices=names)
    parser.add_argument("--clock", choices=("machine", "parvis"), default="machine")
    asked, given = parser.parse_known_args(arguments)
    library = ""
    if asked.clock == "machine":
        library = next((str(at) for each in LIBRARIES for at in Path("/").glob(each[1:])), "")
        if not library:
            print(MISSING, file=sys.stderr)
            return 2
    ended = run(asked.moment or names, [each for each in given if each != "--"], library, os.environ)
    print()
    for name, code in ended.items():
        print(f"{name:18} {'passed' if code == 0 else f'pytest ended with {code}'}")
    return max(ended.values())


def _changes(days: Iterable[date]) -> Iterable[datetime]:
    """The instants at which the town's clocks are changed."""
    for day in days:
        midnight = datetime.combine(day, time(), tzinfo=TOWN).astimezone(UTC)
        for minute in range(0, 24 * 60, 30):
            before, after = (midnight + A_MINUTE * each for each in (minute - 1, minute))
            if before.astimezone(TOWN).utcoffset() != after.astimezone(TOWN).utcoffset():
                yield after


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
