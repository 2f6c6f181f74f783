"""A connector that minds every answer, and everything that a rehearsal plays it."""

from parvis_plugin_checks.rehearsals import rehearsals
from parvis_sdk.calling import called
from parvis_sdk.errors import Refused
from parvis_sdk.subscriptions import Outcome

URL = "http://orders.ville.example/orders"


async def careful(event, request, connection):
    """Keeps what it told, and says why where it is refused."""
    sent = {"about": request.reference, "town": request.jurisdiction.code}
    answer = await called(connection.http, "POST", URL, now=connection.now, json=sent)
    if not answer.is_success:
        raise Refused(f"it says no (HTTP {answer.status_code})")
    return Outcome(remember={"told": event.id})


async def all_of(town, **given):
    """The whole rehearsal of the town's connector."""
    return [each async for each in rehearsals(town.host, town.connector(), **given)]
