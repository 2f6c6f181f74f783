"""What comes of an opinion that does not come, and which are given anew when answers change."""

from datetime import UTC, datetime

from msgspec import structs

from parvis import clock
from parvis.db.tables import Delivery
from parvis.i18n import speaking
from parvis.requests.amendments import amend
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_reviews.opinions import opinions_of
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.review_tasks import tasks_of
from parvis_reviews.shown import shown_reviews
from parvis_sdk.reviews import Recommendation, Review, Silence, Task
from parvis_testing.town import HOLE  # noqa: F401

from ..reviewed import said
from .test_reviews import ANA, MONDAY, NO, by_code, facts_of, give, open_review  # noqa: F401

RULE = said("Le règlement le veut ainsi.", "The by-law has it so.")
SILENT = Review(
    code="opinions",
    title=said("Avis", "Opinions"),
    tasks=(
        Task(code="zoning", title=said("Zonage", "Zoning"), unit="planning", days=10),
        Task(
            code="fire",
            title=said("Incendie", "Fire"),
            unit="public_works",
            days=5,
            silence=Silence(escalate=(50,), deemed=Recommendation.FAVOURABLE, rule=RULE),
        ),
    ),
)
COUNTING = structs.replace(
    SILENT,
    tasks=(
        SILENT.tasks[0],
        structs.replace(SILENT.tasks[1], silence=structs.replace(SILENT.tasks[1].silence, late="counts")),
    ),
)
RESTING = Review(
    code="opinions",
    title=said("Avis", "Opinions"),
    tasks=(
        Task(code="zoning", title=said("Zonage", "Zoning"), unit="planning", depends_on=("cost",)),
        Task(code="fire", title=said("Incendie", "Fire"), unit="public_works", depends_on=("pool",)),
        Task(code="engineer", title=said("Génie", "Engineering"), unit="public_works"),
    ),
)


async def reminded(town, *moment: int) -> int:
    with clock.moved_to(datetime(*moment, tzinfo=UTC)):
        return await remind_reviewers(town.host)


async def test_a_slow_opinion_is_pointed_out_and_then_deemed_to_be_given_as_the_rule_says(open_review):  # noqa: F811
    town, reference = await open_review(SILENT)
    assert await reminded(town, 2026, 9, 15, 14) == 0
    assert await reminded(town, 2026, 9, 16, 20) == 1  # half of five days
    fire = (await by_code(town, reference))["fire"]
    assert (fire.escalated, fire.reminders) == (1, 0)
    told = await Delivery.select(Delivery.event).where(Delivery.request == (await town.record(reference)).id)
    assert sum("Avis bientôt à échéance" in str(row["event"]) for row in told) == 1
    assert await reminded(town, 2026, 9, 17, 23) == 1  # the usual reminder, two days before
    assert await reminded(town, 2026, 9, 22, 3) == 1
    fire = (await by_code(town, reference))["fire"]
    assert (fire.state, fire.recommendation, fire.opinions) == ("deemed", "favourable", 0)
    assert await facts_of(town, reference) == {"open", "deemed_fire"}
    record = await town.record(reference)
    bodies = [entry.body for entry in await entries_of(record)]
    assert [body["escalated"] for body in bodies if "escalated" in body] == [50]
    assert [body["deemed"] for body in bodies if "deemed" in body] == ["favourable"]
    assert await reminded(town, 2026, 9, 23, 14) == 0


async def test_the_applicant_reads_which_opinion_was_deemed_and_by_which_rule(open_review):  # noqa: F811
    town, reference = await open_review(SILENT)
    await reminded(town, 2026, 9, 22, 3)
    await reminded(town, 2026, 9, 22, 4)
    record = await town.record(reference)
    words = "Incendie\u00a0: avis réputé favorable, faute de réponse dans le délai. Le règlement le veut ainsi."
    told = [line.title for line in await story(town.host, record, HOLDER, "fr")]
    assert words in told
    request_type = town.host.plugins.request_types["works"]
    with speaking("fr", "America/Toronto"):
        (shown,) = await shown_reviews(town.host, record, request_type, HOLDER, lambda *_: "", {})
    assert [task.deemed for task in shown.tasks] == ["", words]


async def test_an_opinion_that_comes_after_all_is_kept_and_the_rule_goes_on_to_count(open_review):  # noqa: F811
    town, reference = await open_review(SILENT)
    await reminded(town, 2026, 9, 22, 3)
    await reminded(town, 2026, 9, 22, 4)
    with clock.moved_to(datetime(2026, 9, 22, 15, tzinfo=UTC)):
        assert isinstance(await give(town, reference, "fire", NO), Record)
        await give(town, reference, "zoning")
    assert await facts_of(town, reference) == {"favourable", "done", "deemed_fire", "given_zoning"}
    fire = (await by_code(town, reference))["fire"]
    assert (fire.state, fire.recommendation, fire.opinions, fire.late) == ("deemed", "favourable", 1, True)
    record, request_type = await town.record(reference), town.host.plugins.request_types["works"]
    titles = [line.title for line in await story(town.host, record, town.agent(), "fr")]
    assert "Avis reçu trop tard pour être pris en compte\u00a0: Incendie" in titles
    with speaking("fr", "America/Toronto"):
        (shown,) = await shown_reviews(town.host, record, request_type, town.agent(), lambda *_: "", {})
    (read,) = [task for task in shown.tasks if task.deemed]
    assert (read.opinion.recommendation, read.opinion.noted, read.opinion.late) == ("unfavourable", True, True)


async def test_where_its_rule_lets_it_a_late_opinion_takes_the_place_of_silence_while_others_are_awaited(open_review):  # noqa: F811
    town, reference = await open_review(COUNTING)
    await reminded(town, 2026, 9, 22, 3)
    await reminded(town, 2026, 9, 22, 4)
    with clock.moved_to(datetime(2026, 9, 22, 15, tzinfo=UTC)):
        assert isinstance(await give(town, reference, "fire", NO), Record)
        await give(town, reference, "zoning")
    assert await facts_of(town, reference) == {"unfavourable", "done", "given_fire", "given_zoning"}


async def test_the_last_silence_brings_the_review_to_its_end(open_review):  # noqa: F811
    town, reference = await open_review(SILENT)
    await give(town, reference, "zoning")
    await reminded(town, 2026, 9, 22, 3)
    await reminded(town, 2026, 9, 22, 4)
    assert (await town.record(reference)).state == "deciding"
    assert await facts_of(town, reference) == {"favourable", "done", "deemed_fire", "given_zoning"}


async def test_only_opinions_whose_answers_have_changed_are_given_anew(open_review):  # noqa: F811
    town, reference = await open_review(RESTING)
    for code in ("zoning", "fire", "engineer"):
        await give(town, reference, code)
    await changed(town, reference, cost=2000)
    await move(town, reference, "begin_again")
    tasks = await by_code(town, reference)
    assert {code: task.state for code, task in tasks.items()} == {
        "zoning": "asked",
        "fire": "given",
        "engineer": "asked",  # it does not say on what it rests
    }
    opinions = await opinions_of((await town.record(reference)).id)
    assert [each.task for each in opinions].count(tasks["fire"].id) == 1
    assert [task.round for task in await tasks_of((await town.record(reference)).id)] == [1, 1, 1, 2, 2, 2]


async def test_a_review_that_goes_on_asks_again_for_what_has_changed_and_keeps_what_was_said(open_review):  # noqa: F811
    town, reference = await open_review(RESTING)
    await give(town, reference, "zoning")
    await give(town, reference, "fire")
    await changed(town, reference, cost=3000)
    await move(town, reference, "put_back")
    await move(town, reference, "begin")
    tasks = await by_code(town, reference)
    assert {code: task.state for code, task in tasks.items()} == {
        "zoning": "asked",
        "fire": "given",
        "engineer": "asked",
    }
    await give(town, reference, "zoning", NO)
    assert (await by_code(town, reference))["zoning"].opinions == 2


async def changed(town, reference, **answers):
    before = {"pool": False, "cost": 1000, "secret": "x"}
    became = await amend(town.host, reference, answers=before | answers, actor=ANA)
    assert isinstance(became, Record), became


async def move(town, reference, code):
    with clock.moved_to(MONDAY):
        became = await make_move(town.host, reference, code, {}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
