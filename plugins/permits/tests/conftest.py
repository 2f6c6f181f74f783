"""What the tests of permits share: the plugin at a pretend desk, and a right application."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from parvis_permits import plugin
from parvis_sdk.request_types import RequestType

ANSWERS: dict[str, Any] = {
    "applicant": "owner",
    "boundary": False,
    "trees": [{"species": "Érable argenté", "diameter": "45", "count": "1", "reason": "dangerous"}],
    "urgent": False,
    "replacing": True,
    "replacement_species": "Chêne rouge",
    "replacement_place": "En cour avant",
    "access": True,
    "declaration": True,
}


@pytest.fixture
def parvis_plugin() -> ModuleType:
    return plugin


@pytest.fixture(scope="session")
def types() -> dict[str, RequestType]:
    return {request_type.code: request_type for request_type in plugin.request_types()}


@pytest.fixture
def felling(types: dict[str, RequestType]) -> RequestType:
    return types["tree_felling"]


@pytest.fixture
def application() -> Callable[..., dict[str, Any]]:
    """A right application, with some answers changed; None takes an answer away."""

    def make(**changed: Any) -> dict[str, Any]:
        answers = {**ANSWERS, **changed}
        return {
            "language": "fr",
            "answers": {name: value for name, value in answers.items() if value is not None},
            "place": {"lon": -73.5817, "lat": 45.5229, "address": "4563, rue Saint-Urbain"},
            "requester": {"mode": "named", "name": "Aïcha Benali", "email": "aicha@exemple.com"},
        }

    return make
