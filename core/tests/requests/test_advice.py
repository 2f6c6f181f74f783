"""Answers in place of requests, on a real database: counted by day, judged in few statements, nobody named."""

from datetime import UTC, datetime

from parvis import clock
from parvis.db import counted
from parvis.db.tables import Deflection
from parvis.requests import advice
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.usual_delays import LEAST, measured
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_testing.deflections import deflections

MONDAY = datetime(2026, 10, 5, 14, tzinfo=UTC)
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HERE = Place(lon=-73.5807, lat=45.5236)


def said(words: str) -> Text:
    return Text(fr=words, en=words)


async def test_answers_are_counted_in_one_row_a_day(town):
    parvis = town.host.jurisdictions.jurisdiction("parvis")
    with clock.moved_to(MONDAY) as time:
        for what in ("told", "told", "settled"):
            await advice.count(town.host, parvis, "hole", ["answer:a"], what)
        time.forward(days=1)
        await advice.count(town.host, parvis, "hole", ["answer:a", "answer:b"], "told")
        await advice.count(town.host, parvis, "hole", [], "told")
    assert await Deflection.count() == 3
    first = await Deflection.select().where(Deflection.day == MONDAY.date().isoformat())
    assert [(row["type"], row["answer"], row["told"], row["settled"]) for row in first] == [("hole", "answer:a", 2, 1)]
    assert await deflections("parvis") == {"answer:a": (3, 1, 0), "answer:b": (1, 0, 0)}
    assert await deflections("rivemont") == {}


async def test_a_delay_is_measured_over_enough_requests_only_and_in_one_statement(town):
    with clock.moved_to(MONDAY) as time:
        references = [(await town.submit()).reference for _ in range(LEAST)]
        time.forward(days=1)
        assert await measured("parvis", "hole") is None
        for reference in references:
            await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
        time.forward(days=1)
        for reference in references:
            await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
        with counted() as asked:
            delay = await measured("parvis", "hole")
        assert asked.count == 1
        assert delay is not None
        assert (delay.requests, delay.median, delay.ninetieth) == (LEAST, 2, 2)
        assert await measured("rivemont", "hole") is None
        time.forward(days=400)
        assert await measured("parvis", "hole") is None
