"""Shared data for tests of requests: two types, towns with other types, a picture."""

import dataclasses
import io
from types import ModuleType

import pikepdf
import pytest
from PIL import Image

from parvis.notify import plugin as notify
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.declarations import Declarations
from parvis.requests.request_service import RequestService
from parvis_sdk.hooks import hookimpl
from parvis_testing.lamps import lit as lit
from parvis_testing.modules import standing_in
from parvis_testing.street import Street


@pytest.fixture
def hole(town):
    return town.host.plugins.request_types["hole"]


@pytest.fixture
def quarrel(town):
    return town.host.plugins.request_types["quarrel"]


@pytest.fixture
def town_of(town, town_plugin):
    """The same town with other request types and the same subscriptions."""

    def make(*types):
        module = ModuleType("another_town_plugin")

        @hookimpl
        def request_types():
            return list(types)

        module.request_types = request_types
        module.subscriptions = town_plugin.plugin.subscriptions
        plugins = load_plugins([DiscoveredPlugin.of("town", module)])
        assert not plugins.troubles, plugins.troubles
        host = dataclasses.replace(town.host.without(Declarations, *standing_in(town.host)), plugins=plugins)
        return dataclasses.replace(town, host=host, counter=RequestService(host))

    return make


@pytest.fixture
def street(town, town_plugin):
    plugins = load_plugins([town_plugin, DiscoveredPlugin.of("notify", notify)])
    assert not plugins.troubles
    host = dataclasses.replace(town.host.without(Declarations), plugins=plugins)
    return Street(dataclasses.replace(town, host=host, counter=RequestService(host)))


@pytest.fixture
def picture():
    """A small photo."""
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture(scope="session")
def plan():
    """A PDF of one empty page."""
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written, static_id=True)
    return written.getvalue()
