"""The type of incidents: offered where the module is on, and about the other types that are offered since."""

import dataclasses

import pytest
from msgspec import structs

from parvis.deployment import plugins_of
from parvis.modules import registry_of
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.offered import TypesInTowns, type_of, types_of
from parvis.switches import Switchboard
from parvis.switches.deciding import decide
from parvis_incidents.declared import INCIDENTS
from parvis_testing.hearings import ZONING
from parvis_testing.modules import only, switch
from parvis_testing.town import HOLE, plugin_of


@pytest.fixture
def host(town, hearings):
    modules = registry_of([*only("incidents").modules, *hearings.modules])
    plugins = load_plugins([*plugins_of(only("incidents")), DiscoveredPlugin.of("town", plugin_of(ZONING, HOLE))])
    assert not plugins.troubles
    return dataclasses.replace(town.host.without(TypesInTowns), plugins=plugins, modules=Switchboard(modules))


async def test_an_incident_is_about_what_is_offered_since_the_last_switch(host):
    parvis = host.jurisdictions.jurisdiction("parvis")

    def concerned() -> list[str]:
        request_type = type_of(host, parvis, INCIDENTS.code)
        return [each.code for each in request_type.form.field("types").options]

    await host.modules.look()
    await switch(host, "on", "incidents")
    for state, codes in (("off", ["hole"]), ("on", ["zoning", "hole"]), ("off", ["hole"])):
        await decide(host.engine, host.modules, jurisdiction="parvis", module="hearings", state=state, by="Ana", why="")
        assert concerned() == codes


@pytest.mark.parametrize("named", [None, ("town",), ("town", "incidents")])
async def test_a_town_offers_them_where_the_module_is_on_whatever_plugins_its_file_names(host, named):
    parvis = structs.replace(host.jurisdictions.jurisdiction("parvis"), plugins=named)
    await host.modules.look()
    await switch(host, "off")
    assert [request_type.code for request_type in types_of(host, parvis)] == ["hole"]
    await switch(host, "on", "incidents")
    assert {request_type.code for request_type in types_of(host, parvis)} == {"hole", "incident"}
