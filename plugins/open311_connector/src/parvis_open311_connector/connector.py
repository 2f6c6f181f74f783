"""The connector of one neighbour: what goes there of each event, and how what comes back is asked for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from parvis_open311_connector.checking import check
from parvis_open311_connector.client import GeoReport
from parvis_open311_connector.filing import LONGEST_PERIOD, file_there, pages_of, stamp
from parvis_open311_connector.mapping import Held, came_from_there, held_of, reference_in, service_for
from parvis_open311_connector.news import StateReader
from parvis_open311_connector.reading import id_of
from parvis_open311_connector.settings import Neighbour, Service
from parvis_open311_connector.updates import tell, tell_of_erasure
from parvis_sdk.connectors import Checked, Connection, Connector, News, Pace, Theirs
from parvis_sdk.events import (
    Amended,
    Assigned,
    Erased,
    Event,
    Joined,
    Moved,
    Received,
    Replied,
    Resent,
    Submitted,
    Withdrawn,
)
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

EVENTS = (Submitted, Moved, Assigned, Amended, Replied, Received, Withdrawn, Joined, Erased)
CIRCLE = "circle"
FROM_THERE = Text(
    fr="La requête vient de {title}\u00a0: elle n’y est pas renvoyée.",
    en="The request came from {title}: it is not sent back.",
)


class Forwarding:
    """What is done with each event, poll and check of one neighbour."""

    def __init__(self, neighbour: Neighbour, keys: Mapping[str, str]) -> None:
        self.neighbour, self.key = neighbour, keys.get(neighbour.name, "")

    async def deliver(self, event: Event, request: ServiceRequest, connection: Connection) -> Outcome | None:
        """File what is theirs to do, and tell them of what happens to it here."""
        held = held_of(request.remembered)
        if isinstance(event, Erased):
            await tell_of_erasure(self._there(connection), self.neighbour, event, request)
            return None
        service = service_for(self.neighbour, request)
        if held is not None and (service is None or not goes_anew(service, event, held)):
            told = await tell(self._there(connection), self.neighbour, event, request, held)
            return Outcome(external_reference=held.id) if told else None
        if service is None:
            return None
        if held is None and not is_due(service, event, request):
            return None
        if came_from_there(self.neighbour, request):
            known = request.remembered.get(CIRCLE)
            words = FROM_THERE.format(title=self.neighbour.title)
            return None if known else Outcome(note=words, remember={CIRCLE: True})
        round = held.round + 1 if held is not None else 1
        return await file_there(self._there(connection), self.neighbour, service, event, request, connection, round)

    async def check(self, connection: Connection) -> tuple[Checked, ...]:
        """Settings, reachable, allowed."""
        return await check(self._there(connection), self.neighbour)

    async def listed(self, connection: Connection, since: datetime, until: datetime) -> tuple[Theirs, ...]:
        """The reports there that bear a reference of ours, of services that we file, within a period."""
        there, found = self._there(connection), dict[str, Theirs]()
        codes = ",".join(dict.fromkeys(each.to for each in self.neighbour.services))
        begin = since
        while begin < until:
            end = min(until, begin + LONGEST_PERIOD)
            asked = {"service_code": codes, "start_date": stamp(begin), "end_date": stamp(end)}
            async for rows in pages_of(there, asked):
                ours = {id_of(row): reference for row in rows if (reference := reference_in(row))}
                found |= {id: Theirs(external_reference=id, reference=each) for id, each in ours.items()}
            begin = end
        return tuple(found.values())

    async def changes(self, connection: Connection, cursor: str) -> News:
        """How our reports stand there."""
        return await StateReader(self._there(connection), self.neighbour, connection).changes(cursor)

    def _there(self, connection: Connection) -> GeoReport:
        return GeoReport(self.neighbour, self.key, connection)


def is_due(service: Service, event: Event, request: ServiceRequest) -> bool:
    """Whether a request that is not there yet goes there now."""
    if request.goes_on_with:
        return False
    if isinstance(event, Moved):
        return event.transition in (*service.after, *service.again)
    if isinstance(event, Resent):
        return request.phase is not Phase.CLOSED
    is_open = not service.after and request.phase is not Phase.CLOSED
    parted = isinstance(event, Joined) and event.did == "parted"
    return is_open and (parted or isinstance(event, Submitted | Assigned | Amended))


def goes_anew(service: Service, event: Event, held: Held) -> bool:
    """Whether a request goes there once more, as what was filed for it is closed there."""
    return isinstance(event, Moved) and event.transition in service.again and bool(held.closed or held.gone)


def connector_for(neighbour: Neighbour, keys: Mapping[str, str]) -> Connector:
    """The connector of one neighbour."""
    forwarding = Forwarding(neighbour, keys)
    return Connector(
        name=neighbour.name,
        title=neighbour.title,
        address=neighbour.url,
        deliver=forwarding.deliver,
        events=EVENTS,
        needs=neighbour.needs,
        types=neighbour.types,
        towns=neighbour.towns,
        pace=Pace(at_once=neighbour.at_once, per_second=neighbour.per_second, seconds=neighbour.seconds),
        mappings=neighbour.services,
        changes=forwarding.changes,
        check=forwarding.check,
        listed=forwarding.listed if neighbour.look and neighbour.reference_in == "description" else None,
        every=timedelta(seconds=neighbour.every),
        files_here_as=neighbour.files_here_as,
    )
