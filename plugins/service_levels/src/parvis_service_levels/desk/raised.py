"""In the queue: requests whose promises somebody was warned of, or that were escalated."""

from collections.abc import Mapping, Sequence

from parvis.db.tables import Clock
from parvis.i18n import gettext
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Row
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.columns import QueueMark
from parvis.web.desk.lists.filtering import PRIORITY
from parvis.web.desk.lists.filters import FilterContext, QueueFilter
from parvis_service_levels.steps import WARNED

BEING_RAISED = "step > 0 AND ended_at IS NULL AND state IN ('running', 'missed')"
AT_LEAST = f"id IN (SELECT request FROM clock WHERE {BEING_RAISED} AND step >= {{}})"  # noqa: S608 - ours
STEPS = (
    "SELECT request, max(step) AS step FROM clock "  # noqa: S608 - ours
    f"WHERE request IN ({{}}) AND {BEING_RAISED} GROUP BY request"  # of `clock_raised` only what is asked for
)
LEAST = {"oui": WARNED, "gestion": WARNED + 1}


def raised_to(least: int) -> ListCondition:
    """A promise of theirs has come to this step."""
    return ListCondition(AT_LEAST, (least,))


def _choices(here: FilterContext) -> list[tuple[str, str]]:
    return [("", gettext("Any")), ("oui", gettext("At risk")), ("gestion", gettext("Escalated requests"))]


FILTER = QueueFilter(
    name="alerte",
    after=PRIORITY,
    title=lambda: gettext("Warnings"),
    narrow=lambda searcher, values: {"conditions": (raised_to(LEAST[values[0]]),) if values[0] in LEAST else ()},
    say=lambda here, value: gettext("Escalated requests") if value == "gestion" else gettext("At risk"),
    choices=_choices,
    at_hand="oui",
)


async def steps_of(rows: Sequence[Row]) -> dict[str, int]:
    """How far a promise of each has come, by reference, where it was raised at all."""
    references = {row.id: row.reference for row in rows}
    marks = ", ".join(["{}"] * len(references))
    found = await Clock.raw(STEPS.format(marks), *references) if rows else []
    return {references[row["request"]]: row["step"] for row in found}


async def _marks(room: DeskContext, rows: Sequence[Row]) -> Mapping[str, str]:
    steps = await steps_of(rows)
    return {
        reference: gettext("at risk") if step == WARNED else gettext("escalated") for reference, step in steps.items()
    }


MARK = QueueMark(name="raised", find=_marks, icon="clock")
