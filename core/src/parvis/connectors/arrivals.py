"""News of another system, taken in once, in whatever order it comes; what cannot be placed is kept, never dropped.

| what comes | what becomes of it |
|---|---|
| news of a request of ours | "taken": note, files, payment and move take effect in one transaction |
| the same news again | "repeated": nothing |
| news older than what was taken in for the same thing | "late": noted, and moves nothing |
| a move that is not allowed now, as for a closed request | "taken": noted, with the reason why it did not move |
| news of nothing that we know | "unknown": a stray, until an operator matches it |
| a number that several requests have | "ambiguous": a stray |
| news of one request under the number of another | "foreign": a stray, and nothing of it is written |
| a request of a town that has not enabled the plugin | "elsewhere": a stray |
| a request whose personal data was destroyed | "erased": a stray that is dropped at once, without its words |
"""

import msgspec
from msgspec import structs

from parvis.connectors import unmatched_updates
from parvis.requests.applied_outcomes import UNPLACED, Arrival, apply_update
from parvis.requests.heart import Heart
from parvis_sdk.connectors import Connector
from parvis_sdk.subscriptions import Update


async def take(heart: Heart, connector: Connector, update: Update) -> Arrival:
    """Take one piece of news in; what cannot be placed becomes a stray."""
    plugin = heart.house.connected_by(connector.name)
    arrival = await apply_update(heart, connector.name, update, plugin=plugin.name if plugin else "")
    if arrival in UNPLACED:
        kept = structs.replace(update, note=None, files=(), given={}) if arrival == "erased" else update
        body = msgspec.json.encode(kept).decode()
        await unmatched_updates.keep(heart, connector.name, update, body, arrival)
    return arrival
