"""An address that is forgotten at the desk: its sessions and links go with what else lies around it."""

from parvis.db import transaction
from parvis.modules import NO_MODULES
from parvis.people.one_time_links import is_link, put_link
from parvis.privacy.data_request import CODE
from parvis.requests.former_modules import FormerModules, keep_plans
from parvis.requests.persons.person import forget_around
from parvis_my_requests.sessions import LINK, begin_session, owner_of
from parvis_my_requests.tables import OwnKey
from parvis_testing.desk import ANA, ZOE
from parvis_testing.modules import switch


async def link_to(desk, email):
    async with transaction(desk.host.engine):
        return await put_link(LINK, "parvis", email, "fr")


async def session_of(desk, email):
    return (await begin_session(desk.host.engine, "parvis", await link_to(desk, email))).token


async def test_its_sessions_and_links_are_over_and_those_of_others_are_not(desk):
    mine, waiting = await session_of(desk, ZOE["email"]), await link_to(desk, ZOE["email"])
    other = await session_of(desk, "autre@exemple.ca")
    await forget_around(desk.host, "parvis", ZOE["email"])
    assert await owner_of(desk.host.engine, "parvis", mine) is None
    assert not await is_link(LINK, "parvis", waiting)
    assert (await owner_of(desk.host.engine, "parvis", other)).email == "autre@exemple.ca"


async def test_so_it_is_where_the_space_is_off(desk):
    await session_of(desk, ZOE["email"])
    await switch(desk.host, "off", "my_requests")
    await forget_around(desk.host, "parvis", ZOE["email"])
    assert await OwnKey.count() == 0
    await switch(desk.host, "on", "my_requests")


async def test_so_it_is_once_the_module_was_removed(desk, modules):
    await session_of(desk, ZOE["email"])
    await keep_plans(desk.host.engine, modules)
    former = FormerModules()
    await former.look(NO_MODULES)
    [plan] = [each for each in former.plans if each.module == "my_requests"]
    assert [each.table for each in plan.erasure.addressed] == ["own_key"]


async def test_where_the_space_is_off_the_desk_does_not_send_anybody_there(desk):
    requester = {"mode": "named", "name": ZOE["name"], "email": ZOE["email"]}
    raw = {"language": "fr", "answers": {"wish": "erase"}, "requester": requester}
    asked = await desk.counter.submit("parvis", CODE, raw, channel="counter", actor=ANA)
    manager = await desk.signed_in("manager")
    page = f"/bureau/requete/{asked.reference}/renseignements"
    await manager.get(page)
    assert "Mes requêtes" in manager.text
    await switch(desk.host, "off", "my_requests")
    await manager.get(page)
    assert "Mes requêtes" not in manager.text
    assert "L’adresse n’a pas été vérifiée" in manager.text
    await switch(desk.host, "on", "my_requests")


async def test_an_operator_reads_first_which_pages_go_with_it(desk):
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/modules/my_requests?ville=parvis&etat=off")
    assert "Mes requêtes" in operator.text.split("Ce qui disparaît")[1]
    assert "own_key" not in operator.text
