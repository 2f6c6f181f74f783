"""A town whose plugin finds lost things for found ones, and a worker that hands it its events."""

from dataclasses import replace

import pytest

from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.host import Host
from parvis.switches import Switchboard
from parvis_testing.modules import only, switch
from parvis_testing.town import *

from .things_town import ThingsTown, plugin_with


@pytest.fixture(scope="session")
def modules():
    return only("proposals")


@pytest.fixture
def having(database, jurisdictions, tmp_path, modules):
    """A town with a plugin of these nouns, where the module is on and nothing is granted."""

    async def plugged(*nouns, state="on") -> ThingsTown:
        found = DiscoveredPlugin.of("things", plugin_with(*nouns), distribution="parvis-things", version="1.0")
        plugins = load_plugins([found])
        assert [str(each) for each in plugins.troubles] == []
        host = Host(
            engine=database,
            jurisdictions=jurisdictions,
            plugins=plugins,
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
        )
        host = replace(host, modules=Switchboard(modules))
        await switch(host, state)
        return ThingsTown(host)

    return plugged
