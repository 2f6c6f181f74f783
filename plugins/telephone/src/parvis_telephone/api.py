"""What a telephone system tells by the API: a call that rings at an agent, and where its recording is kept."""

from msgspec import Struct

from parvis.api.calls import AnyRequest, Call, Given, body_of, faulty, text_in
from parvis.api.operations import operation
from parvis.i18n import gettext
from parvis.people.agents import Person, find_agent
from parvis.people.roles import permissions_of
from parvis.requests.links import town_url
from parvis_telephone.announced_calls import announce_call
from parvis_telephone.callers import dialled

PAGE = "/bureau/nouvelle"


class CallAnnouncement(Struct, frozen=True, kw_only=True):
    """A call: who calls, at whom it rings (the email of their account), its name in the telephone system.

    Sent again with the same name, it tells another agent, or where the recording is kept, until a request comes of it.
    """

    number: str
    agent: str
    call: str
    recording: str = ""


class AnnouncedCallShape(Struct, frozen=True, kw_only=True):
    """The page that the agent opens with the caller filled in; no address contains the number."""

    id: str
    link: str


@operation(
    "POST /calls",
    "Announce a call that rings at an agent; their page for callers shows it at once",
    body=CallAnnouncement,
    scope="calls:announce",
    tag="telephone",
    problems=(409,),
)
async def announce_incoming_call(call: Given[Call], request: AnyRequest) -> AnnouncedCallShape:
    body = await body_of(request)
    number = dialled(text_in(body, "number", most=60))
    if not number:
        raise faulty("number", "phone", gettext("`number` is not a telephone number."))
    agent = await find_agent(call.host.engine, text_in(body, "agent", most=254))
    if agent is None or not agent.active or not _takes_calls(agent, call.town.code):
        raise faulty("agent", "unknown", gettext("`agent` does not name a person who takes calls in this town."))
    id = await announce_call(
        call.host,
        call.town,
        agent=agent.id,
        number=number,
        call=text_in(body, "call", most=120),
        recording=text_in(body, "recording", most=300, required=False),
    )
    if id is None:
        raise faulty("call", "kept", gettext("A call with this name is already recorded with a request."), status=409)
    return AnnouncedCallShape(id=str(id), link=f"{town_url(call.host, call.town)}{PAGE}?appel={id}")


def _takes_calls(agent: Person, town: str) -> bool:
    return any(grant.jurisdiction == town and "intake" in permissions_of(grant.role) for grant in agent.grants)
