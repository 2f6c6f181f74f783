"""What the dashboard says of found things: how many came in, and how many wait for somebody, by what they are."""

from parvis_lost_and_found.questions import SORT
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Table
from parvis_sdk.figures import Figure, FigureView
from parvis_sdk.finding import Scope
from parvis_sdk.text import Text

TITLE = Text(fr="Objets trouvés, par genre", en="Found things, by kind")
WHAT = Text(
    fr="Les objets trouvés reçus pendant la période, et ceux qui sont gardés en ce moment sans avoir été réclamés.",
    en="The found things received in the period, and those that are kept at this moment and nobody has claimed.",
)
COLUMNS = (Text(fr="Genre", en="Kind"), Text(fr="Reçus", en="Received"), Text(fr="Gardés", en="Kept"))


async def by_kind(view: FigureView, connection: Connection) -> Table | None:
    """A line for each kind of which there is any; no table where there is none."""
    rows = []
    for option in SORT.options:
        those = [each for each in view.requests if each.answers.get("sort") == option.code]
        received = sum(each.reference in view.received for each in those)
        kept = sum(each.state == "kept" for each in those)
        if received or kept:
            rows.append((option.label, received, kept))
    return Table(caption=TITLE, columns=COLUMNS, rows=tuple(rows)) if rows else None


FOUND_BY_KIND = Figure(
    code="found-by-kind",
    title=TITLE,
    explanation=WHAT,
    count=by_kind,
    reads=(Scope(types=("found_thing",), answers=("sort",)),),
)
