"""The desk of a running application, and plantings that were granted on condition."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis_grants.obligations import obligations_of
from parvis_testing.desk import *

from ..licensed import PLANTING

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
GRANTED = datetime(2026, 4, 1, 15, tzinfo=UTC)


@pytest.fixture
async def granted(desk):
    """The desk, and a request that owes a tree."""
    plugins = desk.host.plugins
    plugins.request_types["planting"] = PLANTING
    plugin = plugins.by_name["town"]
    plugins.by_name["town"] = structs.replace(plugin, request_types=(*plugin.request_types, "planting"))

    async def one():
        with clock.moved_to(GRANTED):
            record = await desk.request("planting", answers={})
            await make_move(desk.host, record.reference, "grant", {}, actor=ANA, mover="agent")
        (owed,) = await obligations_of(record.id)
        return record.reference, str(owed.id)

    return one
