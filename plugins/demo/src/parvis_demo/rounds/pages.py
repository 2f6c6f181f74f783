"""Pages of the rounds: the visits of a day at the desk, who goes round when for everybody and for operators."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from parvis_demo.rounds.panels import CREW, DAY, NUMBER, REQUEST
from parvis_demo.rounds.planning import PlannedRound, planned_in
from parvis_demo.rounds.settings import WEEKDAYS, Crew, Settings
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, Fact, Facts, Heading, Notice, RequestReference, Table, Words
from parvis_sdk.fields import Date, OneOf, Option
from parvis_sdk.pages import Page, PageView
from parvis_sdk.text import Text

ROUNDS, CREWS = Text(fr="Tournées des équipes", en="Crew rounds"), Text(fr="Équipes de voirie", en="Road crews")
ROUNDS_SAY = Text(fr="Les visites que les équipes ont au programme.", en="The visits on the crews’ schedule.")
CREWS_SAY = Text(fr="Équipes et jours de passage.", en="Crews and their days.")
TODAY, AHEAD = Text(fr="Aujourd’hui", en="Today"), Text(fr="À venir", en="To come")
SCHEDULE, VISITS = Text(fr="Programme", en="Schedule"), Text(fr="Visites", en="Visits")
DAYS = Text(fr="Jours de tournée", en="Days of the round")
NOT_AT_NIGHT = Text(
    fr="Les équipes ne passent ni la fin de semaine ni les jours fériés. En cas de danger, appelez le 311.",
    en="Crews do not come on weekends or holidays. In case of danger, call 311.",
)
COME_BY = Text(
    fr="Une requête envoyée aujourd’hui est sur la tournée suivante de son équipe.",
    en="A request sent today is on the next round of its crew.",
)
Visit = tuple[str, PlannedRound]


class RoundPages(Struct, frozen=True, kw_only=True):
    """The pages of these crews."""

    settings: Settings

    def pages(self) -> Iterator[Page]:
        crews = tuple(Option(code=each.code, label=each.name) for each in self.settings.crews)
        yield Page(
            code="rounds",
            title=ROUNDS,
            summary=ROUNDS_SAY,
            shown_to=("desk",),
            roles=("agent", "manager"),
            filters=(
                OneOf(code="crew", label=CREW, required=False, options=crews),
                Date(code="day", label=DAY, required=False),
            ),
            show=self.rounds,
        )
        yield Page(code="crews", title=CREWS, summary=CREWS_SAY, shown_to=("public", "operators"), show=self.crews)

    async def rounds(self, view: PageView, lent: Connection) -> tuple[Content, ...]:
        """How many visits are ahead, then those that the filters leave, the next day first."""
        visits = [(each.reference, planned) for each in view.kept if (planned := planned_in(each.remembered))]
        if not visits:
            return ()
        today = view.today.isoformat()
        counted = Facts(
            rows=(
                Fact(label=TODAY, value=sum(each.day == today for _, each in visits)),
                Fact(label=AHEAD, value=sum(each.day > today for _, each in visits)),
            )
        )
        wanted = sorted((each for each in visits if _is_wanted(each, view.filters)), key=lambda each: each[1].day)
        rows = tuple(self._row(each) for each in reversed(wanted))
        return (counted, Heading(text=SCHEDULE), Table(caption=VISITS, columns=(NUMBER, REQUEST, CREW, DAY), rows=rows))

    async def crews(self, view: PageView, lent: Connection) -> tuple[Content, ...]:
        """Who goes round on which days."""
        rows = tuple((each.name, _days_of(each)) for each in self.settings.crews)
        table = Table(caption=CREWS, columns=(CREW, DAYS), rows=rows)
        return (Words(text=COME_BY), table, Notice(text=NOT_AT_NIGHT, tone="warn"))

    def _row(self, visit: Visit) -> tuple[Any, ...]:
        reference, planned = visit
        crew = self.settings.crew(planned.crew)
        named = crew.name if crew else planned.crew
        return planned.number, RequestReference(reference=reference), named, date.fromisoformat(planned.day)


def _is_wanted(visit: Visit, filters: Mapping[str, Any]) -> bool:
    crew, day = filters.get("crew"), filters.get("day")
    return crew in (None, visit[1].crew) and (day is None or str(day) == visit[1].day)


def _days_of(crew: Crew) -> Text:
    days = [WEEKDAYS[each] for each in crew.on]
    return Text(fr=", ".join(each.fr for each in days), en=", ".join(each.en for each in days))
