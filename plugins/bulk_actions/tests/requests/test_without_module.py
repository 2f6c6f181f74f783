"""A step that waits for a module that is gone is not made for many either, until a person frees the request."""

import pytest

from parvis.requests.actors import Actor
from parvis.requests.freeing import free
from parvis.requests.records import Record
from parvis.switches.deciding import decide
from parvis_bulk_actions.actions import Move, judge, sign_of
from parvis_testing.hearings import ZONING, as_decided, without_module
from parvis_testing.town import HOLE

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


@pytest.fixture
async def town(town_of, hearings):
    town = town_of(ZONING, HOLE)
    town.host = as_decided(town.host, hearings)
    town.counter = type(town.counter)(town.host)
    await decide(
        town.host.engine, town.host.modules, jurisdiction="parvis", module="hearings", state="on", by="", why=""
    )
    return town


async def test_it_is_judged_as_the_button_of_the_request_is(town):
    reference = (await town.submit("zoning", answers={})).reference
    bare, decide_it = without_module(town.host), ZONING.workflow.transition("decide")
    action = Move(transition="decide", sign=sign_of(decide_it), title=decide_it.title)
    assert await judge(bare, town.agent(), await town.record(reference), action) is not None
    assert isinstance(await free(bare, reference, "L’audience a eu lieu ailleurs", actor=ANA), Record)
    assert await judge(bare, town.agent(), await town.record(reference), action) is None
