"""What is counted of visits beside the figures of requests."""

from parvis.requests.lists.module_figures import Figure
from parvis_sdk.text import Text

UNITS = ("r.unit", "t.unit")  # of the request, or of the visit

FIGURES = (
    Figure(
        code="visits_to_plan",
        title=Text(fr="Visites à planifier", en="Visits to be planned"),
        meaning=Text(
            fr="Les visites qui attendent un jour en ce moment, quelle que soit la période choisie.",
            en="The visits that wait for a day at this moment, whatever period was chosen.",
        ),
        table="inspection",
        condition="t.state = 'wanted' AND r.phase <> 'closed' AND r.erased_at IS NULL",
        units=UNITS,
        path="/bureau/visites",
        right="work",
    ),
    Figure(
        code="visits_overdue",
        title=Text(fr="Visites non corrigées à temps", en="Visits not corrected in time"),
        meaning=Text(
            fr="Les visites dont ce qui était à corriger ne l’a pas été au jour dit, en ce moment.",
            en="The visits of which what was to be corrected was not by the day that was said, at this moment.",
        ),
        table="inspection",
        condition="t.overdue AND r.erased_at IS NULL",
        units=UNITS,
        path="/bureau/visites?vue=retard",
        right="work",
    ),
)
