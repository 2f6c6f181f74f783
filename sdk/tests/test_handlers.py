"""Handlers that are told of everything: what blocks is named by its line, what only takes its time is not."""

import asyncio
import threading
import time

import pytest
from msgspec import structs

from parvis_sdk.events import Announced, AnyEvent, Erased, Happened, Joined, Moved, Raised, Submitted
from parvis_sdk.fields import ShortText
from parvis_sdk.starter_kit import WORKFLOW, form
from parvis_sdk.subscriptions import Outcome, Subscription, on
from parvis_sdk.testing.handlers import handler_mistakes
from parvis_sdk.testing.happenings import happenings
from parvis_sdk.testing.samples import SAMPLE, events_for
from parvis_sdk.testing.watched_thread import WatchedThread
from parvis_sdk.text import Text

PACKAGE = __name__.partition(".")[0]
NAME = ShortText(code="name", label=Text(fr="Nom", en="Name"))
TYPE = structs.replace(SAMPLE, form=form(NAME), workflow=WORKFLOW)


@pytest.fixture
def thread():
    with WatchedThread(PACKAGE, 3.0) as thread:
        yield thread


def test_there_is_a_sample_of_every_event():
    played = {type(event) for event in events_for(TYPE, "R", SAMPLE_DAY)}
    assert played == set(AnyEvent.__args__) - {Happened}


def test_what_joins_and_what_is_raised_comes_in_each_of_its_words():
    events = list(events_for(TYPE, "R", SAMPLE_DAY))
    assert [each.did for each in events if isinstance(each, Joined)] == ["joined", "moved", "parted"]
    assert [each.step for each in events if isinstance(each, Raised)] == [1, 2, 3]
    assert len({each.id for each in events}) == len(events)


def test_a_life_begins_where_it_is_submitted_and_nothing_personal_is_left_where_it_is_erased():
    life = list(happenings(TYPE, ("contact",)))
    assert isinstance(life[0].event, Submitted)
    assert life[0].request.state == "received"
    last = [each for each in life if isinstance(each.event, Erased)]
    assert life[-len(last) :] == last
    assert {each.request.requester for each in last} == {None}
    assert {each.request.state for each in life if isinstance(each.event, Announced)} == {
        state.code for state in WORKFLOW.states
    }
    assert all(each.request.state == each.event.target for each in life if isinstance(each.event, Moved))


def test_what_waits_without_await_is_named_with_its_line(thread):
    async def stand():
        threading.Event().wait(0.4)

    blocking = thread.tries(stand).blocking
    assert (blocking.way, blocking.over) == ("waits", True)
    assert blocking.where == f"sdk/tests/test_handlers.py:{stand.__code__.co_firstlineno + 1}"


def test_what_computes_for_long_is_named_as_well(thread):
    async def compute():
        began = time.thread_time()
        while time.thread_time() < began + 0.9:
            pass

    first = compute.__code__.co_firstlineno
    assert thread.tries(compute).blocking.where in {f"sdk/tests/test_handlers.py:{first + line}" for line in (1, 2, 3)}


def test_what_awaits_takes_its_time(thread):
    async def wait():
        await asyncio.sleep(0.3)
        return await asyncio.to_thread(time.sleep, 0.2)

    tried = thread.tries(wait)
    assert (tried.blocking, tried.error, tried.hung) == (None, None, False)


def test_what_works_for_a_tenth_of_a_second_is_let_pass(thread):
    async def work():
        began = time.thread_time()
        while time.thread_time() < began + 0.1:
            pass

    assert thread.tries(work).blocking is None


def test_the_next_call_is_tried_where_one_never_came_back(thread):
    async def answer():
        return 5

    async def turn():
        while True:
            pass

    assert not thread.tries(turn).blocking.over
    assert thread.tries(answer).answer == 5


def test_a_handler_that_ends_its_process_is_a_handler_that_raises():
    @on(Submitted)
    async def leave(event, request):
        raise SystemExit(3)

    (mistake,) = handler_mistakes(leave, [TYPE], 1.0)
    assert "Submitted in state 'received' makes it raise SystemExit: 3" in str(mistake)
    assert "Submitted in state 'received' y lève SystemExit" in mistake.to("fr")


def test_a_handler_that_is_an_object_of_an_author_is_told_as_any_other():
    class Orders:
        async def __call__(self, event, request):
            return Outcome(move="shut") if request.state == "resolved" else None

    heard = Subscription(name="orders", events=(Moved,), handler=Orders())
    (mistake,) = handler_mistakes(heard, [TYPE], 1.0)
    assert "the requested step 'shut' does not exist" in str(mistake)


SAMPLE_DAY = next(happenings(TYPE, ())).event.at
