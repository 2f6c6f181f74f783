"""Tasks and opinions: who is asked, in which order, how opinions are joined, what is kept of them."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import msgspec
import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.modules import NO_MODULES
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.amendments import amend
from parvis.requests.claims import note_claims
from parvis.requests.declarations import Declarations, type_of_record
from parvis.requests.freeing import free_switched_off
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.parts.together import standing_facts
from parvis.requests.plugin_away import rest_and_return
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.switches import Switchboard
from parvis_reviews.opinions import OpinionSubmission, give_opinion, opinions_of
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.review_tasks import rounds_of, tasks_of
from parvis_sdk.conditions import All, Is, Not
from parvis_sdk.forms import Form
from parvis_sdk.reviews import Recommendation, Review, Task
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_testing.modules import switch
from parvis_testing.town import HOLE

from ..reviewed import REVIEW, reviewed_type, reviewers, said

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
YES, IF, NO = "favourable", "conditional", "unfavourable"


def opinion(recommendation=YES, **more):
    words = {"conditions": "Une clôture"} if recommendation == IF else {"words": "Non"} if recommendation == NO else {}
    return {"recommendation": recommendation, **words, **more}


def without_plugin(town):
    return dataclasses.replace(town.host.without(Declarations), plugins=load_plugins([]))


async def chores(host, at):
    with clock.moved_to(at):
        return await rest_and_return(host)


@pytest.fixture
async def open_review(town_of):
    """Makes a request whose opinions have just been asked for; its town, reference and tasks by code."""

    async def make(review=REVIEW, also=(), **answers):
        town = town_of(reviewed_type(review), *also)
        town.host = reviewers(town.host)
        town.counter = RequestService(town.host)
        given = {"pool": False, "cost": 1000, "secret": "x"} | answers
        with clock.moved_to(MONDAY):
            reference = (await town.submit("works", answers=given)).reference
            moved = await make_move(town.host, reference, "begin", {}, actor=ANA, mover="agent")
            assert isinstance(moved, Record), moved
        return town, reference

    return make


async def by_code(town, reference):
    record = await town.record(reference)
    return {task.task: task for task in await tasks_of(record.id)}


async def give(town, reference, code, recommendation=YES, **more):
    task = (await by_code(town, reference))[code]
    return await give_opinion(
        town.host, reference, OpinionSubmission(task=task.id, raw=opinion(recommendation, **more), actor=ANA)
    )


async def facts_of(town, reference):
    record = await town.record(reference)
    return {
        fact.rpartition(".")[2]
        for fact in await standing_facts(town.host, record, await type_of_record(town.host, record))
    }


async def test_a_move_asks_whoever_the_answers_call_for_with_dates_in_business_time(open_review):
    town, reference = await open_review()
    tasks = await by_code(town, reference)
    assert {code: task.state for code, task in tasks.items()} == {
        "zoning": "asked",
        "fire": "asked",
        "engineer": "waiting",
    }
    # Ten business days from Monday the 14th, at closing time.
    assert tasks["zoning"].due_at.date().isoformat() == "2026-09-28"
    assert tasks["engineer"].due_at is None
    assert await facts_of(town, reference) == {"open"}
    assert "pool" in await by_code(*await open_review(pool=True))


async def test_tasks_in_order_are_asked_once_those_before_them_are_given(open_review):
    town, reference = await open_review()
    refused = await give(town, reference, "engineer")
    assert isinstance(refused, Denied)
    assert refused.code == "not_yet"
    await give(town, reference, "zoning")
    assert (await by_code(town, reference))["engineer"].state == "waiting"
    with clock.moved_to(datetime(2026, 9, 21, 14, tzinfo=UTC)):
        await give(town, reference, "fire")
    engineer = (await by_code(town, reference))["engineer"]
    assert (engineer.state, engineer.due_at.date().isoformat()) == ("asked", "2026-10-05")


async def test_the_last_opinion_joins_them_and_the_workflow_follows_in_the_same_unit(open_review):
    town, reference = await open_review()
    for code, recommendation in (("zoning", YES), ("fire", IF), ("engineer", YES)):
        assert isinstance(await give(town, reference, code, recommendation), Record)
    record = await town.record(reference)
    assert record.state == "deciding"
    assert await facts_of(town, reference) == {"conditional", "done", "given_zoning", "given_fire", "given_engineer"}
    kinds = [entry.kind for entry in await entries_of(record)]
    assert kinds == ["submitted", "moved", "opinion", "opinion", "opinion", "happened", "moved"]
    assert await broken_at(record) is None
    assert [each.state for each in await rounds_of(record.id)] == ["conditional"]


async def test_a_review_with_nobody_to_ask_is_done_at_once_and_favourable(open_review):
    alone = Review(
        code="opinions", title=said("Avis"), tasks=(Task(code="pool", title=said("P"), when=Is("pool", True)),)
    )
    town, reference = await open_review(alone)
    assert (await town.record(reference)).state == "deciding"
    assert await facts_of(town, reference) == {"favourable", "done"}
    assert await by_code(town, reference) == {}


async def test_two_reviewers_at_once_have_one_outcome_and_one_follow_on_move(open_review):
    review = Review(code="opinions", title=said("Avis"), tasks=(_task("zoning"), _task("fire")))
    town, reference = await open_review(review)
    both = await asyncio.gather(give(town, reference, "zoning", IF), give(town, reference, "fire", YES))
    assert all(isinstance(each, Record) for each in both)
    record = await town.record(reference)
    entries = await entries_of(record)
    assert [entry.kind for entry in entries] == ["submitted", "moved", "opinion", "opinion", "happened", "moved"]
    assert record.state == "deciding"
    assert (await rounds_of(record.id))[0].state == "conditional"
    assert await broken_at(record) is None


async def test_the_same_opinion_sent_twice_at_once_is_one_opinion(open_review):
    town, reference = await open_review()
    both = await asyncio.gather(give(town, reference, "fire"), give(town, reference, "fire"))
    assert all(isinstance(each, Record) for each in both)
    assert len(await opinions_of((await town.record(reference)).id)) == 1
    assert [entry.kind for entry in await entries_of(await town.record(reference))].count("opinion") == 1


async def test_a_corrected_opinion_keeps_the_former_and_who_comes_second_is_told(open_review):
    town, reference = await open_review()
    task = (await by_code(town, reference))["fire"]
    await give(town, reference, "fire", YES)
    second = OpinionSubmission(task=task.id, raw=opinion(NO), actor=ANA, seen=0)
    assert isinstance(await give_opinion(town.host, reference, second), Denied)
    corrected = OpinionSubmission(task=task.id, raw=opinion(NO), actor=ANA, seen=1)
    assert isinstance(await give_opinion(town.host, reference, corrected), Record)
    versions = await opinions_of((await town.record(reference)).id)
    assert [each.recommendation for each in versions] == [YES, NO]
    assert (await by_code(town, reference))["fire"].recommendation == NO


async def test_an_opinion_after_the_conclusion_is_kept_marked_and_changes_nothing(open_review):
    review = Review(code="opinions", title=said("Avis"), join="any", tasks=(_task("zoning"), _task("fire")))
    town, reference = await open_review(review)
    await give(town, reference, "zoning", YES)
    assert (await town.record(reference)).state == "deciding"
    await give(town, reference, "fire", NO)
    late = (await by_code(town, reference))["fire"]
    assert (late.state, late.late) == ("given", True)
    record = await town.record(reference)
    assert (await rounds_of(record.id))[0].state == "favourable"
    lines = await story(town.host, record, town.agent(), "fr")
    assert lines[-1].title == "Avis donné après la conclusion\u00a0: Fire"
    assert record.state == "deciding"


async def test_a_request_of_another_type_asks_nobody_any_more(open_review):
    other = msgspec.structs.replace(HOLE, code="other", form=Form(), service_levels=())
    town, reference = await open_review(also=(other,))
    retyped = await amend(town.host, reference, type="other", answers={}, actor=ANA)
    assert isinstance(retyped, Record), retyped
    assert {task.state for task in (await by_code(town, reference)).values()} == {"cancelled"}
    with clock.moved_to(datetime(2027, 9, 14, tzinfo=UTC)):
        assert await remind_reviewers(town.host) == 0


async def test_a_request_taken_back_asks_nobody_any_more(open_review):
    town, reference = await open_review()
    await give(town, reference, "zoning")
    assert isinstance(await withdraw(town.host, reference, {}), Record)
    tasks = await by_code(town, reference)
    assert {code: task.state for code, task in tasks.items()} == {
        "zoning": "given",
        "fire": "cancelled",
        "engineer": "cancelled",
    }
    assert isinstance(await give(town, reference, "fire"), Denied)
    assert isinstance(await give(town, reference, "zoning", NO), Denied)
    assert await facts_of(town, reference) == set()


async def test_a_request_that_ends_while_opinions_are_off_asks_nobody_when_they_are_on_again(open_review):
    town, reference = await open_review()
    await switch(town.host, "off", "reviews")
    await free_switched_off(town.host)
    assert isinstance(await withdraw(town.host, reference, {}), Record)
    await switch(town.host, "on", "reviews")
    assert {task.state for task in (await by_code(town, reference)).values()} == {"cancelled"}
    with clock.moved_to(MONDAY + timedelta(days=60)):
        assert await remind_reviewers(town.host) == 0


@pytest.mark.parametrize("erased", [False, True])
async def test_a_request_that_ended_while_opinions_were_not_installed_asks_nobody(open_review, erased):
    town, reference = await open_review()
    without = dataclasses.replace(town.host, modules=Switchboard(NO_MODULES))
    assert isinstance(await withdraw(without, reference, {}), Record)
    if erased:
        assert await erase(without, reference, actor=SYSTEM) is not None
    assert "asked" in {task.state for task in (await by_code(town, reference)).values()}
    with clock.moved_to(MONDAY + timedelta(days=60)):
        assert await remind_reviewers(town.host) == 0
    assert {task.state for task in (await by_code(town, reference)).values()} == {"cancelled"}


async def test_an_opinion_while_the_request_is_taken_back_has_one_clear_outcome(open_review):
    review = Review(code="opinions", title=said("Avis"), tasks=(_task("zoning"),))
    town, reference = await open_review(review)
    given, gone = await asyncio.gather(give(town, reference, "zoning"), withdraw(town.host, reference, {}))
    record = await town.record(reference)
    task = (await by_code(town, reference))["zoning"]
    assert record.state == "gone"
    assert isinstance(gone, Record)
    assert task.state == ("given" if isinstance(given, Record) else "cancelled")
    assert await broken_at(record) is None


async def test_asked_for_again_a_done_review_asks_everybody_anew(open_review):
    review = Review(code="opinions", title=said("Avis"), tasks=(_task("zoning"),))
    town, reference = await open_review(review)
    await give(town, reference, "zoning", NO)
    again = await make_move(town.host, reference, "begin_again", {}, actor=ANA, mover="agent")
    assert isinstance(again, Record)
    record = await town.record(reference)
    assert [(each.round, each.state) for each in await rounds_of(record.id)] == [(1, "unfavourable"), (2, "open")]
    assert [task.state for task in await tasks_of(record.id)] == ["given", "asked"]
    assert await facts_of(town, reference) == {"open"}


def _task(code, **more):
    return Task(code=code, title=said(code.title()), **more)


RULES = {
    "all": Review(code="r", title=said("R"), tasks=tuple(map(_task, "abc"))),
    "any": Review(code="r", title=said("R"), tasks=tuple(map(_task, "abc")), join="any"),
    "majority": Review(code="r", title=said("R"), tasks=tuple(map(_task, "abc")), join="majority"),
    "condition": Review(
        code="r",
        title=said("R"),
        tasks=tuple(map(_task, "abc")),
        join="condition",
        passes=All((Is("a", "favourable"), Not(Is("b", "unfavourable")))),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_arrival_changes_no_more_than_the_rule_says(rule):
    review = RULES[rule]
    assert not list(review.mistakes())
    for said_by in product(list(Recommendation), repeat=3):
        opinions = dict(zip("abc", said_by, strict=True))
        outcomes = {_outcome(review, opinions, order) for order in permutations("abc")}
        assert None not in outcomes
        # For or against never depends on who came first.
        assert len({outcome == "unfavourable" for outcome in outcomes}) == 1
        if rule in ("all", "condition"):
            assert outcomes == {review.joined(opinions)}
        against = said_by.count(Recommendation.UNFAVOURABLE)
        expected = {
            "all": against == 0,
            "any": against < 3,
            "majority": against < 2,
            "condition": opinions["a"] == "favourable" and opinions["b"] != "unfavourable",
        }[rule]
        assert (outcomes != {Recommendation.UNFAVOURABLE}) == expected


def _outcome(review, opinions, order):
    """What comes of it when the opinions arrive in this order: the first outcome stands."""
    known = dict.fromkeys("abc")
    for code in order:
        known[code] = opinions[code]
        if (outcome := review.joined(known)) is not None:
            return outcome
    return None


async def test_what_an_opinion_says_is_in_no_line_of_the_story_and_in_no_delivery(open_review):
    town, reference = await open_review()
    await give(town, reference, "fire", NO, words="Mots-secrets")
    record = await town.record(reference)
    everything = town.agent("see", "work", "reveal", "contacts")
    told = [str(await story(town.host, record, viewer, "fr")) for viewer in (HOLDER, everything)]
    told += [str(entry) for entry in await entries_of(record)]
    told += [row["event"] for row in await Delivery.select(Delivery.event).where(Delivery.request == record.id)]
    assert not any("Mots-secrets" in each or "unfavourable" in each for each in told)


def test_an_author_hears_of_tasks_that_cannot_be():
    wrong = Review(
        code="opinions",
        title=Text(fr="Avis"),
        tasks=(
            Task(code="fire", title=said("Fire"), after=("zoning",), days=0, shows=("nothing",)),
            Task(code="fire", title=said("Fire"), when=Is("nowhere", True)),
        ),
        join="condition",
    )
    request_type = reviewed_type(wrong)
    told = [str(mistake) for mistake in request_type.mistakes()]
    for words in ("no delay", "no task before it", "two tasks", "`passes` goes", "not asked", "'nowhere'"):
        assert any(words in each for each in told), (words, told)


async def test_reviewers_are_not_reminded_while_the_plugin_is_away_and_have_as_long_after(open_review):
    town, reference = await open_review()
    await note_claims(town.host.engine, town.host.plugins)
    gone, went = without_plugin(town), datetime(2026, 9, 15, 14, tzinfo=UTC)
    before = (await by_code(town, reference))["zoning"]
    await chores(gone, went)
    with clock.moved_to(went + timedelta(days=30)):
        assert await remind_reviewers(gone) == 0
    await chores(town.host, went + timedelta(days=30))
    after = (await by_code(town, reference))["zoning"]
    assert after.due_at == before.due_at + timedelta(days=30)
    with clock.moved_to(went + timedelta(days=30)):
        assert await remind_reviewers(town.host) == 0  # its time has not come again
    with clock.moved_to(after.due_at):
        assert await remind_reviewers(town.host) > 0
