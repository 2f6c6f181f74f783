"""A town whose lamps have several owners: a report about lamps of two owners becomes three requests."""

import pytest
from msgspec import structs

from parvis.jurisdictions.layers import ASSETS, Asset, AssetLayer
from parvis.jurisdictions.owners import OWNERS, Owner
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.requests.relations.ties import ties_of
from parvis_sdk.children import ChildRule
from parvis_sdk.fields import ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def said(words):
    return Text(fr=words, en=words)


def lamp(code, owner=""):
    return Asset(code=code, name=said(f"Lampadaire {code}"), kind="", lon=-73.5807, lat=45.5236, owner=owner)


LAMPS = (lamp("A1"), lamp("A2"), lamp("B1", "power"), lamp("C1", "province"), lamp("D1", "harbour"))
POWER = Owner(code="power", name=said("Électricité"), link="https://power.example/", passed_on=True, types=("other",))
PROVINCE = Owner(
    code="province", name=said("Ministère"), link="https://province.example/", phone="511", types=("other",)
)
HARBOUR = Owner(code="harbour", name=said("Port"), phone="514 555-0100", types=("other",))
WHO = Form(
    sections=(
        Section(
            code="who",
            title=said("Qui"),
            fields=(
                ShortText(code="owner", label=said("Organisme")),
                ShortText(code="owner_link", label=said("Adresse"), required=False),
                ShortText(code="reason", label=said("Mot"), required=False),
            ),
        ),
    )
)


def dark_lamps(hole, **rule):
    workflow = hole.workflow
    transitions = [
        structs.replace(each, by=(*each.by, "system")) if each.code in ("resolve", "start") else each
        for each in workflow.transitions
    ]
    elsewhere = Transition(code="not_ours", title=said("Ailleurs"), sources=("received",), target="elsewhere", asks=WHO)
    end = structs.replace(workflow.state("done"), code="elsewhere", title=said("Dirigée ailleurs"))
    return structs.replace(
        hole,
        workflow=structs.replace(workflow, states=(*workflow.states, end), transitions=(*transitions, elsewhere)),
        place=PlaceRule(assets="lamps", most_assets=10),
        children=ChildRule(move="resolve", elsewhere="not_ours", **rule),
    )


@pytest.fixture
def lit(town_of, hole):
    def make(*others, **rule):
        town = town_of(dark_lamps(hole, **rule), *others)
        code = town.code
        here = town.host.jurisdictions.jurisdiction(code)
        layer = AssetLayer(code="lamps", name=said("Lampadaires"), assets=LAMPS)
        changed = OWNERS.put(ASSETS.put(here, {"lamps": layer}), (POWER, PROVINCE, HARBOUR))
        jurisdictions = structs.replace(
            town.host.jurisdictions, by_code={**town.host.jurisdictions.by_code, code: changed}
        )
        object.__setattr__(town.host, "jurisdictions", jurisdictions)
        return town

    return make


async def report(town, *codes):
    place = {"lon": -73.5807, "lat": 45.5236, "assets": list(codes)}
    receipt = await town.submit(place=place)
    whole = await find(town.host, receipt.reference)
    parts = [tie.record for tie in await ties_of(whole) if tie.kind == "child_of" and not tie.ours]
    return whole, parts


def move(town, record, transition):
    return make_move(town.host, record.reference, transition, {}, actor=ANA, mover="agent")


async def now(town, record):
    return await find(town.host, record.reference)
