"""Two street lights of two owners in one report of the demo, one of them repaired already."""

from parvis.people.agents import Person
from parvis.requests.heart import Heart
from parvis.requests.lifecycle import make_move
from parvis.requests.offered import type_of
from parvis.requests.records import find
from parvis.requests.relations.ties import ties_of
from parvis.requests.request_service import RequestService
from parvis_demo.playing import acting
from parvis_sdk.counter import Receipt

TOWN, TYPE = "parvis", "street_light"
LIGHTS = ("LR-04226", "LR-04102")  # the town's own, and one on a pole of the power company
WHO = {"mode": "named", "name": "Odile Marchand", "email": "odile.marchand@exemple.ca"}
DONE = "Ampoule remplacée et cellule vérifiée."


async def report_lights(heart: Heart, staff: tuple[Person, ...]) -> None:
    """One report, where the demo's own town is served with its street lights."""
    town = heart.territory.get(TOWN)
    who = next((person for person in staff for grant in person.grants if grant.jurisdiction == TOWN), None)
    if town is None or who is None or type_of(heart, town, TYPE) is None:
        return
    answers = {"extent": "several", "lights": [{"fault": "out"}, {"fault": "flickers"}], "danger": False}
    raw = {"language": "fr", "answers": answers, "place": {"assets": list(LIGHTS)}, "requester": WHO}
    receipt = await RequestService(heart).submit(TOWN, TYPE, raw, channel="phone", actor=acting(who))
    whole = await find(heart, receipt.reference) if isinstance(receipt, Receipt) else None
    parts = [tie.record for tie in await ties_of(whole)] if whole is not None else []
    if parts:
        given = {"reason": DONE}
        await make_move(heart, parts[0].reference, "resolve", given, actor=acting(who), mover="agent")
