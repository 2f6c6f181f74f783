"""What is kept of a part whose module is off stands on the page to be read, and who answers for the work goes on."""

import pytest
from msgspec import structs

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.requests.lifecycle import make_move
from parvis.settings import Settings
from parvis.switches.deciding import decide
from parvis_testing.desk import ANA, HERE, ZOE, running, said
from parvis_testing.hearings import TITLE, ZONING, Hearing
from parvis_testing.town import HOLE, plugin_of
from parvis_testing.town import said as said_as

WHY = "L’audience a eu lieu à Québec"


@pytest.fixture
async def desk(own_url, tmp_path, hearings):
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=own_url, worker=False, log_level="error"
    )
    found = [DiscoveredPlugin.of("town", plugin_of(ZONING, HOLE))]
    async with running(create_app(settings, found, modules=hearings)) as made:
        await switch(made, "on")
        yield made


async def switch(desk, state):
    board = desk.host.modules
    await decide(desk.host.engine, board, jurisdiction="parvis", module="hearings", state=state, by="Karim", why="")


async def zoning(desk) -> str:
    asked = {"language": "fr", "answers": {}, "place": HERE, "requester": ZOE}
    return (await desk.counter.submit("parvis", "zoning", asked, channel="portal")).reference


async def test_the_page_shows_what_is_kept_and_a_manager_goes_on_without_it(desk):
    reference = await zoning(desk)
    path = f"/bureau/requete/{reference}"
    manager, clerk = await desk.signed_in("manager"), await desk.signed_in("agent")
    title = said("Parts not in use here")
    assert title not in (await manager.get(path)).text
    await switch(desk, "off")
    for person in (manager, clerk):
        await person.get(path)
        for words in (title, "Audience publique", "days", "20", said("Steps that depend on it are not available.")):
            assert words in person.text
    assert said("Continue without these parts") not in clerk.text
    refused = await clerk.post(f"{path}/sans-module", words=WHY, version="1")
    assert refused.status_code == 403
    await manager.get(path)
    assert (await manager.post(f"{path}/sans-module", words=" ", version="1")).status_code == 422
    assert (await manager.post(f"{path}/sans-module", words=WHY, version="9")).status_code == 409
    await manager.get(path)
    await manager.post(f"{path}/sans-module", words=WHY, version="1")
    for words in (WHY, said("The request continues without it."), "La requête continue sans"):
        assert words in manager.text
    assert said("Continue without these parts") not in manager.text
    await make_move(desk.host, reference, "decide", {}, actor=ANA, mover="agent")
    await switch(desk, "on")
    assert title not in (await manager.get(path)).text


async def test_what_is_stored_for_programs_is_not_read_to_people(own_url, tmp_path, hearings):
    """A tariff, a form or a list of steps fills pages with braces; words and numbers are what people ask about."""
    part = Hearing(code="public", title=TITLE, notice=said_as("En salle"), rooms=("A", "B"), rounds=({"above": 3},))
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=own_url, worker=False, log_level="error"
    )
    found = [DiscoveredPlugin.of("town", plugin_of(structs.replace(ZONING, parts=(part,)), HOLE))]
    async with running(create_app(settings, found, modules=hearings)) as desk:
        await switch(desk, "on")
        path = f"/bureau/requete/{await zoning(desk)}"
        await switch(desk, "off")
        page = await (await desk.signed_in("agent")).get(path)
    assert "En salle" in page.text
    assert "A et B" in page.text
    for word in ("rounds", "above", "{&#34;", '{"fr"'):
        assert word not in page.text.partition('id="away"')[2].partition("</section>")[0], word


async def test_the_whole_file_shows_it_too_and_asks_nothing(desk):
    """It is printed for the person responsible, who works on without the part on the page of the request."""
    path = f"/bureau/requete/{await zoning(desk)}/dossier"
    manager = await desk.signed_in("manager")
    await switch(desk, "off")
    page = await manager.get(path)
    assert page.status_code == 200
    for words in (said("Parts not in use here"), "Audience publique", "days"):
        assert words in manager.text
    assert said("Continue without these parts") not in manager.text


async def test_an_operator_reads_first_what_a_module_is_used_for(desk):
    await zoning(desk)
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/modules")
    assert "nécessaire à 1 service · 1 requête ouverte" in operator.text
    await operator.get("/exploitation/modules/hearings?ville=parvis&etat=off")
    assert "Services : Zonage" in operator.text
    assert "1 requête ouverte continuera sans ce module et affichera un avis." in operator.text
    await operator.get("/exploitation/modules/hearings?ville=parvis&etat=closing")
    assert "Services : Zonage" in operator.text
    assert "continuera sans" not in operator.text
