"""Snow clearing under way in the demo, so that whoever reports snow there is offered to follow it."""

from datetime import timedelta

from parvis import clock
from parvis.people.agents import Person
from parvis.requests.counter import HostCounter
from parvis.requests.heart import Heart
from parvis.requests.offered import type_of
from parvis.territory.calendars import local_day
from parvis_demo.playing import acting
from parvis_sdk.about import ZONES
from parvis_sdk.counter import Receipt

TOWN, TYPE, ZONE = "parvis", "snow_operation", "outremont"
WORDS = "Les panneaux orange indiquent le côté de rue à dégager. / Orange signs show which side of the street to clear."
DAYS = 4


async def declare_operations(heart: Heart, staff: tuple[Person, ...]) -> int:
    """One operation, where the demo's own town is served and its plugin is installed; how many were declared."""
    town = heart.territory.get(TOWN)
    who = next((person for person in staff for grant in person.grants if grant.jurisdiction == TOWN), None)
    if town is None or who is None or type_of(heart, town, TYPE) is None:
        return 0
    ends_on = local_day(town.calendar, clock.now()) + timedelta(days=DAYS)
    answers = {"work": "loading", "ends_on": ends_on.isoformat(), "ends_at": "19:00", "words": WORDS, ZONES: [ZONE]}
    raw = {"language": "fr", "answers": answers, "requester": {"mode": "anonymous"}}
    done = await HostCounter(heart).submit(TOWN, TYPE, raw, channel="phone", actor=acting(who))
    return int(isinstance(done, Receipt))
