"""What nobody should send to the API and somebody will: each answer is clear, and every error a problem (RFC 9457)."""

import pytest
from msgspec import structs

from parvis.api.routing import OPERATIONS
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_testing.api import calling
from parvis_testing.crowded import NOBODY, SENT, TOKEN, crowded_plugin, reported
from parvis_testing.hostile_calls import addresses_answered_clearly, bodies_answered_clearly
from parvis_testing.town import with_own_deployment

WRITING = [each for each in OPERATIONS if each.method in ("post", "put", "patch") and not each.upload]
READING = [each for each in OPERATIONS if each.method == "get"]
NOT_TAKEN = {  # refused for good reasons
    "revive_delivery",
}


@pytest.fixture(scope="module")
def crowded_app(tmp_path_factory):
    """An application with types of every kind, made once."""
    data = tmp_path_factory.mktemp("crowded")
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    app = create_app(settings, plugins=[DiscoveredPlugin.of("town", crowded_plugin())])
    troubles = app.state.deployment.host.plugins.troubles
    assert not troubles, troubles
    return app, app.state.dict()


@pytest.fixture
async def api(database_url, tmp_path, crowded_app, monkeypatch):
    """Its API, where nobody calls too often."""
    app, first = crowded_app
    monkeypatch.setattr("parvis.people.throttle.Pace.allows", lambda *_: True)
    monkeypatch.setattr("parvis.requests.changing.MOST_AN_HOUR", 10**6)
    monkeypatch.setattr("parvis.requests.changing.MOST_ENTRIES", 10**6)
    with_own_deployment(app, first, structs.replace(first["deployment"].settings, data=tmp_path, database=database_url))
    async with calling(app) as api:
        yield api


@pytest.mark.parametrize("operation", WRITING, ids=lambda each: each.id)
async def test_whatever_is_sent_is_answered_clearly(api, operation):
    taken = await bodies_answered_clearly(api, operation, SENT[operation.id])
    assert taken or operation.id in NOT_TAKEN


@pytest.mark.parametrize("operation", [*WRITING, *READING], ids=lambda each: each.id)
async def test_whatever_stands_in_the_address_is_answered_clearly(api, operation):
    await addresses_answered_clearly(api, operation, SENT.get(operation.id, (reported, ({},), (NOBODY, TOKEN))))


def test_no_operation_is_left_out():
    assert set(SENT) == {each.id for each in WRITING}
