"""What the tests of reports share: the plugin at a pretend desk, and a right report of each kind."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from parvis_reports import plugin
from parvis_sdk.request_types import RequestType

PLACE = {"lon": -73.5817, "lat": 45.5229, "address": "4563, rue Saint-Urbain"}
MARIE = {"mode": "named", "name": "Marie Tremblay", "email": "marie@exemple.com"}

ANSWERS: dict[str, dict[str, Any]] = {
    "pothole": {"size": "medium", "surface": "lane", "danger": False},
    "street_light": {"extent": "one", "lights": [{"fault": "out", "pole": "LR-04512"}], "danger": False},
    "missed_collection": {
        "stream": "recycling",
        "bins": 2,
        "neighbours": "only_me",
        "collection_day": "2026-06-12",
        "set_out_at": "06:30",
        "tag": False,
    },
    "graffiti": {"surface": "wall", "size": "medium", "hateful": False, "property": "public"},
    "fallen_branch": {"what": "branch", "thickness": "arm", "wires": False, "tree_owner": "town"},
    "snowy_sidewalk": {"kind": "sidewalk", "condition": "ice", "side": "odd", "mobility": False},
    "illegal_dumping": {
        "materials": ["bags", "furniture"],
        "volume": "pickup",
        "hazardous": False,
        "ground": "alley",
        "seen": False,
    },
    "park_equipment": {"kind": "swing", "fault": "broken", "danger": False, "injury": False},
}


@pytest.fixture
def parvis_plugin() -> ModuleType:
    return plugin


@pytest.fixture(scope="session")
def types() -> dict[str, RequestType]:
    """What anybody may report; what the town declares itself has tests of its own."""
    return {
        request_type.code: request_type for request_type in plugin.request_types() if request_type.opened_by == "anyone"
    }


@pytest.fixture
def report() -> Callable[..., dict[str, Any]]:
    """A right report of a kind, with some answers changed; None takes an answer away."""

    def make(code: str, **changed: Any) -> dict[str, Any]:
        answers = {**ANSWERS[code], **changed}
        kept = {name: value for name, value in answers.items() if value is not None}
        return {"language": "fr", "answers": kept, "place": PLACE, "requester": MARIE}

    return make
