"""The API and the desk of a town with a module's types and requests in every other situation.

A `conftest.py` that takes these fixtures has one of its own, `more_types`, of the scope of a session.
"""

import pytest
from msgspec import structs

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_testing.api import calling
from parvis_testing.crowded import crowded_plugin
from parvis_testing.desk import Desk
from parvis_testing.modules import switch
from parvis_testing.town import with_own_deployment

__all__ = ["api", "crowded_app", "desk", "nobody_calls_too_often", "systems"]


@pytest.fixture(scope="session")
def systems():
    """The connectors of the test; none by default."""
    return ()


@pytest.fixture(scope="session")
def crowded_app(tmp_path_factory, modules, more_types, systems):
    """An application with every kind of request type, made once."""
    data = tmp_path_factory.mktemp("crowded")
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    app = create_app(
        settings, plugins=[DiscoveredPlugin.of("town", crowded_plugin(*more_types, systems=systems))], modules=modules
    )
    assert not app.state.deployment.host.plugins.troubles
    return app, app.state.dict()


@pytest.fixture
async def api(database_url, tmp_path, crowded_app):
    """Its API, with a new host for this test."""
    app, first = crowded_app
    with_own_deployment(app, first, structs.replace(first["deployment"].settings, data=tmp_path, database=database_url))
    async with calling(app) as api:
        await switch(api.host, "on")
        yield api


@pytest.fixture
async def desk(api):
    """Its desk, on the same host."""
    desk = Desk(api.app)
    yield desk
    for client in desk.clients:
        await client.aclose()


@pytest.fixture
def nobody_calls_too_often(monkeypatch):
    """Lifts the limits of calls and of entries of one request."""
    monkeypatch.setattr("parvis.api.calls.Pace.allows", lambda *_: True)
    monkeypatch.setattr("parvis.requests.changing.MOST_AN_HOUR", 10**6)
    monkeypatch.setattr("parvis.requests.changing.MOST_ENTRIES", 10**6)
