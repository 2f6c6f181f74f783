"""A town with a connector that takes calls, and requests in every situation: its API."""

import pytest

from parvis_sdk.connectors import Connector
from parvis_sdk.errors import Refused
from parvis_sdk.events import Submitted
from parvis_sdk.text import Text
from parvis_testing.crowded_town import *


async def deliver(event, request, connection):
    return None


async def understand(call):
    raise Refused("it is not signed")


CREW = Connector(
    name="crew",
    title=Text(fr="Équipes"),
    address="https://crew.example",
    events=(Submitted,),
    deliver=deliver,
    understand=understand,
)


@pytest.fixture(scope="session")
def systems():
    """One that takes calls."""
    return (CREW,)


@pytest.fixture(scope="session")
def more_types():
    """None beside those of the town."""
    return ()
