"""The panel that says by which rule a request came to its unit."""

import msgspec

from parvis.i18n import ngettext
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
    among = said.get("among", 0)
    shared = ngettext("Given to one of %(num)s person", "Given to one of %(num)s persons", among) % {"num": among}
    values = {
        "words": words,
        "unit": unit_name(room.town, said["unit"]),
        "version": said["version"],
        "shared": shared if said.get("assignee") else "",
        "by_load": said.get("share") == "load",
        "nobody": "share" in said and not said["assignee"],
    }
    return Panel(template="parts/routed.html", values=values)
