"""What the page of a request says of its round: all of it at the desk, the day to the requester."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from msgspec import Struct

from parvis_demo.rounds.planning import PlannedRound, planned_in
from parvis_demo.rounds.settings import Settings
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, Fact, Facts, Link, Notice, RequestReference, Table, Words
from parvis_sdk.panels import Panel
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.text import Text

TITLE = Text(fr="Tournée de l’équipe", en="Crew round")
CREW, NUMBER = Text(fr="Équipe", en="Crew"), Text(fr="Tournée", en="Round")
DAY = Text(fr="Passage de l’équipe", en="Crew visit")
ON_SITE = Text(fr="Visite sur place", en="On-site visit")
NEAR_BY = Text(fr="Sur la même tournée, tout près", en="On the same round, close by")
REQUEST = Text(fr="Requête", en="Request")
SHEET = Text(fr="Feuille de route {number}", en="Route sheet {number}")
AFTER = Text(
    fr="Le passage est prévu après la date promise. Avisez l’équipe ou la personne.",
    en="The visit is planned after the promised date. Tell the crew or the requester.",
)
COMES = Text(
    fr="Une équipe passe voir sur place. Vous n’avez pas besoin d’être là.",
    en="A crew comes and looks. You do not need to be there.",
)
AHEAD = (Phase.RECEIVED, Phase.IN_PROGRESS)


class RoundPanels(Struct, frozen=True, kw_only=True):
    """The two panels of the plugin."""

    settings: Settings

    def panels(self) -> Iterator[Panel]:
        types = self.settings.types
        yield Panel(code="round", title=TITLE, shown_to=("desk",), types=types, show=self.at_the_desk)
        yield Panel(code="visit", title=ON_SITE, shown_to=("requester",), types=types, show=self.to_the_requester)

    async def at_the_desk(self, request: ServiceRequest, lent: Connection) -> tuple[Content, ...]:
        planned = planned_in(request.remembered)
        return tuple(self._told(request, planned)) if planned else ()

    async def to_the_requester(self, request: ServiceRequest, lent: Connection) -> tuple[Content, ...]:
        """While the visit may still be ahead; afterwards the page itself says what became of the request."""
        planned = planned_in(request.remembered)
        if planned is None or request.phase not in AHEAD:
            return ()
        fact = Fact(label=DAY, value=date.fromisoformat(planned.day))
        return (Words(text=COMES), Facts(rows=(fact, Fact(label=NUMBER, value=planned.number))))

    def _told(self, request: ServiceRequest, planned: PlannedRound) -> Iterator[Content]:
        crew, day = self.settings.crew(planned.crew), date.fromisoformat(planned.day)
        yield Facts(
            rows=(
                Fact(label=CREW, value=crew.name if crew else planned.crew),
                Fact(label=NUMBER, value=planned.number),
                Fact(label=DAY, value=day),
            )
        )
        if request.promised_at is not None and request.phase in AHEAD and day > request.promised_at.date():
            yield Notice(text=AFTER, tone="warn")
        if planned.near:
            rows = tuple((RequestReference(reference=each),) for each in planned.near)
            yield Table(caption=NEAR_BY, columns=(REQUEST,), rows=rows)
        if self.settings.sheets:
            yield Link(text=SHEET.format(number=planned.number), url=f"{self.settings.sheets}/{quote(planned.number)}")
