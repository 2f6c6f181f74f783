"""What the town's layers say of a place decides which questions are asked, and is kept with the answers."""

import json

import msgspec
import pytest

from parvis.jurisdictions.layers import known_of, read_layers
from parvis.jurisdictions.reading import Findings
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis_sdk.fields import Option
from parvis_sdk.places import fact_said
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Place
from parvis_testing.heritage import ELSEWHERE, HERITAGE, HOUSE, said, with_heritage
from parvis_testing.town import HERE

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


@pytest.fixture
def zoned(town_of, tmp_path):
    return with_heritage(town_of(HOUSE), tmp_path)


async def test_the_place_decides_what_is_asked_and_its_facts_are_kept(zoned):
    missing = await zoned.submit("house", answers={})
    assert isinstance(missing, Problems)
    assert [each.path for each in missing.found] == ["answers.bricks"]
    receipt = await zoned.submit("house", answers={"bricks": "rouges"})
    assert (await zoned.record(receipt.reference)).answers == {"heritage": True, "bricks": "rouges"}
    receipt = await zoned.submit("house", answers={}, place=ELSEWHERE)
    assert (await zoned.record(receipt.reference)).answers == {}


async def test_nobody_says_what_only_the_town_knows(zoned):
    receipt = await zoned.submit("house", answers={"heritage": True, "bricks": "rouges"}, place=ELSEWHERE)
    assert (await zoned.record(receipt.reference)).answers == {}


async def test_another_place_has_other_facts(zoned):
    receipt = await zoned.submit("house", answers={}, place=ELSEWHERE)
    changed = await amend(zoned.host, receipt.reference, place=Place(**HERE), actor=ANA)
    assert isinstance(changed, Record)
    assert changed.answers == {"heritage": True}


async def test_all_that_a_machine_may_send_again_keeps_what_the_town_knows(zoned):
    receipt = await zoned.submit("house", answers={"bricks": "rouges"})
    kept = await zoned.record(receipt.reference)
    allowed = (await type_of_record(zoned.host, kept)).form.json_schema()["properties"]
    sent = {code: value for code, value in kept.answers.items() if code in allowed}
    changed = await amend(zoned.host, receipt.reference, answers=sent | {"colour": "ocre"}, actor=ANA)
    assert isinstance(changed, Record)
    assert changed.answers == {"heritage": True, "bricks": "rouges", "colour": "ocre"}


async def test_a_correction_does_not_say_what_only_the_town_knows(zoned):
    receipt = await zoned.submit("house", answers={}, place=ELSEWHERE)
    invented = {"heritage": "\0" * 50_001, "colour": "ocre"}
    changed = await amend(zoned.host, receipt.reference, answers=invented, actor=ANA)
    assert isinstance(changed, Record)
    assert changed.answers == {"colour": "ocre"}


async def test_a_point_has_the_facts_of_the_area_in_which_it_lies(zoned):
    town = zoned.host.jurisdictions.jurisdiction("parvis")
    assert known_of(town, Place(**HERE)) == {"zoning": {"zone": "H-7", "piia": True, "storeys": 3}}
    assert known_of(town, Place(**ELSEWHERE)) == {}
    assert known_of(town, Place(words="près du pont")) == {}


def test_facts_are_said_in_words():
    use = msgspec.structs.replace(HERITAGE, options=(Option(code="h", label=said("Habitation")),))
    assert fact_said(use, "h").fr == "Habitation"
    assert fact_said(HERITAGE, True).to("en") == "yes"
    assert fact_said(msgspec.structs.replace(HERITAGE, unit=said("m")), 1.5).fr == "1,5\u00a0m"


def test_a_layer_that_cannot_be_read_is_named(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"uses": ["a", "b"]},
        "geometry": {"type": "Point", "coordinates": [0, 0]},
    }
    (tmp_path / "zoning.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    findings = Findings(tmp_path)
    assert read_layers(findings, tmp_path)["zoning"].shapes == []
    assert "zoning.geojson" in findings.mistakes[0].file
