"""The letters and text messages that wait to be sent."""

import json
import re

from parvis.db.tables import Delivery


async def letters_to(to, having=""):
    """What waits to be sent to an address or a number, oldest first."""
    rows = await Delivery.select(Delivery.event).order_by(Delivery.id)
    waiting = [json.loads(row["event"]).get("message", {}) for row in rows]
    return [each for each in waiting if each.get("to", "").lower() == to and having in each.get("text", "")]


def link_in(letter):
    """The first link of a letter, as a path of this server."""
    return re.search(r"https?://[^/\s]+(/\S+)", letter["text"])[1]
