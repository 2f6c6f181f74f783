"""A town that people may answer by text message, and its desk."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis.deployment import built_in_plugins, found_inside, plugins_of
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.contacts import StoppedNumbers
from parvis.requests.declarations import Declarations
from parvis.requests.offered import TypesInTowns
from parvis.requests.request_service import RequestService
from parvis_testing.api import *
from parvis_testing.desk import *
from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only, switch
from parvis_testing.town import *
from parvis_testing.town import HOLE, Town, plugin_of
from parvis_text_messages.settings import Settings
from parvis_text_messages.stops import stopped_among

SECRET = "whsec_" + "QUFB" * 11
SETTINGS = Settings(secret=SECRET)


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("text_messages", "telephone"))


@pytest.fixture
async def texting(town, modules):
    """A town whose messages go into a mailbox, text messages too."""
    built_in = [found_inside(name, module) for name, module in built_in_plugins().items()] + [*plugins_of(modules)]
    given = settings_from({"notify": {"mode": "mailbox"}}, {})
    plugins = load_plugins([*built_in, DiscoveredPlugin.of("town", plugin_of(HOLE))], given)
    assert not plugins.troubles, plugins.troubles
    parvis = structs.replace(town.host.jurisdictions.jurisdiction("parvis"), plugins=None)
    jurisdictions = structs.replace(town.host.jurisdictions, by_code={"parvis": parvis})
    host = replace(town.host.without(Declarations, TypesInTowns), plugins=plugins, jurisdictions=jurisdictions)
    host = host.having(StoppedNumbers(among=stopped_among), SETTINGS)
    await switch(host, "on")
    return Town(host=host, counter=RequestService(host))
