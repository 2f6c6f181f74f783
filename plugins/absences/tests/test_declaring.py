"""Absences as they are written down: which there cannot be, what they delegate, and when they are forgotten."""

import asyncio
from datetime import timedelta

import pytest

from parvis import clock
from parvis.delegations import delegations
from parvis.people import granting
from parvis.people.granting import changes_of
from parvis_absences.declaring import absences, come_back, declare
from parvis_absences.tables import Absence as AbsenceTable
from parvis_sdk.problems import Problems

ANA, LUC, ZOE, MAX = (f"01a2170{number}-0000-7000-8000-00000000000{number}" for number in range(4))
DAY = timedelta(days=1)


async def away(database, agent, deputy="", days=5, **given):
    return await declare(database, agent, clock.now() - DAY, clock.now() + days * DAY, deputy, by="Ana", **given)


def delegated(found):
    return {(each.id, each.agent, each.deputy, each.starts_at, each.ends_at, each.lends) for each in found}


async def test_a_circle_of_deputies_is_refused_and_so_is_what_makes_no_absence(database):
    assert await away(database, ANA, LUC) is None
    assert await away(database, LUC, ZOE) is None

    def path(answer):
        assert isinstance(answer, Problems)
        return answer.found[0].path

    assert path(await away(database, ZOE, ANA)) == "deputy"
    assert path(await away(database, MAX, MAX)) == "deputy"
    assert path(await away(database, ANA)) == "first"
    assert path(await declare(database, MAX, clock.now(), clock.now() - DAY, by="Max")) == "last"
    assert path(await declare(database, MAX, clock.now(), clock.now() + 800 * DAY, by="Max")) == "last"
    after = clock.now() + 10 * DAY
    assert await declare(database, ZOE, after, after + DAY, ANA, by="Zoé") is None
    assert len(await absences()) == 3
    assert delegated(await delegations()) == delegated(await absences())


async def test_two_who_name_each_other_at_once_make_no_circle(database):
    answers = await asyncio.gather(away(database, ANA, LUC), away(database, LUC, ANA))
    assert sorted(answer is None for answer in answers) == [False, True]


async def test_what_is_over_is_forgotten_a_month_later(database):
    with clock.moved_to(clock.now()) as now:
        await away(database, ANA, days=1)
        now.forward(days=40)
        assert await absences() == ()
        await away(database, LUC)
    assert await AbsenceTable.count() == 1


async def test_only_those_who_may_take_an_absence_back(database):
    await away(database, ANA, LUC)
    (absence,) = await absences()
    assert not await come_back(database, absence.id, [LUC], by="Luc")
    assert len(await delegations()) == 1
    assert await come_back(database, absence.id, [ANA, LUC], by="Luc")
    assert await delegations() == await absences() == ()


async def test_an_absence_and_what_it_lends_are_one_or_nothing(database, monkeypatch):
    async def breaks(*given, **more):
        raise RuntimeError("the power fails")

    with monkeypatch.context() as now:
        now.setattr(granting, "note_lent", breaks)
        with pytest.raises(RuntimeError):
            await away(database, LUC, ANA, lends=True)
        assert await absences() == await delegations() == ()
    await away(database, LUC, ANA, lends=True)
    (absence,) = await absences()
    with monkeypatch.context() as now:
        now.setattr(granting, "note_lent", breaks)
        with pytest.raises(RuntimeError):
            await come_back(database, absence.id, [LUC], by="Luc")
    assert len(await absences()) == len(await delegations()) == 1
    assert await come_back(database, absence.id, [LUC], by="Luc")
    assert [each.did for each in await changes_of(database, LUC)] == ["ended", "lent"]
