"""The example *lost and found*: its own tests, with the sdk alone, and its story once on a real host."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec

from parvis import clock
from parvis.clock import moved_to
from parvis.db.tables import Delivery
from parvis.jurisdictions.calendars import local_day
from parvis.requests.chores import run_timers
from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis.requests.relations.ties import ties_of
from parvis_tasks.ending import do_task
from parvis_tasks.kept_tasks import tasks_of
from parvis_testing.street import EVERYWHERE
from parvis_testing.town import ANA

FOLDER = Path(__file__).parents[3] / "examples" / "lost_and_found"
SERIAL = "WTU123B"


def test_its_own_tests_pass_with_the_sdk_alone():
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=FOLDER,
        env=os.environ | {"PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


async def test_a_found_bicycle_is_proposed_claimed_by_its_number_and_set_aside(office):
    today = clock.now().date()
    mine = await office.report("lost_thing", lost_on=(today - timedelta(days=2)).isoformat())
    kept = await office.report("found_thing", found_on=(today - timedelta(days=1)).isoformat(), serial="wtu 123-b")
    assert kept.answers["serial"] == SERIAL
    mine = await office.accept(mine)
    assert mine.state == "matched"
    assert [each.record.id for each in await ties_of(mine)] == [kept.id]
    assert (await office.claim(mine, "XX-1")).state == "matched"
    assert (await office.claim(mine, "WTU-123 B")).state == "confirmed"
    assert (await office.accept(kept)).state == "set_aside"
    said = [msgspec.json.encode((one.body, one.personal)).decode() for one in await entries_of(mine)]
    assert not [each for each in said if SERIAL in each]
    events = await Delivery.select(Delivery.event)
    assert not [each for each in events if SERIAL in str(each["event"])]


def today(office):
    """The day in the town, which at night is not that of UTC."""
    return local_day(office.host.jurisdictions.jurisdiction("parvis").calendar, clock.now())


async def test_who_does_the_task_at_the_counter_has_handed_the_thing_over(office):
    day = today(office)
    mine = await office.report("lost_thing", lost_on=(day - timedelta(days=2)).isoformat())
    await office.report("found_thing", found_on=(day - timedelta(days=1)).isoformat(), serial=SERIAL)
    mine = await office.claim(await office.accept(mine), SERIAL)
    (task,) = await tasks_of(mine)
    assert (task.title.fr, task.state) == ("Remettre l’objet à son propriétaire", "open")
    await do_task(office.host, EVERYWHERE, mine, task.id, "Avec son permis de conduire", actor=ANA)
    await office.relay.drain()
    assert (await find(office.host, mine.reference)).state == "returned"


async def test_what_nobody_claims_is_disposed_of_by_itself_after_ninety_days(office):
    kept = await office.report("found_thing", found_on=today(office).isoformat())
    for days, state in ((89, "kept"), (91, "disposed")):
        with moved_to(clock.now() + timedelta(days=days)):
            await run_timers(office.host)
        assert (await find(office.host, kept.reference)).state == state


async def test_what_is_found_is_counted_on_the_dashboard_once_that_is_granted(office):
    await office.report("found_thing", found_on=today(office).isoformat())
    await office.report("lost_thing", lost_on=today(office).isoformat())
    (counted,) = await office.counted()
    assert [(kind.en, *numbers) for kind, *numbers in counted.value.rows] == [("Bicycle", 1, 1)]
    (elsewhere,) = await office.counted(units=frozenset({"parks"}))
    assert elsewhere.value is None
    await office.revoke("lost_and_found.figures.found-by-kind")
    (counted,) = await office.counted()
    assert (counted.lacks, counted.value) == ("grant", None)
