"""One connector for each endpoint: its events, and how it is called, checked and tried out."""

import httpx

from parvis_sdk.connectors import Checked, Connection, Connector, Pace
from parvis_sdk.errors import Later
from parvis_sdk.events import (
    Amended,
    Assigned,
    Erased,
    Event,
    Followed,
    Happened,
    Joined,
    LetIn,
    Moved,
    Noted,
    Raised,
    Received,
    Replied,
    Rescheduled,
    Submitted,
    Withdrawn,
)
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.text import Text
from parvis_webhooks.client import send
from parvis_webhooks.mapping import payload_of, ping_at
from parvis_webhooks.settings import Endpoint, EventName, Settings, secrets_of

EVENTS: dict[EventName, type[Event]] = {
    "submitted": Submitted,
    "moved": Moved,
    "happened": Happened,
    "noted": Noted,
    "replied": Replied,
    "rescheduled": Rescheduled,
    "raised": Raised,
    "received": Received,
    "assigned": Assigned,
    "amended": Amended,
    "withdrawn": Withdrawn,
    "followed": Followed,
    "let_in": LetIn,
    "joined": Joined,
    "erased": Erased,
}
SIGNED = Text(
    fr="Le secret est lisible (signatures par envoi\u00a0: {many}).",
    en="The secret can be read (signatures per call: {many}).",
)
UNSIGNED = Text(fr="Le secret est illisible\u00a0: {why}", en="The secret cannot be read: {why}")
ANSWERS = Text(fr="L’adresse répond (HTTP {status}).", en="The address responds (HTTP {status}).")
SILENT = Text(fr="L’adresse ne répond pas\u00a0: {why}", en="The address is not responding: {why}")


class Webhook:
    """One endpoint, told over the clients that the host lends."""

    def __init__(self, settings: Settings, endpoint: Endpoint) -> None:
        self.settings = settings
        self.endpoint = endpoint

    def connector(self) -> Connector:
        """The endpoint as a connector; one that gets personal data is told of erasures, whatever it subscribes to."""
        endpoint = self.endpoint
        heard = [EVENTS[name] for name in endpoint.events]
        if endpoint.needs and Erased not in heard:
            heard.append(Erased)
        title = endpoint.title or endpoint.name
        return Connector(
            name=f"webhook_{endpoint.name}",
            title=Text(fr=f"Webhook {title}", en=f"Webhook {title}"),
            address=endpoint.url,
            deliver=self.deliver,
            events=tuple(heard),
            needs=endpoint.needs,
            types=endpoint.types,
            towns=endpoint.towns,
            pace=Pace(at_once=endpoint.at_once, per_second=endpoint.per_second, seconds=endpoint.seconds),
            check=self.check,
            trial=self.trial,
        )

    async def deliver(self, event: Event, request: ServiceRequest, connection: Connection) -> None:
        """Tell the endpoint of one event."""
        payload = payload_of(event, request, self.endpoint.needs)
        await send(connection, self.endpoint.url, self._secrets(), payload)

    async def trial(self, connection: Connection) -> str:
        """Send a signed ping."""
        answer = await send(connection, self.endpoint.url, self._secrets(), ping_at(connection.now))
        return f"HTTP {answer.status_code} {answer.text[:500]}".strip()

    async def check(self, connection: Connection) -> tuple[Checked, ...]:
        """Whether there is a secret, and whether the address answers anything; whether it believes us, a trial says."""
        try:
            settings = Checked(code="settings", ok=True, said=SIGNED.format(many=len(self._secrets())))
        except Later as error:
            settings = Checked(code="settings", ok=False, said=UNSIGNED.format(why=error.words))
        try:
            answer = await connection.http.head(self.endpoint.url)
        except httpx.TransportError as error:
            why = str(error) or type(error).__name__
            return settings, Checked(code="reachable", ok=False, said=SILENT.format(why=why))
        return settings, Checked(code="reachable", ok=True, said=ANSWERS.format(status=answer.status_code))

    def _secrets(self) -> tuple[str, ...]:
        try:
            return secrets_of(self.settings, self.endpoint)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise Later(
                Text(fr=f"son secret est illisible\u00a0: {why}", en=f"its secret cannot be read: {why}")
            ) from error
