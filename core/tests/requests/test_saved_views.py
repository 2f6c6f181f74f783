"""Saved lists: one's own, those of one's units, and nobody else's."""

from parvis.requests.lists.saved_views import MOST, drop_view, keep_view, views_of


async def keep(town, agent, name, query="retard=oui", unit=""):
    return await keep_view(town.host.engine, "parvis", agent, name, query, unit)


async def names(agent, units=()):
    return [view.name for view in await views_of("parvis", agent, units)]


async def test_a_list_is_its_keepers_own_unless_it_is_shared_with_a_unit(town):
    await keep(town, "ana", "Mes retards")
    await keep(town, "ana", "Lampes", unit="lighting")
    assert await names("ana") == ["Lampes", "Mes retards"]
    assert await names("luc") == []
    assert await names("luc", ("lighting", "roads")) == ["Lampes"]
    assert await names("luc", ("roads",)) == []
    assert await names("chief", None) == ["Lampes"]
    assert await views_of("rivemont", "ana", None) == ()


async def test_the_same_name_takes_the_place_and_there_is_an_end_to_it(town):
    await keep(town, "ana", "  Mes   retards ")
    await keep(town, "ana", "Mes retards", "unite=roads")
    assert [(view.name, view.query) for view in await views_of("parvis", "ana", ())] == [("Mes retards", "unite=roads")]
    for number in range(MOST - 1):
        assert await keep(town, "ana", f"Liste {number}")
    assert not await keep(town, "ana", "Une de trop")
    assert await keep(town, "ana", "Mes retards", "retard=oui")


async def test_only_its_keeper_takes_a_list_away(town):
    await keep(town, "ana", "Lampes", unit="lighting")
    [view] = await views_of("parvis", "luc", ("lighting",))
    assert not view.is_mine
    assert not await drop_view(town.host.engine, "parvis", "luc", view.id)
    assert not await drop_view(town.host.engine, "rivemont", "ana", view.id)
    assert await drop_view(town.host.engine, "parvis", "ana", view.id)
    assert await names("ana") == []
