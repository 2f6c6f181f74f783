"""Colleagues: kept for some seconds for what is shown, asked anew where somebody is named who was not known."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import Engine, counted
from parvis.people import agents as colleagues
from parvis.people.agents import Colleagues, Grant, add_agent

HERE = (Grant(role="agent", jurisdiction="parvis"),)


async def test_names_are_read_once_in_some_seconds_and_at_once_for_whoever_is_new(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colleagues, "KEPT", timedelta(seconds=5))
    kept = Colleagues()
    first = await add_agent(database, email="ana@parvis.example", name="Ana", password="x" * 20, grants=HERE)
    await add_agent(database, email="else@parvis.example", name="Else", password="x" * 20)
    with clock.moved_to(clock.now()) as moved:
        assert [one.id for one in await kept.of(database, "parvis")] == [first.id]
        new = await add_agent(database, email="luc@parvis.example", name="Luc", password="x" * 20, grants=HERE)
        with counted() as queries:
            assert [one.name for one in await kept.of(database, "parvis", [first.id])] == ["Ana"]
            assert queries.count == 0
            assert [one.name for one in await kept.of(database, "parvis", [new.id, "gone"])] == ["Ana", "Luc"]
            await kept.of(database, "parvis", ["gone"])
            assert queries.count == 1
            moved.forward(seconds=6)
            await kept.of(database, "parvis", [first.id])
            assert queries.count == 2
