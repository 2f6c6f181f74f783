"""The type of incidents: offered where the module is on, and about the other types that are offered since."""

import dataclasses

import pytest
from msgspec import structs

from parvis.host import plugins_of
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
def heart(town, hearings):
    modules = registry_of([*only("incidents").modules, *hearings.modules])
    house = load_plugins([*plugins_of(only("incidents")), DiscoveredPlugin.of("town", plugin_of(ZONING, HOLE))])
    assert not house.troubles
    return dataclasses.replace(town.heart.without(TypesInTowns), house=house, modules=Switchboard(modules))


async def test_an_incident_is_about_what_is_offered_since_the_last_switch(heart):
    parvis = heart.territory.jurisdiction("parvis")

    def concerned() -> list[str]:
        kind = type_of(heart, parvis, INCIDENTS.code)
        return [each.code for each in kind.form.field("types").options]

    await heart.modules.look()
    await switch(heart, "on", "incidents")
    for state, codes in (("off", ["hole"]), ("on", ["zoning", "hole"]), ("off", ["hole"])):
        await decide(
            heart.engine, heart.modules, jurisdiction="parvis", module="hearings", state=state, by="Ana", why=""
        )
        assert concerned() == codes


@pytest.mark.parametrize("named", [None, ("town",), ("town", "incidents")])
async def test_a_town_offers_them_where_the_module_is_on_whatever_plugins_its_file_names(heart, named):
    parvis = structs.replace(heart.territory.jurisdiction("parvis"), plugins=named)
    await heart.modules.look()
    await switch(heart, "off")
    assert [kind.code for kind in types_of(heart, parvis)] == ["hole"]
    await switch(heart, "on", "incidents")
    assert {kind.code for kind in types_of(heart, parvis)} == {"hole", "incident"}
