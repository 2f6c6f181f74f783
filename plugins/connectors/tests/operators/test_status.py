"""Connected systems on the public page of the service."""

from datetime import timedelta
from types import ModuleType

import pytest
from msgspec import structs

from parvis import clock
from parvis.outbox.operating import pause
from parvis.plugins import DiscoveredPlugin
from parvis.sections import OutgoingSettings
from parvis_sdk.connectors import Connector
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text
from parvis_testing.operators import opened, settings_on, visiting  # noqa: F401


@pytest.fixture
def settings(database_url, tmp_path, jurisdictions, monkeypatch):
    monkeypatch.setattr("parvis.deployment.load_jurisdictions", lambda folder, files: jurisdictions)
    return settings_on(data=tmp_path, database=database_url)


async def status(site, path="/fr/etat", **ahead):
    site.app.state.watching = None
    with clock.moved_to(clock.now() + timedelta(**ahead)):
        answer = await site.http.get(path)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(("shown", "seen"), [(True, 1), (False, 0)])
async def test_connected_systems_stand_there_by_title_alone_and_only_where_the_settings_say_so(
    settings, town_plugin, modules, shown, seen
):
    module = ModuleType("test_erp_plugin")

    async def deliver(event, request, connection):
        return None

    @hookimpl
    def connectors():
        title = Text(fr="Bons de travail", en="Work orders")
        return [
            Connector(name="orders", title=title, address="https://erp.internal", deliver=deliver, events=(Submitted,))
        ]

    module.connectors = connectors
    told = structs.replace(settings, outgoing=OutgoingSettings(shown=shown))
    async with opened(told, [town_plugin, DiscoveredPlugin.of("erp", module)], modules) as site:
        assert not site.host.plugins.troubles, [str(trouble) for trouble in site.host.plugins.troubles]
        await site.deliveries(1)
        await pause(site.host.engine, "orders", "moved to secret.internal")
        page = await status(site)
        assert page.count("Bons de travail") == seen
        assert page.count("Des mises à jour attendent") == seen
        assert "internal" not in page
