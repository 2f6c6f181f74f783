"""A town with one heritage sector, and a request type that asks more there."""

import dataclasses
import json

import msgspec

from parvis.jurisdictions.layers import LAYERS, read_layers
from parvis.jurisdictions.reading import Findings
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PlaceFact, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.text import Text
from parvis_testing.town import HERE, HOLE

ELSEWHERE = {"lon": -73.60, "lat": 45.53, "address": "99, rue Ailleurs"}


def said(fr: str) -> Text:
    return Text(fr=fr, en=fr)


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
    workflow=HOLE.workflow,
    retention=Retention(days=365),
)


def with_heritage(town, folder):
    """The town with a square heritage sector around a place."""
    x, y = HERE["lon"], HERE["lat"]
    ring = [[x - 0.001, y - 0.001], [x + 0.001, y - 0.001], [x + 0.001, y + 0.001], [x - 0.001, y + 0.001]]
    area = {
        "type": "Feature",
        "properties": {"zone": "H-7", "piia": True, "storeys": 3},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }
    (folder / "zoning.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    findings = Findings(folder)
    layers = read_layers(findings, folder)
    place = LAYERS.put(town.host.jurisdictions.jurisdiction("parvis"), layers)
    jurisdictions = msgspec.structs.replace(town.host.jurisdictions, by_code={"parvis": place})
    host = dataclasses.replace(town.host, jurisdictions=jurisdictions)
    return dataclasses.replace(town, host=host, counter=type(town.counter)(host))
