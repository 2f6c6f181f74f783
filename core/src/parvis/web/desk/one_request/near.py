"""The panel of open requests around the place of one, as an agent sees it."""

from parvis.insights.nearby import Near
from parvis.web.desk.room import Room, title_of
from parvis.web.panels import Panel


def near_panel(room: Room, near: tuple[Near, ...]) -> Panel | None:
    """None where nothing is near."""
    if not near:
        return None
    lines = [
        {
            "reference": each.reference,
            "title": title_of(room, each.type),
            "metres": each.metres,
            "submitted_at": each.submitted_at,
            "address": each.address,
        }
        for each in near
    ]
    return Panel(template="parts/near.html", values={"near": lines})
