"""Operations answer in place of requests, on a real database: where they are under way, while they are not late."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.advice import Insistence, advise
from parvis.requests.lifecycle import make_move
from parvis_sdk.about import Operation
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import Date
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import IdentityRule, PlaceRule
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_testing.deflections import deflections

MONDAY = datetime(2026, 10, 5, 14, tzinfo=UTC)
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HERE = Place(lon=-73.5807, lat=45.5236)


def said(words: str) -> Text:
    return Text(fr=words, en=words)


@pytest.fixture
def snowy(town_of, hole):
    """A town in which reports of holes are answered by works of the town."""
    works = structs.replace(
        hole,
        code="works",
        title=said("Travaux"),
        slug=said("travaux"),
        form=Form(
            sections=(
                Section(code="what", title=said("Quoi"), fields=(Date(code="ends_on", label=said("Fin"), latest=30),)),
            )
        ),
        service_levels=(),
        messages=(),
        place=PlaceRule(need="none"),
        identity=IdentityRule(modes=("anonymous",), contact=False),
        opened_by="town",
        operation=Operation(ends_on="ends_on"),
    )
    return town_of(structs.replace(hole, operations=("works",)), works)


async def declared(town, ends_on: str, *zones: str) -> str:
    receipt = await town.submit(
        "works",
        answers={"ends_on": ends_on, "zones": list(zones)},
        requester={"mode": "anonymous"},
        channel="phone",
        declares=True,
        actor=ANA,
    )
    assert isinstance(receipt, Receipt), receipt
    return receipt.reference


async def test_an_operation_answers_where_and_while_it_is_under_way_in_one_statement(snowy):
    parvis, hole = snowy.host.jurisdictions.jurisdiction("parvis"), snowy.host.plugins.request_types["hole"]
    with clock.moved_to(MONDAY) as time:
        await declared(snowy, "2026-10-06", "outremont")
        reference = await declared(snowy, "2026-10-06", "plateau")
        with counted() as asked:
            (answer,) = await advise(snowy.host, parvis, hole, HERE, {})
        assert asked.count == 1
        assert (answer.follow, answer.mark) == (reference, "operation:works")
        assert await advise(snowy.host, parvis, hole, None, {}) == ()
        refused = await snowy.submit(channel="api")
        assert isinstance(refused, Problems)
        assert refused.found[0].code == "operation_under_way"
        assert reference in refused.found[0].message.fr
        anonymous = {"answers": {"danger": False}, "place": HERE.as_answer(), "requester": {"mode": "anonymous"}}
        filed = await snowy.counter.submit("parvis", "hole", anonymous, channel="api", insistence=Insistence())
        assert isinstance(filed, Receipt)
        [counted_once] = (await deflections("parvis")).values()
        assert counted_once == (1, 0, 1)
        time.forward(days=2)
        assert await advise(snowy.host, parvis, hole, HERE, {}) == ()  # late: then it is reported


async def test_what_is_over_answers_nothing(snowy):
    parvis, hole = snowy.host.jurisdictions.jurisdiction("parvis"), snowy.host.plugins.request_types["hole"]
    with clock.moved_to(MONDAY):
        reference = await declared(snowy, "2026-10-06")
        assert len(await advise(snowy.host, parvis, hole, None, {})) == 1  # everywhere in town
        await make_move(snowy.host, reference, "resolve", {}, actor=ANA, mover="agent")
        assert await advise(snowy.host, parvis, hole, None, {}) == ()


async def test_the_town_declares_where_among_its_own_zones_and_nobody_else_declares(snowy):
    asked = {"answers": {"ends_on": "2026-10-06", "zones": ["atlantis"]}, "requester": {"mode": "anonymous"}}
    with clock.moved_to(MONDAY):
        wrong = await snowy.counter.submit("parvis", "works", asked, channel="phone", actor=ANA)
        assert [problem.path for problem in wrong.found] == ["answers.zones"]
        right = asked | {"answers": {"ends_on": "2026-10-06"}}
        for channel, actor in (("portal", REQUESTER), ("phone", ANA)):  # an agent too, where nobody found that they may
            refused = await snowy.counter.submit("parvis", "works", right, channel=channel, actor=actor)
            assert refused.found[0].code == "not_offered"
