"""Interests are switched off: who was kept away stays away, and what was declared rests until they are on again."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.exclusions import let_back
from parvis.requests.keeping.retention import erase
from parvis.requests.records import Record
from parvis.switches import TownModules
from parvis_interests.declarations import interests_in
from parvis_interests.obeying import declare_ahead, obey_declared
from parvis_testing.desk import ANA
from parvis_testing.modules import switch


@pytest.fixture
async def luc(desk):
    """Somebody who has declared that the person who asks is theirs."""
    clerk = await desk.signed_in(name="Luc Roy")
    await declare_ahead(desk.host, town_of(desk), clerk.person.id, "Luc Roy", "person", "Zoé Côté", "Ma sœur")
    return clerk


def town_of(desk):
    return desk.host.jurisdictions.jurisdiction("parvis")


async def opens(clerk, record):
    return (await clerk.get(f"/bureau/requete/{record.reference}")).status_code == 200


async def test_its_page_and_its_line_are_gone(desk, luc):
    await luc.get("/bureau")
    assert "/bureau/conflits" in luc.page.text
    await switch(desk.host, "off", "interests")
    await luc.get("/bureau")
    assert "/bureau/conflits" not in luc.page.text
    assert (await luc.get("/bureau/conflits")).status_code == 404


async def test_who_was_kept_away_stays_away_until_somebody_lets_them_back(desk, luc):
    record = await desk.request()
    await switch(desk.host, "off", "interests")
    assert not await opens(luc, record)
    manager = await desk.signed_in("manager", name="Hélène")
    assert "Luc Roy" in (await manager.get(f"/bureau/requete/{record.reference}/acces")).text
    back = await let_back(desk.host, record.reference, luc.person.id, "Luc Roy", "Besoin", actor=ANA)
    assert isinstance(back, Record)
    assert await opens(luc, record)


async def test_somebody_steps_back_from_a_request_by_their_own_word_all_the_same(desk, luc):
    await switch(desk.host, "off", "interests")
    record = await desk.request()
    path = f"/bureau/requete/{record.reference}/acces"
    await luc.get(path)
    await luc.post(path, **{"do": "keep", "keep.reason": "C’est ma sœur"})
    assert not await opens(luc, record)


async def test_what_was_declared_rests_and_is_obeyed_in_all_that_came_in_meanwhile_once_it_is_on_again(desk, luc):
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        await obey_declared(desk.host)
        await switch(desk.host, "off", "interests")
        meanwhile = await desk.request()
        assert await opens(luc, meanwhile)
        await obey_declared(desk.host)
        assert await opens(luc, await desk.record(meanwhile.reference))
        await switch(desk.host, "on", "interests")
        assert [each.words for each in await interests_in("parvis")] == ["Zoé Côté"]
        await obey_declared(desk.host)
    assert not await opens(luc, meanwhile)
    assert not await opens(luc, await desk.request())


async def test_it_is_obeyed_in_what_came_in_meanwhile_though_no_chore_ran_while_it_was_off(desk, luc):
    with clock.moved_to(clock.now() + timedelta(minutes=5)) as moved:
        await obey_declared(desk.host)
        moved.to(clock.now() + timedelta(minutes=1))
        await switch(desk.host, "off", "interests")
        meanwhile = await desk.request()
        moved.to(clock.now() + timedelta(seconds=20))
        await switch(desk.host, "on", "interests")
        await obey_declared(desk.host)
        assert not await opens(luc, meanwhile)


async def test_what_a_process_wrote_that_had_not_noticed_yet_is_looked_through_as_well(desk, luc, monkeypatch):
    with clock.moved_to(clock.now() + timedelta(minutes=5)) as moved:
        await switch(desk.host, "off", "interests")
        await switch(desk.host, "on", "interests")
        await obey_declared(desk.host)
        monkeypatch.setattr(desk.host.modules, "of", lambda town: TownModules())
        late = await desk.request()
        monkeypatch.undo()
        moved.to(clock.now() + timedelta(minutes=3))
        await obey_declared(desk.host)
        assert not await opens(luc, late)


async def test_a_decision_by_a_clock_that_was_wrong_has_nothing_looked_through_for_ever(desk, luc):
    with clock.moved_to(clock.now() + timedelta(days=365)):
        await switch(desk.host, "on", "interests")
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        assert [await obey_declared(desk.host) > 0, await obey_declared(desk.host) > 0] == [True, False]


async def test_a_request_is_erased_while_it_is_off_and_the_declaration_stays_its_author_s(desk, luc):
    record = await desk.request()
    await switch(desk.host, "off", "interests")
    await erase(desk.host, record.reference, actor=ANA)
    gone = await desk.record(record.reference)
    assert gone.erased_at is not None
    assert gone.excluded_agents == (luc.person.id,)
    assert [each.agent for each in await interests_in("parvis")] == [luc.person.id]


async def test_a_point_tells_whose_house_it_is_also_where_addresses_cannot_be_searched(desk):
    """Otherwise a person who points at a map and types nothing would be read by the agent whom it concerns."""
    await switch(desk.host, "off", "address_search")
    clerk = await desk.signed_in(name="Luc Roy")
    for kind, words in (("address", "4563, rue Saint-Urbain"), ("street", "rue Saint-Urbain")):
        await declare_ahead(desk.host, town_of(desk), clerk.person.id, "Luc Roy", kind, words, "Ma maison")
    there = await desk.request(place={"lon": -73.5883, "lat": 45.51954})
    assert not await opens(clerk, there)
    assert await opens(clerk, await desk.request(place={"lon": -73.5602, "lat": 45.5397}))
    await switch(desk.host, "on", "address_search")
