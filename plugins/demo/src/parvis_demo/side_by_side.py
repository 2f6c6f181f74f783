"""Two requests of the demo at one place, of two kinds and for one crew: the plugin proposes to see to both at once."""

from datetime import timedelta

from parvis import clock
from parvis.people.agents import Person
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis.requests.request_service import RequestService
from parvis_demo.playing import acting

TOWN = "parvis"
PLACE = {"lon": -73.57778, "lat": 45.52204, "address": "410, rue Rachel Est"}
WHO = {"mode": "named", "name": "Odile Marchand", "email": "odile.marchand@exemple.ca"}
BOTH = {
    "pothole": {"size": "large", "surface": "lane", "danger": False},
    "fallen_branch": {
        "what": "branch",
        "thickness": "leg",
        "blocks": ["sidewalk"],
        "wires": False,
        "tree_owner": "town",
    },
}


async def report_both(host: Host, staff: tuple[Person, ...]) -> None:
    """One after the other, where the demo's own town is served with both types."""
    town = host.jurisdictions.get(TOWN)
    who = next((person for person in staff for grant in person.grants if grant.jurisdiction == TOWN), None)
    if town is None or who is None or any(type_of(host, town, each) is None for each in BOTH):
        return
    now = clock.now()
    for hours, (type, answers) in enumerate(BOTH.items(), 1):
        raw = {"language": "fr", "answers": answers, "place": PLACE, "requester": WHO}
        with clock.moved_to(now - timedelta(hours=len(BOTH) - hours)):
            await RequestService(host).submit(TOWN, type, raw, channel="phone", actor=acting(who))
