"""The days of the crews as an address that anybody may ask, for a site of the town or a wall in the depot."""

from zoneinfo import ZoneInfo

from parvis_demo.rounds.settings import Crew, Settings
from parvis_sdk.endpoints import Endpoint, EndpointAnswer, EndpointRequest, Public
from parvis_sdk.text import Text

TITLE = Text(fr="Prochaines tournées des équipes", en="Next rounds of the crews")


def calendar_of(settings: Settings) -> Endpoint:
    """Of each crew its next round."""

    async def answer(asked: EndpointRequest) -> EndpointAnswer:
        return EndpointAnswer(json={"crews": [_next(each, asked) for each in settings.crews]})

    return Endpoint(code="rounds", title=TITLE, auth=Public(per_minute=30), methods=("GET",), answer=answer)


def _next(crew: Crew, asked: EndpointRequest) -> dict[str, str]:
    day = crew.next_day(asked.at.astimezone(ZoneInfo(asked.town.time_zone)).date())
    return {"code": crew.code, "name": crew.name.fr, "day": day.isoformat(), "round": crew.round_of(day)}
