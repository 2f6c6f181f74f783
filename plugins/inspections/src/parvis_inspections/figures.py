"""What is counted of visits beside the figures of requests."""

from parvis.requests.lists.module_figures import Figure
from parvis_sdk.text import Text

UNITS = ("r.unit", "t.unit")  # of the request, or of the visit

FIGURES = (
    Figure(
        code="visits_to_plan",
        title=Text(fr="Visites à planifier", en="Visits to plan"),
        meaning=Text(
            fr="Visites à planifier en ce moment, quelle que soit la période choisie.",
            en="Visits to plan at this time, whatever period is chosen.",
        ),
        table="inspection",
        condition="t.state = 'wanted' AND r.phase <> 'closed' AND r.erased_at IS NULL",
        units=UNITS,
        path="/bureau/visites",
        right="work",
    ),
    Figure(
        code="visits_overdue",
        title=Text(fr="Visites avec corrections en retard", en="Visits with overdue corrections"),
        meaning=Text(
            fr="Visites dont les corrections exigées ont dépassé leur échéance, en ce moment.",
            en="Visits whose required corrections are currently past their due date.",
        ),
        table="inspection",
        condition="t.overdue AND r.erased_at IS NULL",
        units=UNITS,
        path="/bureau/visites?vue=retard",
        right="work",
    ),
)
