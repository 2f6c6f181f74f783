"""One town with requests in every situation, its desk and its API: for what several people do at once.

Tests here cross the pages of the desk and run on PostgreSQL as well.
"""

import pytest
from msgspec import structs

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_testing.api import Api, calling
from parvis_testing.crowded import crowded_plugin
from parvis_testing.desk import Desk
from parvis_testing.town import with_own_deployment


@pytest.fixture(scope="session")
def crowded_app(tmp_path_factory):
    """An application with types of every kind, made once."""
    data = tmp_path_factory.mktemp("together")
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    app = create_app(settings, plugins=[DiscoveredPlugin.of("town", crowded_plugin())])
    return app, app.state.dict()


@pytest.fixture
async def api(database_url, tmp_path, crowded_app):
    """Its API, with a host of this test's own."""
    app, first = crowded_app
    with_own_deployment(app, first, structs.replace(first["deployment"].settings, data=tmp_path, database=database_url))
    async with calling(app) as api:
        yield api


@pytest.fixture
async def desk(api: Api):
    """Its desk, of the same host."""
    desk = Desk(api.app)
    yield desk
    for client in desk.clients:
        await client.aclose()
