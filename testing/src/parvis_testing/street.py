"""A street where several people report one pothole, and who is told about each action."""

import msgspec

from parvis.access_scope import Reach
from parvis.db.tables import Delivery
from parvis.notify.telling import tell
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import request_for
from parvis.requests.persons.followers import confirm, follow, followers_of
from parvis.requests.records import Record, find
from parvis.requests.visibility import Viewer
from parvis_sdk.events import AnyEvent

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def an_agent(unit="", rights=("see", "work")):
    return Viewer(
        kind="agent", id="ana", reaches=(Reach(permissions=frozenset(rights), jurisdiction="parvis", unit=unit),)
    )


EVERYWHERE = an_agent()


class Street:
    """A town that sends messages, and several people who report one pothole."""

    def __init__(self, town):
        self.town, self.host = town, town.host

    async def report(self, name, **more):
        person = {"mode": "named", "name": name, "email": f"{name.lower()}@exemple.ca"} | more.pop("person", {})
        receipt = await self.town.submit(**more.pop("of", {}), requester=person, **more)
        return await self.town.record(receipt.reference)

    async def now(self, record):
        return await self.town.record(record.reference)

    async def follow(self, record, email):
        await follow(self.host, record.reference, email, "fr")
        asked = [each for each in await followers_of(self.host, await self.now(record)) if each.email == email]
        assert await confirm(self.host, asked[0].stop_url.rsplit("/", 1)[-1])

    async def told(self, doing):
        """The recipients, requests and messages that result from `doing`."""
        before = {row["id"] for row in await Delivery.select(Delivery.id)}
        assert isinstance(await doing, Record)
        said = []
        for row in await Delivery.select().where(Delivery.subscriber == "notify.tell").order_by(Delivery.id):
            if row["id"] in before:
                continue
            event = msgspec.json.decode(row["event"], type=AnyEvent)
            record = await find(self.host, row["reference"])
            outcome = await tell.handler(event, await request_for(self.host, record, ("contact", "followers")))
            if outcome is not None:
                said += [(each.to, row["reference"], each.text) for each in outcome.messages]
                said += [("by hand", row["reference"], outcome.by_hand.say.to("fr"))] if outcome.by_hand else []
        return said

    def move(self, record, transition="start"):
        return make_move(self.host, record.reference, transition, {}, actor=ANA, mover="agent")
