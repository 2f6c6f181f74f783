"""Who answers a list of points does not say what only the town knows of the place."""

import dataclasses
import json

import msgspec
import pytest

from parvis.jurisdictions.layers import LAYERS, read_layers
from parvis.jurisdictions.reading import Findings
from parvis.requests.records import Record
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PlaceFact, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.supplements import Point
from parvis_supplements.completing import SupplementAnswers, answer
from parvis_supplements.marking import ask
from parvis_testing.town import ANA, HERE, HOLE

from ..filing import COMPLETENESS, FILE, said

ELSEWHERE = {"lon": -73.60, "lat": 45.53, "address": "99, rue Ailleurs"}
HERITAGE = PlaceFact(code="heritage", layer="zoning", name="piia", label=said("Patrimoine"))
HOUSE = RequestType(
    code="house",
    title=said("Maison"),
    summary=said("Une maison"),
    slug=said("maison"),
    theme=HOLE.theme,
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Quoi"),
                fields=(
                    HERITAGE,
                    ShortText(code="bricks", label=said("Briques"), show_when=Is(field="heritage", value=True)),
                    ShortText(code="colour", label=said("Couleur"), required=False),
                ),
            ),
        )
    ),
    workflow=FILE.workflow,
    retention=Retention(days=365),
    parts=(msgspec.structs.replace(COMPLETENESS, reasons=()),),
)


@pytest.fixture
def zoned(town_of, tmp_path):
    """A town where one square around a place is a heritage sector."""
    x, y = HERE["lon"], HERE["lat"]
    ring = [[x - 0.001, y - 0.001], [x + 0.001, y - 0.001], [x + 0.001, y + 0.001], [x - 0.001, y + 0.001]]
    area = {
        "type": "Feature",
        "properties": {"zone": "H-7", "piia": True, "storeys": 3},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }
    (tmp_path / "zoning.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    findings = Findings(tmp_path)
    layers = read_layers(findings, tmp_path)
    town = town_of(HOUSE)
    place = LAYERS.put(town.host.jurisdictions.jurisdiction("parvis"), layers)
    jurisdictions = msgspec.structs.replace(town.host.jurisdictions, by_code={"parvis": place})
    host = dataclasses.replace(town.host, jurisdictions=jurisdictions)
    return dataclasses.replace(town, host=host, counter=type(town.counter)(host))


@pytest.mark.parametrize(
    ("place", "known"), [(ELSEWHERE, {}), (HERE, {"heritage": True, "bricks": "rouges"})], ids=["unknown", "known"]
)
async def test_a_requester_who_completes_a_file_does_not_say_what_only_the_town_knows(zoned, place, known):
    receipt = await zoned.submit("house", answers={"bricks": "rouges"}, place=place)
    point = Point(field="colour", words="De quelle couleur?")
    asked = await ask(
        zoned.host,
        receipt.reference,
        "completeness",
        [point],
        "",
        transition="complete",
        raw={},
        actor=ANA,
        mover="agent",
    )
    assert isinstance(asked, Record), asked
    given = SupplementAnswers(raw={"heritage": "\0" * 50_001, "colour": "ocre"})
    done = await answer(zoned.host, receipt.reference, "completeness", given)
    assert isinstance(done, Record), done
    assert done.answers == known | {"colour": "ocre"}
