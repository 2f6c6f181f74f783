"""Roles are given and taken with their author; the last administrator of a town keeps the role, also in a race."""

import asyncio
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.delegations import Delegation, delegations
from parvis.identifiers import new_id
from parvis.people import granting
from parvis.people.agents import Grant, add_agent, agents, get_agent
from parvis.people.granting import changes_of, delegate, end_delegation, give, set_active, take
from parvis.viewers import can_work

RUNS = Grant(role="operator", jurisdiction="parvis")
WORKS = Grant(role="agent", jurisdiction="parvis", unit="roads")
IN_SECTOR = Grant(role="contractor", jurisdiction="parvis", unit="collections", zones=("outremont", "plateau"))


async def person(database, name, *grants):
    email = f"{name}@parvis.example"
    return await add_agent(database, email=email, name=name, password="quatre chevaux verts", grants=grants)


async def roles(database, id):
    return (await get_agent(database, id)).grants


async def test_what_is_given_and_taken_is_held_and_told_with_who_did_it(database):
    luc = await person(database, "Luc")
    assert await give(database, luc.id, IN_SECTOR, by="Karim")
    assert not await give(database, luc.id, IN_SECTOR, by="Karim")
    assert await roles(database, luc.id) == (IN_SECTOR,)
    assert await take(database, luc.id, IN_SECTOR, by="Edna") == ()
    assert await take(database, luc.id, IN_SECTOR, by="Edna") == ()
    assert await roles(database, luc.id) == ()
    told = [(each.did, each.grant, each.by) for each in await changes_of(database, luc.id)]
    assert told == [("taken", IN_SECTOR, "Edna"), ("given", IN_SECTOR, "Karim")]


@pytest.mark.parametrize("doing", ["take", "close"])
async def test_the_last_who_runs_a_town_keeps_it(database, doing):
    karim, luc = await person(database, "Karim", RUNS, WORKS), await person(database, "Luc", WORKS)

    async def lose(who):
        return await (take(database, who.id, RUNS, by="x") if doing == "take" else set_active(database, who.id, False))

    assert await lose(karim) == ("parvis",)
    assert (await get_agent(database, karim.id)).active
    assert await roles(database, karim.id) == (RUNS, WORKS)
    await give(database, luc.id, RUNS, by="Karim")
    assert await lose(karim) == ()
    assert await lose(luc) == ("parvis",)
    # A closed account runs nothing, whatever it holds.
    await give(database, karim.id, RUNS, by="x")
    if doing == "close":
        assert await lose(luc) == ("parvis",)


@pytest.mark.parametrize("doings", [("take", "take"), ("close", "close"), ("take", "close")])
async def test_two_who_shut_each_other_out_at_once_leave_one_in(database, doings):
    for turn in range(5):
        both = [await person(database, f"{turn}-{name}", RUNS) for name in ("a", "b")]
        rest = [each for each in await agents(database) if each.id not in {one.id for one in both}]
        await asyncio.gather(*(take(database, each.id, RUNS, by="x") for each in rest))

        async def lose(who, doing):
            changed = take(database, who.id, RUNS, by="x") if doing == "take" else set_active(database, who.id, False)
            return await changed

        answers = await asyncio.gather(*(lose(who, doing) for who, doing in zip(both, doings, strict=True)))
        assert sorted(answers) == [(), ("parvis",)]
        left = [one for one in await agents(database) if one.active and RUNS in one.grants]
        assert len(left) == 1


async def away(database, absent, deputy, until, *, lends=True):
    given = {"agent": absent.id, "deputy": deputy.id, "starts_at": clock.now(), "ends_at": until, "lends": lends}
    async with transaction(database):
        await delegate(Delegation(id=new_id(), **given), by="Luc")


async def back(database, id):
    async with transaction(database):
        return await end_delegation(id, by="Luc")


async def test_a_deputy_has_the_roles_of_the_absent_until_the_day_and_never_runs_the_town_by_it(database):
    luc, ana = await person(database, "Luc", WORKS, RUNS), await person(database, "Ana")
    until = clock.now() + timedelta(days=5)
    await away(database, luc, ana, until)
    (lent,) = await roles(database, ana.id)
    assert (lent.role, lent.unit, lent.lent_by, lent.lent_until) == ("agent", "roads", "Luc", until)
    assert can_work(await get_agent(database, ana.id), "parvis")
    assert next(one for one in await agents(database) if one.id == ana.id).grants == (lent,)
    assert await roles(database, luc.id) == (WORKS, RUNS)
    with clock.moved_to(until):
        assert await roles(database, ana.id) == ()
        assert next(one for one in await agents(database) if one.id == ana.id).grants == ()
    await set_active(database, luc.id, False)  # nobody runs the town but Luc: the account stays open
    await give(database, ana.id, RUNS, by="x")
    await set_active(database, luc.id, False)
    assert await roles(database, ana.id) == (RUNS,)


async def test_what_is_lent_is_not_lent_on_and_a_delegation_alone_lends_nothing(database):
    luc, ana, pia = await person(database, "Luc", WORKS), await person(database, "Ana"), await person(database, "Pia")
    until = clock.now() + timedelta(days=5)
    await away(database, luc, ana, until)
    await away(database, ana, pia, until)
    assert len(await roles(database, ana.id)) == 1
    assert await roles(database, pia.id) == ()
    max_ = await person(database, "Max", WORKS)
    await away(database, max_, pia, until, lends=False)
    assert await roles(database, pia.id) == ()
    (told, *_) = await changes_of(database, luc.id)
    assert (told.did, told.deputy, told.until, told.by) == ("lent", ana.id, until, "Luc")


async def test_a_delegation_and_what_it_lends_are_one_or_nothing(database, monkeypatch):
    luc, ana = await person(database, "Luc", WORKS), await person(database, "Ana")
    until = clock.now() + timedelta(days=5)

    async def breaks(*given, **more):
        raise RuntimeError("the power fails")

    with monkeypatch.context() as now:
        now.setattr(granting, "note_lent", breaks)
        with pytest.raises(RuntimeError):
            await away(database, luc, ana, until)
        assert await delegations() == ()
    await away(database, luc, ana, until)
    (given,) = await delegations()
    with monkeypatch.context() as now:
        now.setattr(granting, "note_lent", breaks)
        with pytest.raises(RuntimeError):
            await back(database, given.id)
    assert len(await roles(database, ana.id)) == 1
    assert await back(database, given.id)
    assert await roles(database, ana.id) == ()
    assert [each.did for each in await changes_of(database, luc.id)] == ["ended", "lent"]
