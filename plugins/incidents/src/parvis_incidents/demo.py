"""In the demo, what goes on in town: snow clearing that can be followed, and missed collections that were gathered."""

from datetime import timedelta

from parvis import clock
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis.requests.request_service import RequestService
from parvis_incidents.attaching import attach_matching
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.incidents import incident
from parvis_incidents.matching import INCIDENT
from parvis_incidents.telling import announce_word
from parvis_sdk.about import ZONES
from parvis_sdk.counter import Receipt
from parvis_sdk.text import Text

TOWN, TYPE = "parvis", "missed_collection"
DAYS = 30  # in which enough has come in for a visitor to see something gathered
OPERATION, ZONE, DAYS_LEFT = "snow_operation", "outremont", 4
SIGNS = "Les panneaux orange indiquent le côté de rue à dégager. / Orange signs show which side of the street to clear."
WORDS = Text(
    fr="Un camion est en panne. La collecte reprend demain matin\u00a0: laissez vos bacs en bordure de rue.",
    en="A truck has broken down. Collection resumes tomorrow morning: leave your bins at the curb.",
)


async def show(host: Host, staff: tuple[Person, ...]) -> None:
    """Where the demo's own town is served, an operation and an incident, by somebody who works there."""
    town = host.jurisdictions.get(TOWN)
    who = next((person for person in staff for grant in person.grants if grant.jurisdiction == TOWN), None)
    if town is not None and who is not None:
        actor = Actor(kind="agent", id=who.id, name=who.name)
        await declare_operation(host, town, actor)
        await declare_incident(host, town, actor)


async def declare_operation(host: Host, town: Jurisdiction, actor: Actor) -> None:
    """Declare an operation that people who report snow there are offered to follow."""
    if type_of(host, town, OPERATION) is not None:
        ends_on = local_day(town.calendar, clock.now()) + timedelta(days=DAYS_LEFT)
        answers = {"work": "loading", "ends_on": ends_on.isoformat(), "ends_at": "19:00", "words": SIGNS, ZONES: [ZONE]}
        raw = {"language": "fr", "answers": answers, "requester": {"mode": "anonymous"}}
        await RequestService(host).submit(TOWN, OPERATION, raw, channel="phone", actor=actor, declares=True)


async def declare_incident(host: Host, town: Jurisdiction, actor: Actor) -> None:
    """Where the town has collections; quiet on the first page of the portal."""
    if not town.zones or type_of(host, town, TYPE) is None or type_of(host, town, INCIDENT) is None:
        return
    since = local_day(town.calendar, clock.now()) - timedelta(days=DAYS)
    answers = {
        "what": "collection",
        "since": since.isoformat(),
        "types": [TYPE],
        "shown": True,
        ZONES: [zone.code for zone in town.zones][:4],
    }
    raw = {"language": "fr", "answers": answers, "requester": {"mode": "anonymous"}}
    done = await RequestService(host).submit(TOWN, INCIDENT, raw, channel="counter", actor=actor, declares=True)
    made = await incident(host, town, done.reference) if isinstance(done, Receipt) else None
    if made is None:
        return
    await host.of(Bulletin).look(host.jurisdictions)
    await attach_matching(host, town, made, actor=actor)
    await announce_word(host, made.record, new_id(), made.title, WORDS, actor=actor)
