"""Two street lights of two owners in one report of the demo, one of them repaired already."""

from parvis.people.agents import Person
from parvis.requests.host import Host
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


async def report_lights(host: Host, staff: tuple[Person, ...]) -> None:
    """One report, where the demo's own town is served with its street lights."""
    town = host.jurisdictions.get(TOWN)
    who = next((person for person in staff for grant in person.grants if grant.jurisdiction == TOWN), None)
    if town is None or who is None or type_of(host, town, TYPE) is None:
        return
    answers = {"extent": "several", "lights": [{"fault": "out"}, {"fault": "flickers"}], "danger": False}
    raw = {"language": "fr", "answers": answers, "place": {"assets": list(LIGHTS)}, "requester": WHO}
    receipt = await RequestService(host).submit(TOWN, TYPE, raw, channel="phone", actor=acting(who))
    whole = await find(host, receipt.reference) if isinstance(receipt, Receipt) else None
    parts = [tie.record for tie in await ties_of(whole)] if whole is not None else []
    if parts:
        given = {"reason": DONE}
        await make_move(host, parts[0].reference, "resolve", given, actor=acting(who), mover="agent")
