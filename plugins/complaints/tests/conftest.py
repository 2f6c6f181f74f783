"""What the tests of complaints share: the plugin at a pretend desk, and a right complaint of each kind."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from parvis_complaints import plugin
from parvis_sdk.request_types import RequestType

LUC = {"mode": "confidential", "name": "Luc Gagnon", "email": "luc@exemple.com"}
PLACE = {"lon": -73.5817, "lat": 45.5229, "address": "4563, rue Saint-Urbain"}

ANSWERS: dict[str, dict[str, Any]] = {
    "noise": {
        "source_address": "4563, rue Saint-Urbain, appartement 4",
        "source_kind": "home",
        "noise_kind": "music",
        "since": "2026-05-01",
        "frequency": "weekly",
        "hours": ["evening", "night"],
        "description": "Basses audibles dans la chambre, fenêtres fermées.",
        "spoken": True,
        "spoken_result": "Cela a cessé deux semaines.",
        "home_address": "4567, rue Saint-Urbain",
        "measure_at_home": True,
        "confidentiality": True,
    },
    "animal_nuisance": {
        "animal": "dog",
        "nuisance": "barking",
        "danger": False,
        "frequency": "daily",
        "description": "Le chien aboie dehors toute la journée.",
        "keeper_address": "4563, rue Saint-Urbain",
    },
    "service_complaint": {
        "about": "service",
        "service": "permits",
        "issues": ["delay"],
        "happened_on": "2026-03-03",
        "description": "J’ai appelé trois fois et personne ne m’a rappelé.",
        "tried": True,
        "tried_result": "On m’a promis un rappel.",
        "expected": "Que mon dossier soit traité.",
    },
}


@pytest.fixture
def parvis_plugin() -> ModuleType:
    return plugin


@pytest.fixture(scope="session")
def types() -> dict[str, RequestType]:
    return {request_type.code: request_type for request_type in plugin.request_types()}


@pytest.fixture
def complaint() -> Callable[..., dict[str, Any]]:
    """A right complaint of a kind, with some answers changed; None takes an answer away."""

    def make(code: str, **changed: Any) -> dict[str, Any]:
        answers = {**ANSWERS[code], **changed}
        kept = {name: value for name, value in answers.items() if value is not None}
        return {"language": "fr", "answers": kept, "place": PLACE, "requester": LUC}

    return make
