"""A town that alerts its operators, and the messages that they have received."""

from datetime import timedelta

import msgspec
import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.http_client import Clients
from parvis.sections import OutgoingSettings

TO = "exploitation@ville.example"


@pytest.fixture
def alerted(make_town, connector):
    """A town whose operators are written to."""

    def make(**given):
        town = make_town(connector(**given))
        town.host.of(Clients).outgoing = OutgoingSettings(private=("127.0.0.0/8",), alerts=(TO,))
        return town

    return make


async def mails():
    """The waiting messages to operators, oldest first."""
    rows = await Delivery.select(Delivery.event).where(Delivery.subscriber == "channel:email").order_by(Delivery.id)
    sent = [msgspec.json.decode(row["event"])["message"] for row in rows]
    return [each for each in sent if each.get("to") == TO]


async def later(host, **ahead):
    """The messages received after a given time; for tests with `parvis-alerts`."""
    from parvis_alerts.telling import tell_of_what_lasts

    with clock.moved_to(clock.now() + timedelta(**ahead)):
        await tell_of_what_lasts(host)
    return await mails()
