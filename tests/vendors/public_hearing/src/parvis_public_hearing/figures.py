"""What is counted of hearings beside the figures of requests."""

from parvis.requests.lists.module_figures import Figure
from parvis_sdk.text import Text

FIGURES = (
    Figure(
        code="hearings_held",
        title=Text(fr="Audiences publiques tenues", en="Public hearings held"),
        meaning=Text(
            fr="Les audiences publiques de la période dont il est noté qu’elles ont eu lieu.",
            en="The public hearings of the period that were noted as held.",
        ),
        table="public_hearing_session",
        condition="t.state = 'held'",
        during="starts_at",
        path="/bureau/audiences?etat=tenues",
    ),
)
