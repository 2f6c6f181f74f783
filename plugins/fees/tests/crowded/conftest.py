"""A town that is paid, with charges beside requests in every other situation: its API, and its desk."""

import pytest

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_testing.crowded_town import *

from ..charged import paid_plugin, with_purse


@pytest.fixture(scope="session")
def crowded_app(tmp_path_factory, modules, jurisdictions):
    """An application with types of every kind, made once."""
    data = tmp_path_factory.mktemp("crowded")
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("parvis.deployment.load_jurisdictions", lambda folder, files: with_purse(jurisdictions))
        app = create_app(settings, plugins=[DiscoveredPlugin.of("town", paid_plugin())], modules=modules)
    assert not app.state.deployment.host.plugins.troubles
    return app, app.state.dict()
