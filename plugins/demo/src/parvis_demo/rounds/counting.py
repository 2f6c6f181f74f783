"""What the dashboard says of the rounds: how many visits are ahead, and how many each crew had and has."""

from collections.abc import Iterator

from msgspec import Struct

from parvis_demo.rounds.panels import AHEAD, CREW
from parvis_demo.rounds.planning import PlannedRound, planned_in
from parvis_demo.rounds.settings import Settings
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Table
from parvis_sdk.figures import CountedRequest, Figure, FigureView
from parvis_sdk.text import Text

VISITS, BY_CREW = Text(fr="Visites à venir", en="Visits to come"), Text(fr="Visites par équipe", en="Visits by crew")
VISITS_SAY = Text(
    fr="Les requêtes ouvertes qui sont sur une tournée d’aujourd’hui ou d’un jour à venir.",
    en="Open requests that are on a round of today or of a day to come.",
)
BY_CREW_SAY = Text(
    fr="Par équipe, les visites au programme pendant la période, et celles d’aujourd’hui ou d’un jour à venir.",
    en="By crew, the visits on the schedule in the period, and those of today or of a day to come.",
)
IN_PERIOD, TO_COME = Text(fr="Pendant la période", en="In the period"), Text(fr="À venir", en="To come")
Visit = tuple[CountedRequest, PlannedRound]


class RoundFigures(Struct, frozen=True, kw_only=True):
    """The figures of these crews."""

    settings: Settings

    def figures(self) -> Iterator[Figure]:
        yield Figure(code="visits-to-come", title=VISITS, explanation=VISITS_SAY, count=self.visits_to_come)
        yield Figure(code="visits-by-crew", title=BY_CREW, explanation=BY_CREW_SAY, count=self.visits_by_crew)

    async def visits_to_come(self, view: FigureView, lent: Connection) -> int:
        """Of requests that are still open."""
        return sum(_is_ahead(each, view) for each in _visits(view))

    async def visits_by_crew(self, view: FigureView, lent: Connection) -> Table | None:
        """A line for each crew; no table where no request is on a round."""
        visits = list(_visits(view))
        if not visits:
            return None
        since, until = view.since.isoformat(), view.until.isoformat()
        rows = []
        for crew in self.settings.crews:
            theirs = [each for each in visits if each[1].crew == crew.code]
            in_period = sum(since <= planned.day <= until for _, planned in theirs)
            rows.append((crew.name, in_period, sum(_is_ahead(each, view) for each in theirs)))
        return Table(caption=BY_CREW, columns=(CREW, IN_PERIOD, TO_COME), rows=tuple(rows))


def _visits(view: FigureView) -> Iterator[Visit]:
    return ((each, planned) for each in view.requests if (planned := planned_in(each.remembered)) is not None)


def _is_ahead(visit: Visit, view: FigureView) -> bool:
    request, planned = visit
    return request.phase in AHEAD and planned.day >= view.today.isoformat()
