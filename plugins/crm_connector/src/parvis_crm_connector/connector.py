"""The connector itself: one sign-in, and what is done with each event, poll, check and comparison."""

from datetime import datetime, timedelta

from parvis_crm_connector import cases, checking, erasing
from parvis_crm_connector.client import Dataverse
from parvis_crm_connector.mapping import CASES, table
from parvis_crm_connector.news import ChangeReader
from parvis_crm_connector.settings import NAME, Settings
from parvis_sdk.connectors import Checked, Connection, Connector, News, Pace, Theirs
from parvis_sdk.events import (
    Amended,
    Assigned,
    ContactChanged,
    Erased,
    Event,
    Happened,
    Joined,
    Moved,
    Received,
    Replied,
    Rescheduled,
    Submitted,
    Withdrawn,
)
from parvis_sdk.oauth import ClientCredentials, secret_in
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

TITLE = Text(fr="Relations avec la population (CRM)", en="Citizen relations (CRM)")
EVENTS = (
    *(Submitted, Moved, Happened, Replied, Rescheduled, Received, ContactChanged),
    *(Assigned, Amended, Withdrawn, Joined, Erased),
)


class Relations:
    """What lives as long as the process: the settings, the sign-in, and who we are there."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        secret = secret_in(settings.client_secret, settings.client_secret_file)
        self.access = ClientCredentials(settings.token_url, settings.client_id, secret, settings.scope)
        self._us = ""

    async def deliver(self, event: Event, request: ServiceRequest, connection: Connection) -> Outcome | None:
        """Bring the other side up to date with a request, or erase it there."""
        mapping = table(self.settings, CASES, request.type)
        if mapping is None or (isinstance(event, Joined) and event.did == "moved"):  # a step of the other one
            return None
        crm = self._crm(connection)
        us = await self._who(crm)
        if isinstance(event, Erased):
            await erasing.erase(crm, self.settings, mapping, request, us)
            return None
        return await cases.deliver(crm, self.settings, mapping, event, request, us)

    async def changes(self, connection: Connection, cursor: str) -> News:
        """What their people did since."""
        return await (await self._reading(connection)).changes(cursor)

    async def listed(self, connection: Connection, since: datetime, until: datetime) -> tuple[Theirs, ...]:
        """Our cases there that were touched within a period."""
        return await (await self._reading(connection)).listed(since, until)

    async def check(self, connection: Connection) -> tuple[Checked, ...]:
        """Settings, reachable, allowed."""
        return await checking.check(self._crm(connection), self.settings)

    async def _reading(self, connection: Connection) -> ChangeReader:
        crm = self._crm(connection)
        return ChangeReader(crm, self.settings, connection, await self._who(crm))

    async def _who(self, crm: Dataverse) -> str:
        self._us = self._us or await crm.who_am_i()
        return self._us

    def _crm(self, connection: Connection) -> Dataverse:
        return Dataverse(self.settings.base_url, self.access, connection)


def connector_for(settings: Settings) -> Connector:
    """The connector of these settings."""
    relations = Relations(settings)
    return Connector(
        name=NAME,
        title=TITLE,
        address=settings.base_url,
        deliver=relations.deliver,
        events=EVENTS,
        needs=settings.needs,
        types=settings.types,
        towns=settings.towns,
        pace=Pace(at_once=settings.at_once, per_second=settings.per_second, seconds=settings.seconds),
        mappings=settings.mappings,
        changes=relations.changes,
        every=timedelta(seconds=settings.every),
        check=relations.check,
        listed=relations.listed,
    )
