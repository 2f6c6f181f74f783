"""An incident in the demo: missed collections in one sector, gathered, with a word to everybody concerned."""

from datetime import timedelta

from parvis import clock
from parvis.identifiers import new_id
from parvis.people.agents import Person
from parvis.requests.counter import HostCounter
from parvis.requests.heart import Heart
from parvis.requests.offered import type_of
from parvis.requests.situation.attaching import attach_matching
from parvis.requests.situation.bulletin import Bulletin
from parvis.requests.situation.incident_matching import INCIDENT
from parvis.requests.situation.incident_telling import announce_word
from parvis.requests.situation.incidents import incident
from parvis.territory.calendars import local_day
from parvis_demo.playing import acting
from parvis_sdk.about import ZONES
from parvis_sdk.counter import Receipt
from parvis_sdk.text import Text

TOWN, TYPE = "parvis", "missed_collection"
DAYS = 30  # in which enough has come in for a visitor to see something gathered
WORDS = Text(
    fr="Un camion est en panne. La collecte reprend demain matin\u00a0: laissez vos bacs en bordure de rue.",
    en="A truck has broken down. Collection resumes tomorrow morning: leave your bins at the curb.",
)


async def declare_incident(heart: Heart, staff: tuple[Person, ...]) -> int:
    """One, where the demo's own town is served with its collections; quiet on the first page of the portal."""
    town = heart.territory.get(TOWN)
    who = next((person for person in staff for grant in person.grants if grant.jurisdiction == TOWN), None)
    if town is None or who is None or not town.zones:
        return 0
    if type_of(heart, town, TYPE) is None or type_of(heart, town, INCIDENT) is None:
        return 0
    since = local_day(town.calendar, clock.now()) - timedelta(days=DAYS)
    answers = {
        "what": "collection",
        "since": since.isoformat(),
        "types": [TYPE],
        "shown": True,
        ZONES: [zone.code for zone in town.zones][:4],
    }
    raw = {"language": "fr", "answers": answers, "requester": {"mode": "anonymous"}}
    done = await HostCounter(heart).submit(TOWN, INCIDENT, raw, channel="counter", actor=acting(who))
    made = await incident(heart, town, done.reference) if isinstance(done, Receipt) else None
    if made is None:
        return 0
    await heart.of(Bulletin).look(heart.territory)
    await attach_matching(heart, town, made, actor=acting(who))
    await announce_word(heart, made.record, new_id(), made.title, WORDS, actor=acting(who))
    return 1
