"""On which round a request is: planned when it comes in, with a proposal for what lies on the way."""

from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis_demo.rounds.settings import Settings
from parvis_sdk.events import Event, Submitted
from parvis_sdk.finding import Finder, FoundRequest, Scope
from parvis_sdk.proposals import Proposal
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.subscriptions import Outcome, Subscription
from parvis_sdk.tasks import Task
from parvis_sdk.text import Text

NEAR = 40  # metres: the crew does not move its truck
OPEN = (Phase.RECEIVED, Phase.IN_PROGRESS)
MOST_NEAR = 5
ON_THE_WAY = Text(
    fr="À moins de {metres}\u00a0m, pour la même équipe\u00a0: à faire en un seul passage (tournée {round}).",
    en="Within {metres} m, for the same crew: to be done in one visit (round {round}).",
)

ON_ONE_SHEET = Text(fr="Compléter la feuille de route {round}", en="Complete the round sheet {round}")
TO_WRITE = Text(
    fr="L’équipe fait tout en une visite\u00a0: inscrivez sur la même feuille les requêtes voisines ({others}).",
    en="The crew does everything in one visit: write the nearby requests on the same sheet ({others}).",
)


class PlannedRound(Struct, frozen=True, kw_only=True):
    """The round of one request, as it is remembered: the crew, its day, its number, and requests near by."""

    crew: str
    day: str
    number: str
    near: tuple[str, ...] = ()


class Planner(Struct, frozen=True, kw_only=True):
    """Plans requests by the crews of the settings."""

    settings: Settings

    def subscription(self) -> Subscription:
        types = self.settings.types
        scope = Scope(types=types, place=True, moves=(self.settings.step,) if self.settings.step else ())
        return Subscription(name="plan", events=(Submitted,), handler=self.plan, types=types, finds=(scope,))

    async def plan(self, event: Event, request: ServiceRequest, finder: Finder) -> Outcome | None:
        """The next round of its crew. What is alike is a duplicate, which the desk shows without us."""
        crew = self.settings.crew_of(request.type)
        if crew is None:
            return None
        came_on = request.submitted_at.astimezone(ZoneInfo(request.jurisdiction.time_zone)).date()
        day = crew.next_day(came_on)
        number = crew.round_of(day)
        near = [each for each in await _near(request, finder) if each.type in crew.types][:MOST_NEAR]
        reason = ON_THE_WAY.format(metres=NEAR, round=number)
        is_open = request.phase in OPEN  # one of long ago is told of late
        planned: dict[str, Any] = {"crew": crew.code, "day": day.isoformat(), "number": number}
        return Outcome(
            remember=planned | {"near": [each.reference for each in near]},
            proposals=tuple(
                Proposal(to=each.reference, tie=True, reason=reason, **self._planned(each, day.isoformat()))
                for each in near
            ),
            tasks=(self._sheet(number, len(near)),) if near and is_open else (),
        )

    def _sheet(self, number: str, others: int) -> Task:
        """What somebody does before the crew leaves for several requests at once."""
        return Task(
            key=f"sheet {number}", title=ON_ONE_SHEET.format(round=number), what=TO_WRITE.format(others=others), days=1
        )

    def _planned(self, found: FoundRequest, day: str) -> dict[str, Any]:
        """That what nobody has begun is planned for the day of the round."""
        if not self.settings.step or found.phase != Phase.RECEIVED:
            return {}
        return {"move": self.settings.step, "given": {self.settings.day: day}}


async def _near(request: ServiceRequest, finder: Finder) -> list[FoundRequest]:
    if request.place is None or request.place.lon is None:
        return []
    found = await finder.find(near=(request.place, NEAR))
    before = [each for each in found if each.submitted_at < request.submitted_at]  # of two, only the later one proposes
    return [each for each in before if each.phase in OPEN and each.type != request.type]


def planned_in(remembered: Any) -> PlannedRound | None:
    """The round of a request, of what is remembered about it."""
    if not remembered.get("number"):
        return None
    return PlannedRound(
        crew=str(remembered["crew"]),
        day=str(remembered["day"]),
        number=str(remembered["number"]),
        near=tuple(remembered.get("near", ())),
    )
