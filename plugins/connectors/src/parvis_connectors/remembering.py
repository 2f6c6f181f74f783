"""What a connector keeps under one key about any request: the list of those that it still has to ask about."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from parvis.db.tables import Memory
from parvis.worker.connections import from_anywhere
from parvis_sdk.connectors import Connector

AT_ONCE = 200
RecallEach = Callable[..., Awaitable[Mapping[str, Any]]]


def recalling_each(connector: Connector) -> RecallEach:
    """The function that a poll of this connector is lent, to be called from the loop of its plugin."""

    async def found(asked: tuple[str, str]) -> Mapping[str, Any]:
        key, after = asked
        rows = (
            await Memory.select(Memory.request, Memory.value)
            .where(
                (Memory.plugin == connector.name)
                & (Memory.key == key)
                & (Memory.request != "")
                & (Memory.request > after)
            )
            .order_by(Memory.request)
            .limit(AT_ONCE)
        )
        return {row["request"]: msgspec.json.decode(row["value"]) for row in rows}

    home = from_anywhere(found)

    async def recall_each(key: str, after: str = "") -> Mapping[str, Any]:
        return await home((key, after))

    return recall_each
