"""What nobody should send to the operations of connectors and somebody will: each answer is clear."""

from types import ModuleType

import pytest
from msgspec import structs

from parvis.api.operations import operations_of
from parvis.plugins.registry import DiscoveredPlugin, PluginDeclarations
from parvis_connectors import api as operations
from parvis_sdk.endpoints import Endpoint, EndpointAnswer, Public
from parvis_sdk.text import Text
from parvis_testing.crowded import NOBODY, TOKEN, reported, scene
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly

OPERATIONS = operations_of((operations,), "connectors")
WRITING = [each for each in OPERATIONS if each.method != "get"]


async def called(api):
    """A request, and the connector that another system calls; it finds no call signed."""
    return (await scene(api, "hole", connector="crew"))[0]


async def repeated(asked):
    return EndpointAnswer(json={"said": asked.json()})


async def called_plugin(api):
    """A request, and an endpoint that says again what anybody sends it."""
    title = Text(fr="Écho", en="Echo")
    echo = Endpoint(code="echo", title=title, auth=Public(per_minute=600), answer=repeated)
    found = DiscoveredPlugin.of("town", ModuleType("test_hostile"))
    heard = PluginDeclarations(found=found, settings=None, lists={"endpoints": [echo]})
    object.__setattr__(api.host, "plugins", structs.replace(api.host.plugins, heard=(heard,)))
    return (await scene(api, "hole", plugin="town", endpoint="echo"))[0]


# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {
    "take_connector_call": (called, ({"key": "1", "reference": "7"},), (NOBODY, TOKEN)),
    "call_plugin_endpoint": (called_plugin, ({"key": "1", "reference": "7"},), (NOBODY, TOKEN)),
}


@pytest.fixture(autouse=True)
def nobody_calls_too_often(monkeypatch):
    monkeypatch.setattr("parvis.api.calls.Pace.allows", lambda *_: True)


@pytest.mark.parametrize("operation", WRITING, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly_and_nothing_unsigned_is_taken(api, operation):
    taken = await bodies_answered_clearly(api, operation, SENT[operation.id])
    assert bool(taken) is (operation.id == "call_plugin_endpoint")  # which anybody may call


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT.get(operation.id, (reported, ({},), (TOKEN,))))


def test_each_operation_that_writes_is_tried_and_loses_nothing_of_two_at_once():
    """The other system names what it tells of: what is told twice is taken once (see `api/test_connector_calls.py`)."""
    assert set(SENT) == {each.id for each in WRITING}
