"""A registry with two subscribers, and short ways to write and claim."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.outbox import claim, deliveries
from parvis.plugins import NamedSubscription, Origin, PluginRegistry
from parvis.troubles import only_words
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Moved, Noted, Submitted
from parvis_sdk.subscriptions import on

LEASE = timedelta(seconds=60)


def subscribed(name, *events, types=(), built_in=False):
    async def handler(event, request):
        return None

    origin = Origin(name=name.partition(".")[0], distribution=f"parvis-{name}", version="1.0", built_in=built_in)
    return NamedSubscription(
        name=name, origin=origin, subscription=on(*events, types=types, name=name.partition(".")[2])(handler)
    )


@pytest.fixture
def plugins():
    return PluginRegistry(
        subscriptions=(
            subscribed("erp.order", Submitted, Moved, types=("pothole",)),
            subscribed("notify.tell", Submitted, Moved, built_in=True),
        )
    )


class Outbox:
    """One request after another, written and claimed as the host and a worker do it."""

    def __init__(self, engine, plugins):
        self.engine, self.plugins = engine, plugins

    def submitted(self, reference="7K3M-9QXT-4"):
        return Submitted(
            id=str(new_id()), reference=reference, at=clock.now(), actor="requester", type="pothole", state="received"
        )

    def noted(self, reference="7K3M-9QXT-4"):
        return Noted(id=str(new_id()), reference=reference, at=clock.now(), actor="agent")

    def moved(self, transition, reference="7K3M-9QXT-4"):
        return Moved(
            id=str(new_id()),
            reference=reference,
            at=clock.now(),
            actor="agent",
            type="pothole",
            transition=transition,
            source="received",
            target="planned",
        )

    async def write(self, *events, request=None, type_code="pothole", plugins=None):
        async with transaction(self.engine):
            return await deliveries.write(
                self.plugins,
                events or [self.submitted()],
                request=request or new_id(),
                reference="7K3M-9QXT-4",
                type_code=type_code,
                plugins=plugins,
            )

    async def message(self, to="marie@example.org", request=None, channel="email"):
        message = OutgoingMessage(to=to, subject="Bonjour", text="Reçu.", language="fr", channel=channel)
        async with transaction(self.engine):
            return await deliveries.write_message(message, request=request or new_id(), reference="7K3M-9QXT-4")

    async def claim(self, worker="w1", most=20, room=None):
        room = room or {"erp.order": 20, "notify.tell": 20, "channel:email": 20}
        return await claim(self.engine, worker, room, most=most, lease=LEASE)

    async def finish(self, claimed, receipt=""):
        async with transaction(self.engine):
            return await deliveries.finish(claimed, receipt)

    async def postpone(self, claimed, wait=timedelta(minutes=1), trouble="the ERP is away"):
        async with transaction(self.engine):
            return await deliveries.postpone(claimed, clock.now() + wait, only_words(trouble))

    async def die(self, claimed, trouble="the ERP said no"):
        async with transaction(self.engine):
            return await deliveries.die(claimed, only_words(trouble))


@pytest.fixture
def outbox(database, plugins):
    return Outbox(database, plugins)
