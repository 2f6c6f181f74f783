"""An opinion that does not come, and one whose answers change, declared and played at the pretend desk."""

import pytest
from msgspec import structs

from parvis_sdk.fields import Number
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.requests import Place
from parvis_sdk.review_rules import deemed_opinions, rests_on
from parvis_sdk.reviews import Recommendation, Review, Silence, Task
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

L = Text(fr="Avis", en="Opinions")
RULE = Text(fr="Le règlement le veut.", en="The by-law has it so.")
DEEMED = Silence(escalate=(50,), deemed=Recommendation.FAVOURABLE, rule=RULE)
YES = {"recommendation": "favourable"}


def task(code: str, **more) -> Task:
    return Task(code=code, title=L, days=5, **more)


def mistakes(silence: Silence | None = None, **more) -> list[str]:
    review = Review(code="opinions", title=L, tasks=(task("fire", silence=silence, **more),))
    return [str(each) for each in (*review.mistakes(), *review.mistakes_in(SAMPLE))]


@pytest.mark.parametrize(
    ("silence", "said"),
    [
        (Silence(), "nothing comes of it"),
        (Silence(escalate=(0,)), "are no such moments"),
        (Silence(escalate=(80, 50)), "are no such moments"),
        (Silence(deemed=Recommendation.CONDITIONAL, rule=RULE), "nobody has set the conditions"),
        (Silence(deemed=Recommendation.FAVOURABLE), "`deemed` goes with its rule"),
        (Silence(escalate=(50,), rule=RULE), "`deemed` goes with its rule"),
        (Silence(escalate=(50,), late="counts"), "nothing is deemed in whose place a late opinion could count"),
    ],
)
def test_a_silence_that_means_nothing_is_told_to_its_author(silence, said):
    (mistake,) = mistakes(silence)
    assert "task 'fire' · silence" in mistake
    assert said in mistake
    assert mistakes(DEEMED) == []


def test_an_opinion_rests_on_what_is_asked():
    assert "'nothing' is not asked" in mistakes(depends_on=("nothing",))[0]
    nowhere = structs.replace(SAMPLE, place=PlaceRule(need="none"))
    review = Review(code="opinions", title=L, tasks=(task("fire", depends_on=("place",)),))
    assert list(review.mistakes_in(SAMPLE)) == []
    assert "'place' is not asked" in str(next(iter(review.mistakes_in(nowhere))))


def test_what_an_opinion_rests_on_is_the_same_for_the_same_answers_and_no_other():
    asked, here = task("fire", depends_on=("people", "place")), Place(lon=-73.5, lat=45.5)
    assert rests_on(asked, {"people": 3, "more": 1}, here) == rests_on(asked, {"more": 2, "people": 3}, here)
    assert rests_on(asked, {"people": 3}, here) != rests_on(asked, {"people": 4}, here)
    assert rests_on(asked, {"people": 3}, here) != rests_on(asked, {"people": 3}, Place(lon=-73.5, lat=45.6))
    assert rests_on(task("fire"), {"people": 3}, here) == ""


def test_silence_has_facts_of_its_own():
    review = Review(code="opinions", title=L, tasks=(task("fire", silence=DEEMED), task("zoning")))
    assert review.facts()["review.opinions.deemed_fire"].title.en == "Opinions: opinion deemed favourable (Opinions)"
    assert "review.opinions.escalated_fire" in review.facts()
    assert "review.opinions.deemed_zoning" not in review.facts()


PEOPLE = Form(
    sections=(Section(code="s", title=L, fields=(Number(code="people", label=L), Number(code="cost", label=L))),)
)


def reviewed(*tasks: Task) -> Desk:
    review = Review(code="opinions", title=L, tasks=tasks)
    first, *_ = SAMPLE.workflow.states
    opens = Transition(
        code="ask", title=L, sources=(first.code,), target=first.code, asks=PEOPLE, brings=("review.opinions.open",)
    )
    workflow = structs.replace(SAMPLE.workflow, transitions=(opens, *SAMPLE.workflow.transitions))
    return Desk(types=(structs.replace(SAMPLE, form=PEOPLE, workflow=workflow, parts=(review,)),))


async def asked_of(desk: Desk):
    place, nobody = {"lon": -73.5, "lat": 45.5}, {"mode": "anonymous"}
    raw = {"answers": {"people": 3, "cost": 5}, "place": place, "requester": nobody}
    case = await desk.submit("sample", raw)
    await desk.move(case, "ask", {"people": 3, "cost": 5})
    return case


async def test_at_the_pretend_desk_silence_is_pointed_out_and_then_is_an_opinion():
    desk = reviewed(task("fire", silence=DEEMED))
    case = await asked_of(desk)
    await desk.wait(days=4)
    assert [each.fact for each in desk.events if getattr(each, "fact", "").endswith("_fire")] == [
        "review.opinions.escalated_fire"
    ]
    await desk.wait(days=4)
    assert {"review.opinions.deemed_fire", "review.opinions.favourable", "review.opinions.done"} <= desk.facts(case)
    (words,) = deemed_opinions(case.request_type, desk.facts(case))
    assert words.en == "Opinions: opinion deemed favourable, for lack of an answer in time. The by-law has it so."


async def test_at_the_pretend_desk_a_late_opinion_is_noted_or_counts_as_the_rule_on_silence_says():
    for late, outcome in (("noted", "favourable"), ("counts", "unfavourable")):
        desk = reviewed(task("fire", silence=structs.replace(DEEMED, late=late)), task("zoning"))
        case = await asked_of(desk)
        await desk.wait(days=7)
        await desk.give_opinion(case, "fire", "unfavourable", words="Trop tard?")
        await desk.give_opinion(case, "zoning")
        assert f"review.opinions.{outcome}" in desk.facts(case)
        assert ("review.opinions.deemed_fire" in desk.facts(case)) is (late == "noted")
        assert [each.late for each in case.rounds[-1].tasks] == [late == "noted", False]


async def test_at_the_pretend_desk_only_what_rests_on_changed_answers_is_asked_again():
    desk = reviewed(task("fire", depends_on=("people",)), task("zoning", depends_on=("cost",)), task("roads"))
    case = await asked_of(desk)
    for code in ("fire", "zoning", "roads"):
        await desk.give_opinion(case, code)
    await desk.move(case, "ask", {"people": 4, "cost": 5})
    states = {each.task: each.state for each in case.rounds[-1].tasks}
    assert (len(case.rounds), states) == (2, {"fire": "asked", "zoning": "given", "roads": "asked"})
    await desk.give_opinion(case, "fire")
    await desk.move(case, "ask", {"people": 5, "cost": 5})
    states = {each.task: each.state for each in case.rounds[-1].tasks}
    assert (len(case.rounds), states) == (2, {"fire": "asked", "zoning": "given", "roads": "asked"})
