"""Where programs read the calendar of an agent, by a private address and without a cookie."""

from litestar import Response, get
from litestar.params import FromPath

from parvis.i18n import speaking
from parvis.people.agents import get_agent
from parvis.viewers import can_work
from parvis_feeds.agent_calendar import calendar_of
from parvis_feeds.asking import AnyRequest, asked, nothing
from parvis_feeds.calendar_addresses import subscriber_of
from parvis_sdk.text import Text

ROOT = "/agenda"
SUFFIX = ".ics"
HEADERS = {"cache-control": "private, no-store", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}
GONE = Text(
    fr="Cette adresse n’est pas valide, ou elle a été révoquée.", en="This address is not valid, or was revoked."
)


@get(f"{ROOT}/{{name:str}}", name="agent-calendar")
async def read_calendar(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """The calendar behind a private address, as long as its owner works for the town."""
    call = await asked(request)
    secret = name.removesuffix(SUFFIX)
    whose = await subscriber_of(secret) if name.endswith(SUFFIX) and len(secret) <= 100 else None
    town = call.host.jurisdictions.get(whose.jurisdiction) if whose else None
    person = await get_agent(call.host.engine, whose.agent) if whose and town else None
    if town is None or person is None or not can_work(person, town.code) or not call.host.modules.of(town).has("feeds"):
        raise nothing(GONE)
    with speaking(person.language, town.time_zone):
        content = await calendar_of(call.host, town, person)
    return Response(content, media_type="text/calendar", headers=HEADERS)
