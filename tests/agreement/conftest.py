"""A host whose town has the types that a script is about, and a subscriber to every event."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from parvis.composition import Startup
from parvis.deployment import given
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.host import Host
from parvis.settings import Settings
from parvis.switches import Switchboard
from parvis_sdk.events import Amended, Happened, Moved, Submitted, Withdrawn
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription, on
from parvis_testing.modules import switch
from parvis_testing.town import *


@on(Submitted, Moved, Happened, Amended, Withdrawn)
async def listen(event: Any, request: Any) -> None:
    """Subscribes to every event, so that all of them are written among the deliveries."""


def plugin_of(*types: RequestType, subscriptions: Iterable[Subscription] = ()) -> ModuleType:
    module = ModuleType("test_agreement")
    module.request_types = hookimpl(lambda: list(types))
    module.subscriptions = hookimpl(lambda: [listen, *subscriptions])
    return module


@pytest.fixture
def hosted(database, jurisdictions, tmp_path, modules) -> Callable[..., Awaitable[Host]]:
    async def make(*types: RequestType, subscriptions: Iterable[Subscription] = ()) -> Host:
        plugins = load_plugins([DiscoveredPlugin.of("town", plugin_of(*types, subscriptions=subscriptions))])
        assert not plugins.troubles, plugins.troubles
        host = Host(
            engine=database,
            jurisdictions=jurisdictions,
            plugins=plugins,
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
        )
        host = replace(host, modules=Switchboard(modules))
        settings = Settings(territory=town_folder(), secret_key="a secret of thirty-two characters")
        host = host.having(*given(modules, Startup(settings, {}, host.plugins)))
        await switch(host, "on")
        return host

    return make
