"""Notices from the desk are read where those of the files are; incidents say so, are followed instead, ask little."""

import pytest

from parvis import clock
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.advice import Notice, advise, asks_little, informing, notices_of
from parvis.requests.lifecycle import make_move
from parvis.requests.offered import type_of
from parvis_incidents import notices
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.incidents import incidents_of
from parvis_incidents.notices import end_notice, notices_kept, post_notice, under_way_of_town
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

from .test_incidents import FAR, declare, stormy

__all__ = ["stormy"]
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HERE = Place(lon=-73.5807, lat=45.5236, address="1234, rue Rachel Est")
AWAY = Place(lon=FAR["lon"], lat=FAR["lat"], address=FAR["address"])
CLOSED = Notice(code="desk-1", title=Text(fr="Fermé pour l’hiver"), kind="stop", types=("hole",))


@pytest.fixture
def parvis(stormy):
    return stormy.host.jurisdictions.jurisdiction("parvis")


async def test_a_service_is_closed_from_the_desk_and_opened_again(stormy, parvis):
    id = new_id()
    for _ in range(2):
        await post_notice(stormy.host, parvis, id, CLOSED, actor=ANA)
    refused = await stormy.submit()
    assert isinstance(refused, Problems)
    assert refused.found[0].code == "stopped"
    assert len(await notices_kept(parvis)) == 1
    assert await end_notice(stormy.host, parvis, id)
    assert not await end_notice(stormy.host, parvis, id)
    assert not isinstance(await stormy.submit(), Problems)
    (kept,) = await notices_kept(parvis)
    assert kept.by == "Ana Tremblay"
    assert kept.ended_at is not None


async def test_what_stands_is_listed_however_much_was_ended_since(stormy, parvis, monkeypatch):
    monkeypatch.setattr(notices, "MOST", 2)
    stands, first = new_id(), await declare(stormy)
    await post_notice(stormy.host, parvis, stands, CLOSED, actor=ANA)
    for _ in range(2):
        await post_notice(stormy.host, parvis, id := new_id(), CLOSED, actor=ANA)
        assert await end_notice(stormy.host, parvis, id)
        later = await declare(stormy)
        await make_move(stormy.host, later.reference, "end", {}, actor=ANA, mover="agent")
    kept = await notices_kept(parvis)
    assert (kept[0].id, [one.ended_at is None for one in kept]) == (stands, [True, False])
    found = await incidents_of(stormy.host, parvis, most=2)
    assert [one.record.reference for one in found] == [first.reference, later.reference]


async def test_a_notice_ends_with_the_incident_that_it_hangs_on(stormy, parvis):
    record = await declare(stormy)
    assert [one.reference for one in await under_way_of_town(stormy.host, parvis)] == [record.reference]
    await post_notice(stormy.host, parvis, new_id(), CLOSED, actor=ANA, while_open=record.id)
    assert [one.code for one in notices_of(stormy.host, parvis, clock.now())][:1] == ["desk-1"]
    await make_move(stormy.host, record.reference, "end", {}, actor=ANA, mover="agent")
    await stormy.host.of(Bulletin).look(stormy.host.jurisdictions)
    assert "desk-1" not in [one.code for one in notices_of(stormy.host, parvis, clock.now())]


async def test_an_incident_is_told_on_the_portal_only_where_somebody_asked_for_it(stormy, parvis):
    await declare(stormy)
    assert not [one for one in informing(stormy.host, parvis, None, None) if one.follow]
    record = await declare(stormy, shown=True)
    (notice,) = [one for one in informing(stormy.host, parvis, None, None) if one.follow]
    assert notice.follow == record.reference
    assert notice.kind == "inform"
    assert notice.zones  # those that its circle touches, and not the whole town


async def test_an_incident_is_followed_rather_than_reported_unless_it_is_something_else(stormy, parvis):
    record = await declare(stormy, instead=True)
    hole = type_of(stormy.host, parvis, "hole")
    (said,) = await advise(stormy.host, parvis, hole, HERE, {})
    assert said.follow == record.reference
    assert said.insist is not None
    assert await advise(stormy.host, parvis, hole, AWAY, {}) == ()
    assert await advise(stormy.host, parvis, hole, None, {}) == ()


async def test_only_the_necessary_is_asked_where_an_incident_says_so(stormy, parvis):
    hole = type_of(stormy.host, parvis, "hole")
    await declare(stormy, words="eau")
    assert not asks_little(stormy.host, parvis, hole, HERE)
    await declare(stormy, words="eau", short=True)
    assert asks_little(stormy.host, parvis, hole, HERE)
    assert not asks_little(stormy.host, parvis, hole, AWAY)
