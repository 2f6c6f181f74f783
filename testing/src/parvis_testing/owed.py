"""A person who is owed a call or a letter because no message can reach them."""

from datetime import timedelta
from typing import Any

from parvis.outbox import claim
from parvis.requests.applied_outcomes import settle
from parvis.requests.records import Record
from parvis_sdk.requests import Urgency
from parvis_sdk.subscriptions import ByHand, Outcome
from parvis_sdk.text import Text
from parvis_testing.desk import Desk

HAROLD = {"mode": "named", "name": "Harold Pike", "phone": "514 555-0163"}
SAID = Text(fr="L’équipe passe <jeudi>.", en="The crew comes on <Thursday>.")


async def owed(
    desk: Desk,
    way: str = "phone",
    person: dict[str, str] = HAROLD,
    unit: str = "",
    urgency: Urgency = "normal",
    **given: Any,
) -> Record:
    """A request whose person is owed a call."""
    record = await desk.request(requester=person, **given)
    (claimed,) = await claim(desk.host.engine, "w", {"notify.tell": 1}, most=1, lease=timedelta(seconds=60))
    about = Text(fr="Travaux prévus", en="Work planned")
    told = ByHand(way="letter" if way == "letter" else "phone", about=about, say=SAID, urgency=urgency)
    await settle(desk.host, claimed, Outcome(by_hand=told))
    return record
