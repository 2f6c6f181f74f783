"""Who is kept away from a request: by their own word, by a manager's, or as a module has been told before.

The ids of those people stand in the request's row (`kept_from`), which the one rule of reach obeys in memory and in the
database alike: nothing else asks why.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Assigned
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS = 500
ALREADY = Text(
    fr="L’accès à la requête est déjà retiré à cette personne.",
    en="Access to the request is already withdrawn from this person.",
)
NOT_KEPT = Text(
    fr="L’accès à la requête n’est pas retiré à cette personne.",
    en="Access to the request is not withdrawn from this person.",
)


class RequestSubject(Struct, frozen=True, kw_only=True):
    """What a request is about, as its writer has it.

    Where no `contact` is named, the requester stays the same. `others` are names and e-mail addresses of people
    who come to it by the change; a `new` request has nobody let in yet.
    """

    request_type: RequestType
    record: Record
    contact: Requester | None = None
    others: tuple[tuple[str, str], ...] = ()
    new: bool = False


@dataclass(frozen=True)
class ExclusionSource:
    """Who knows ahead, in the towns that have its module, which people must have nothing to do with a request.

    `refusal` is shown to an agent who would let one of them back while it holds.
    """

    module: str = ""
    excluded: Callable[[Host, Jurisdiction, Sequence[RequestSubject]], Awaitable[frozenset[str]]] | None = None
    refusal: Text = ALREADY


async def excluded_from(host: Host, town: Jurisdiction, subjects: Sequence[RequestSubject]) -> frozenset[str]:
    """Before they are written: ids of people of the town who must have nothing to do with one of these."""
    source = host.of(ExclusionSource)
    if source.excluded is None or not host.modules.of(town).has(source.module):
        return frozenset()
    return await source.excluded(host, town, subjects)


async def exclusions_after(host: Host, town: Jurisdiction, subject: RequestSubject) -> dict[str, Any]:
    """Inside a transaction that changes what a request is about: the columns that follow; none where nothing does."""
    agents = await excluded_from(host, town, [subject]) - {*subject.record.excluded_agents}
    return _columns(subject.record, agents) if agents else {}


def exclusion(here: Situation, agent: str, line: Line, actor: Actor) -> Change:
    """The change that keeps a request from somebody; it is unassigned if they hold it."""
    columns = _columns(here.record, {agent})
    gone = (Assigned(**here.about(actor), unit=here.record.unit),) if "assignee" in columns else ()
    return Change(line=line, columns=columns, events=gone)


def _columns(record: Record, agents: Collection[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {"excluded_agents": tuple(sorted({*record.excluded_agents, *agents}))}
    return columns | ({"assignee": None} if str(record.assignee) in agents else {})


async def keep_away(
    host: Host, reference: str, agent: str, name: str, reason: str, *, actor: Actor
) -> Record | Denied | Conflict:
    """Keep a request from somebody on every page, list, figure and search; it is unassigned if they hold it."""

    async def plan(here: Situation) -> Change | Denied:
        if agent in here.record.excluded_agents:
            return Denied(code="not_possible", reason=ALREADY)
        return exclusion(here, agent, _line("kept_away", agent, name, reason), actor)

    return await change(host, reference, plan, actor=actor)


async def let_back(
    host: Host, reference: str, agent: str, name: str, reason: str, *, actor: Actor
) -> Record | Denied | Conflict:
    """What their roles give them over the request is theirs again."""

    async def plan(here: Situation) -> Change | Denied:
        if agent not in here.record.excluded_agents:
            return Denied(code="not_possible", reason=NOT_KEPT)
        if agent in await excluded_from(
            host, here.town, [RequestSubject(request_type=here.request_type, record=here.record)]
        ):
            return Denied(code="not_possible", reason=host.of(ExclusionSource).refusal)
        left = tuple(each for each in here.record.excluded_agents if each != agent)
        return Change(line=_line("let_back", agent, name, reason), columns={"excluded_agents": left})

    return await change(host, reference, plan, actor=actor)


def _line(kind: str, agent: str, name: str, reason: str) -> Line:
    words = clean(reason).strip()[:MOST_WORDS]
    return Line(kind=kind, audience="internal", body={"agent": agent, "name": name}, personal={"words": words})
