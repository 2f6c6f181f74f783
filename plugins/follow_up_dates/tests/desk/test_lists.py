"""The list of those whose day has come: named by its address, counted above the queue, found under stalled work."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.search import Filters
from parvis.web.desk.lists.filtering import read
from parvis.web.desk.lists.filters import Searcher, filters_of, names_of
from parvis_follow_up_dates.desk.lists import BEFORE, FILTER, NAME
from parvis_follow_up_dates.follow_up import look_again
from parvis_testing.desk import ANA, said

STALLED = "/bureau/ce-qui-traine"


def filters_for(town, day: str) -> Filters:
    return filters_of(read([(NAME, day)], names_of((FILTER,))), Searcher(person="", town=town), (FILTER,))


def test_an_address_names_a_day_until_its_end(jurisdictions):
    town = jurisdictions.jurisdiction("parvis")
    (condition,) = filters_for(town, "2026-09-14").conditions
    assert (condition.sql, condition.values) == (BEFORE, (datetime(2026, 9, 15, tzinfo=ZoneInfo(town.time_zone)),))
    assert filters_for(town, "bientôt").conditions == ()


async def test_what_is_due_is_counted_above_the_queue_and_found_under_stalled_work(desk):
    record, _ = await desk.request(), await desk.request()
    today = local_day(desk.host.jurisdictions.get("parvis").calendar, clock.now())
    clerk = await desk.signed_in()
    assert counts(await clerk.get("/bureau"))[said("To review")] == "0"
    with clock.moved_to(clock.now() - timedelta(days=10)):
        await look_again(desk.host, record.reference, today - timedelta(days=4), actor=ANA)
    assert counts(await clerk.get("/bureau"))[said("To review")] == "1"
    page = await clerk.get(STALLED)
    tile = rf'<dt>{said("To review")}</dt>\s*<dd>\s*<a class="tile__value" href="([^"]+)">(\d+)</a>'
    href, number = re.search(tile, page.text).groups()
    assert number == "1"
    assert record.reference in (await clerk.get(href)).text
    assert said("To review today") in clerk.text  # as a filter in force


def counts(page) -> dict[str, str]:
    """How many are in the lists above the queue, by what these are called."""
    return dict(re.findall(r'>([^<>]+?) <span class="views__number">([^<]+)<', page.text))
