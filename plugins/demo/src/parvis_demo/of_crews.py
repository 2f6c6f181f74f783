"""The crews of the demo's own town, as its settings name them to the plugin `road_crews`."""

from importlib.util import find_spec
from typing import Any

PLUGIN, OF_REPORTS = "road_crews", "parvis_reports"
CREWS: dict[str, Any] = {
    "step": "plan",
    "day": "planned_on",
    "sheets": "https://voirie.parvis.example/tournees",
    "crews": [
        {
            "code": "ch",
            "name": {"fr": "Chaussée et trottoirs", "en": "Roadway and sidewalks"},
            "types": ["pothole", "snowy_sidewalk", "fallen_branch"],
            "on": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        },
        {
            "code": "ec",
            "name": {"fr": "Éclairage", "en": "Street lighting"},
            "types": ["street_light"],
            "on": ["tuesday", "thursday"],
        },
        {
            "code": "pr",
            "name": {"fr": "Propreté", "en": "Cleaning"},
            "types": ["illegal_dumping", "graffiti"],
            "on": ["monday", "wednesday", "friday"],
        },
    ],
}


def crews_of_the_demo() -> dict[str, Any]:
    """The part of the settings that is about plugins; empty where nobody declares what crews see to."""
    return {PLUGIN: CREWS} if find_spec(OF_REPORTS) is not None else {}
