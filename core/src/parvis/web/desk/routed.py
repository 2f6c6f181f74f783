"""The panel that says by which rule a request came to its unit."""

import msgspec

from parvis.requests.timeline import StoryLine
from parvis.web.desk.room import Room, unit_name
from parvis.web.panels import Panel
from parvis_sdk.text import Text


def routed_panel(room: Room, story: tuple[StoryLine, ...]) -> Panel | None:
    """The last decision of the rules, as the history keeps it; none of a request that came in before there were any."""
    said = next((line.details["routed"] for line in reversed(story) if "routed" in line.details), None)
    if said is None:
        return None
    words = msgspec.convert(said["words"], Text)
    values = {"words": words, "unit": unit_name(room.town, said["unit"]), "version": said["version"]}
    return Panel(template="parts/routed.html", values=values)
