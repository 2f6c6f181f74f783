"""Where a plugin connects a system and the module that reads it is missing, operators read so, and nothing is stuck."""

import asyncio
from types import ModuleType

import pytest
from click.testing import CliRunner

from parvis.cli import outbox
from parvis.outbox import circuits, listing
from parvis.outbox.operating import pause
from parvis.plugins import DiscoveredPlugin
from parvis.worker import Relay
from parvis_sdk.connectors import Connector, News
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text
from parvis_testing.operators import opened

TOLD = []


async def deliver(event, request, connection):
    TOLD.append(request.reference)


async def changes(connection, cursor):
    return News()


@pytest.fixture
def erp():
    module = ModuleType("test_erp_plugin")

    @hookimpl
    def connectors():
        given = {"address": "https://erp.example", "deliver": deliver, "events": (Submitted,)}
        return [Connector(name="orders", title=Text(fr="Bons de travail"), changes=changes, **given)]

    module.connectors = connectors
    TOLD.clear()
    return DiscoveredPlugin.of("erp", module, distribution="parvis-erp", version="1.2")


@pytest.fixture
async def site(settings, town_plugin, erp):
    async with opened(settings, [town_plugin, erp]) as site:
        yield site


async def test_the_module_that_is_missing_is_named_and_events_are_delivered(site):
    [trouble] = site.host.plugins.troubles
    assert (trouble.severe, trouble.plugin) == (False, "erp")
    assert "the module “connectors”, which receives updates from other systems, is not installed" in str(trouble)
    assert "install parvis-connectors" in str(trouble)
    await site.sign_in()
    page = await site.page("/extensions")
    assert "installez parvis-connectors" in page
    assert "Nouvelles de ses systèmes" in page
    assert (await site.get("/connecteurs")).status_code == 404
    assert "/exploitation/connecteurs" not in await site.page()
    await site.deliveries()
    await Relay(site.host).drain()
    assert len(TOLD) == 1
    [line] = await listing(("done",), subscriber="connector:orders")
    page = await site.page(f"/livraisons/{line.id}")
    assert "connecteurs" not in page


async def test_what_is_paused_stands_under_circuits_and_goes_on_by_a_command(site, monkeypatch):
    await pause(site.host.engine, "orders", "they move")
    await site.sign_in()
    page = await site.page("/circuits")
    assert "connector:orders" in page
    assert "they move" in page
    assert "parvis outbox resume orders" in page

    class Host:
        host = site.host

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(outbox, "read", lambda file: None)
    monkeypatch.setattr(
        outbox, "with_deployment", lambda settings, do: asyncio.run_coroutine_threadsafe(do(Host), loop).result()
    )
    said = await asyncio.to_thread(CliRunner().invoke, outbox.outbox, ["resume", "orders"])
    assert said.output == "resumed; 0 abandoned deliveries will be retried\n"
    assert await circuits.pauses() == {}
