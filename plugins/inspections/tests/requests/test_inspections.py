"""Visits from the wish to the result: planned in the town's calendar, made once, repeated for what failed, told."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import pytest
from PIL import Image

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import Delivery
from parvis.jurisdictions.units import RouteRule
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.attachments import kept_of, waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import AlreadyErased
from parvis.requests.declarations import Declarations, type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.module_figures import counted
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.selection import Period, within
from parvis_inspections.figures import FIGURES
from parvis_inspections.inspected import KnownResult, ResultConflict, record_result
from parvis_inspections.inspecting import VisitConflict, ask, cancel_visit, plan_visit, waive_visit
from parvis_inspections.inspections_due import mark_overdue
from parvis_inspections.rounds import VisitFilter, figures_of, planned, round_of, to_correct
from parvis_inspections.rounds import waiting as waiting_visits
from parvis_inspections.slots import read_slot
from parvis_inspections.tables import InspectionResult
from parvis_inspections.visit_results import read_result
from parvis_inspections.visits import Wishes, declared, results_of, visits_of
from parvis_sdk.events import Happened
from parvis_sdk.hooks import hookimpl
from parvis_sdk.inspection_rules import points_of
from parvis_sdk.inspections import Point
from parvis_sdk.problems import Problems
from parvis_sdk.subscriptions import on
from parvis_sdk.workflow import Denied
from parvis_testing.modules import standing_in
from parvis_testing.town import HERE, plugin_of, said

from ..works import FINAL, FOOTING, WORKS

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MARC = Actor(kind="agent", id="marc", name="Marc Roy")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
TUESDAY, FRIDAY = "2026-09-15", "2026-09-18"


@on(Happened)
async def hear(event, request):
    """Somebody who listens, so that deliveries are written."""


@pytest.fixture
async def works(town):
    """A town with works that have begun on a Monday, and their reference."""
    module = plugin_of(WORKS)

    @hookimpl
    def subscriptions():
        return [hear]

    module.subscriptions = subscriptions
    plugins = load_plugins([DiscoveredPlugin.of("town", module)])
    assert not plugins.troubles, plugins.troubles
    host = replace(town.host.without(Declarations, *standing_in(town.host)), plugins=plugins)
    town = replace(town, host=host, counter=RequestService(host))
    with clock.moved_to(MONDAY):
        reference = (await town.submit("works", answers={"danger": False})).reference
        await make_move(town.host, reference, "begin", {}, actor=ANA, mover="agent")
        yield town, reference


@pytest.fixture
def at_works(works):
    return At(*works)


class At:
    """Short ways to what is done about the visits of one request."""

    def __init__(self, town, reference) -> None:
        self.town, self.host, self.reference = town, town.host, reference

    async def record(self) -> Record:
        return await self.town.record(self.reference)

    async def visits(self, code="footing"):
        return [each for each in await visits_of((await self.record()).id) if each.code == code]

    async def visit(self, code="footing"):
        return (await self.visits(code))[-1]

    def slot(self, day=TUESDAY, part="morning"):
        return read_slot(self.host.jurisdictions.jurisdiction("parvis"), {"day": day, "slot": part}, clock.now())

    async def plan(self, code="footing", day=TUESDAY, part="morning", **given):
        visit = given.pop("visit", None) or await self.visit(code)
        given = {"inspector": None, "inspector_name": "Ana Tremblay", "actor": ANA} | given
        return await plan_visit(self.host, visit, self.reference, self.slot(day, part), **given)

    async def photo(self, holder="held") -> str:
        content = io.BytesIO()
        Image.new("RGB", (40, 20), "red").save(content, "JPEG")
        return (await receive_file(self.host, holder, "photo", "a.jpg", content.getvalue())).id

    async def read(self, raw, code="footing", visit=None, holder="held"):
        visit = visit or await self.visit(code)
        part = declared(await type_of_record(self.host, await self.record()), code)
        return read_result(part, visit, raw, await waiting(holder), clock.now(), clock.now().date())

    async def send(self, raw, code="footing", *, visit=None, key="one", actor=ANA, corrects=0):
        visit = visit or await self.visit(code)
        sent = await self.read(raw, code, visit)
        assert not isinstance(sent, Problems), sent
        return await record_result(
            self.host, visit, self.reference, sent, key=key, actor=actor, holder="held", corrects=corrects
        )

    async def facts(self):
        record = await self.record()
        return await standing_facts(self.host, record, await type_of_record(self.host, record))

    async def told(self):
        of_request = Delivery.request == (await self.record()).id
        rows = await Delivery.select(Delivery.event).where(of_request).order_by(Delivery.id)
        events = [msgspec.json.decode(row["event"]) for row in rows]
        return [each for each in events if each["event"] == "happened"]


def all_well(*codes):
    return {"outcome": "made", "points": {code: {"finding": "ok"} for code in codes}}


ALL_WELL = all_well("depth", "drain")


async def test_a_move_brings_visits_about_and_one_is_planned_in_the_calendar_of_the_town(at_works):
    assert await at_works.facts() == {"inspection.footing.wanted", "inspection.final.wanted"}
    assert isinstance(await at_works.plan(), Record)
    visit = await at_works.visit()
    assert (visit.state, visit.day, visit.inspector_name) == ("planned", TUESDAY, "Ana Tremblay")
    # 8:30 to noon in the town, which is four hours behind UTC then.
    assert (visit.starts_at, visit.ends_at) == (
        datetime(2026, 9, 15, 12, 30, tzinfo=UTC),
        datetime(2026, 9, 15, 16, tzinfo=UTC),
    )
    assert "inspection.footing.planned" in await at_works.facts()
    lines = await story(at_works.host, await at_works.record(), HOLDER, "en")
    assert lines[-1].title == "Footings: visit planned"
    assert lines[-1].words == "Tuesday, September 15, 2026, in the morning, from 8:30\u202fa.m. to 12:00\u202fp.m."


@pytest.mark.parametrize(
    ("raw", "path", "says"),
    [
        ({"day": "2026-09-13", "slot": "morning"}, "day", "future date"),
        ({"day": "2026-09-19", "slot": "morning"}, "day", "The next business day is Monday, September 21, 2026"),
        ({"day": "2026-06-24", "slot": "morning"}, "day", "future date"),
        ({"day": "2026-10-12", "slot": "morning"}, "day", "closed"),
        ({"day": "2028-09-15", "slot": "morning"}, "day", "far"),
        ({"day": "x", "slot": "morning"}, "day", "Choose a day"),
        ({"day": TUESDAY, "slot": "night"}, "slot", "morning"),
        ({"day": TUESDAY, "from": "11:00", "to": "09:00"}, "slot", "not open"),
        ({"day": TUESDAY, "slot": "25:00-26:00"}, "slot", "morning"),
    ],
)
def test_a_visit_is_only_planned_when_the_town_is_open(jurisdictions, raw, path, says):
    wrong = read_slot(jurisdictions.jurisdiction("parvis"), raw, MONDAY)
    assert isinstance(wrong, Problems)
    assert wrong.found[0].path == path
    assert says in wrong.found[0].message.en


async def test_a_visit_waits_for_those_that_it_follows(at_works):
    denied = await at_works.plan("final")
    assert isinstance(denied, Denied)
    assert "Footings" in denied.reason.en
    await at_works.send(ALL_WELL)
    assert isinstance(await at_works.plan("final"), Record)


async def test_two_who_plan_one_visit_do_not_overwrite_each_other(at_works):
    seen = await at_works.visit()
    answers = await asyncio.gather(
        at_works.plan(visit=seen, day=TUESDAY), at_works.plan(visit=seen, day=FRIDAY, actor=MARC)
    )
    assert sorted(type(each).__name__ for each in answers) == ["Record", "VisitConflict"]
    overtaken = next(each for each in answers if isinstance(each, VisitConflict))
    assert overtaken.visit.state == "planned"
    assert overtaken.visit == await at_works.visit()


async def test_a_visit_is_moved_cancelled_and_told_each_time(at_works):
    await at_works.plan()
    await at_works.plan(day=FRIDAY, part="13:00-14:30", reason="Pluie")
    assert (await at_works.visit()).slot == "13:00-14:30"
    await cancel_visit(at_works.host, await at_works.visit(), at_works.reference, "Grève", actor=ANA)
    visit = await at_works.visit()
    assert (visit.state, visit.day, visit.inspector_name) == ("wanted", "", "")
    told = [each for each in await at_works.told() if each["fact"].startswith("inspection.footing") and "said" in each]
    assert [each["fact"].rpartition(".")[2] for each in told] == ["planned", "moved", "cancelled"]
    assert told[0]["said"]["prepare"]["en"] == "Leave the forms open."
    assert "13 h" in told[1]["said"]["slot"]["fr"].replace("\xa0", " ")
    assert told[2]["said"]["reason"]["fr"] == "Grève"
    assert await broken_at(await at_works.record()) is None


async def test_another_inspector_at_the_same_time_is_no_news_to_the_requester(at_works):
    await at_works.plan()
    await at_works.plan(inspector_name="Marc Roy")
    assert [each.get("tell", True) for each in await at_works.told()][-1] is False
    assert (await entries_of(await at_works.record()))[-1].audience == "internal"


async def test_a_requester_suggests_times_for_a_visit_and_asks_for_one(at_works):
    wishes = Wishes(times=((TUESDAY, "morning"),), words="Pas avant 9 h")
    assert isinstance(await ask(at_works.host, at_works.reference, "footing", wishes), Record)
    assert (await at_works.visit()).wishes == wishes
    assert "Pas avant 9 h" in (await story(at_works.host, await at_works.record(), HOLDER, "fr"))[-1].words
    await waive_visit(at_works.host, await at_works.visit(), at_works.reference, "Inutile", actor=ANA)
    assert isinstance(await ask(at_works.host, at_works.reference, "footing", Wishes()), Record)
    assert [(each.state, each.asked) for each in await at_works.visits()] == [("waived", False), ("wanted", True)]
    await at_works.send(ALL_WELL)
    assert isinstance(await ask(at_works.host, at_works.reference, "footing", Wishes()), Denied)
    assert isinstance(await ask(at_works.host, at_works.reference, "nothing", Wishes()), Denied)


async def test_every_point_is_answered_and_what_is_wrong_has_a_note_and_a_photo(at_works):
    wrong = await at_works.read({"points": {"depth": {"finding": "not_ok"}, "drain": {"finding": "perhaps"}}})
    assert [each.path for each in wrong.found] == ["points.depth.note", "points.depth.photos", "points.drain.finding"]
    strange = {"finding": "not_ok", "note": "Trop peu", "photos": ["not-there"]}
    wrong = await at_works.read({"points": {"depth": strange, "drain": {"finding": "ok"}}})
    assert [each.code for each in wrong.found] == ["file_missing"]
    assert (await at_works.read({"outcome": "missed"})).found[0].path == "words"
    late = {"points": {"depth": {"finding": "ok"}, "drain": {"finding": "not_ok", "note": "x"}}, "due": "2026-09-14"}
    assert (await at_works.read(late)).found[0].path == "due"


async def failed(at_works, **more):
    points = {
        "depth": {"finding": "not_ok", "note": "Il manque 20 cm", "photos": [await at_works.photo()]},
        "drain": {"finding": "not_applicable"},
    }
    return await at_works.send({"points": points, **more}, key=more.pop("key", "one"))


async def test_what_failed_is_told_by_its_notice_and_looked_at_again_alone(at_works):
    await at_works.plan()
    assert isinstance(await failed(at_works, notice="yes", due="2026-10-01", words="Revenir tôt"), Record)
    first, again = await at_works.visits()
    assert (first.state, first.notice, first.due) == ("failed", True, "2026-10-01")
    assert (again.state, again.former, again.points) == ("wanted", first.id, ("depth",))
    assert [each.code for each in points_of(FOOTING, again)] == ["depth"]
    assert {"inspection.footing.failed", "inspection.footing.notice"} < await at_works.facts()
    told = {each["fact"].rpartition(".")[2]: each for each in (await at_works.told())[-2:]}
    assert told["failed"]["tell"] is False
    assert told["notice"]["said"]["points"]["fr"] == "– Profondeur (Règl. 1, art. 5)\xa0: Il manque 20 cm"
    assert told["notice"]["said"]["due"]["en"] == "Thursday, October 1, 2026"
    line = (await story(at_works.host, await at_works.record(), HOLDER, "fr"))[-1]
    assert "Il manque 20 cm" in line.words
    assert len(line.attachments) == 1
    # The one point in order, everything is.
    assert isinstance(await at_works.send(all_well("depth"), key="two"), Record)
    assert "inspection.footing.passed" in await at_works.facts()
    assert "inspection.footing.failed" not in await at_works.facts()


async def test_a_result_sent_twice_or_by_two_is_kept_once(at_works):
    sent = await at_works.visit()
    answers = await asyncio.gather(*[at_works.send(ALL_WELL, visit=sent, key="same") for _ in range(3)])
    assert sorted(type(each).__name__ for each in answers) == ["KnownResult", "KnownResult", "Record"]
    assert all(each.result.outcome == "passed" for each in answers if isinstance(each, KnownResult))
    other = await at_works.send(
        all_well("depth", "drain") | {"words": "Moi aussi"}, visit=sent, key="other", actor=MARC
    )
    assert isinstance(other, ResultConflict)
    assert other.result.actor_name == "Ana Tremblay"
    assert await InspectionResult.count() == 1
    assert len([each for each in await at_works.told() if each["fact"] == "inspection.footing.passed"]) == 1


async def test_a_photo_travels_to_the_request_with_its_result_only(at_works):
    await failed(at_works)
    files = await kept_of(await at_works.record())
    assert [each.audience for each in files] == ["requester"]
    assert await waiting("held") == {}


async def test_a_corrected_result_keeps_the_former_and_takes_back_what_it_had_caused(at_works):
    await failed(at_works)
    (first, again) = await at_works.visits()
    (before,) = (await results_of([first.id]))[first.id]
    assert isinstance(await at_works.send(ALL_WELL, visit=first, key="fix", corrects=0), ResultConflict)
    assert isinstance(await at_works.send(ALL_WELL, visit=first, key="fix", corrects=1), Record)
    results = (await results_of([first.id]))[first.id]
    assert results[0] == before
    assert [(each.number, each.outcome) for each in results] == [(1, "failed"), (2, "passed")]
    assert [each.state for each in await at_works.visits()] == ["passed", "waived"]
    assert "inspection.footing.passed" in await at_works.facts()
    assert again.state == "wanted"


async def test_a_result_cannot_be_corrected_once_another_visit_was_made(at_works):
    await failed(at_works)
    first, again = await at_works.visits()
    await at_works.send(all_well("depth"), visit=again, key="repeat")
    assert isinstance(await at_works.send(ALL_WELL, visit=first, key="late", corrects=1), Denied)


async def test_a_visit_made_in_vain_is_wanted_again_whole(at_works):
    await at_works.plan()
    await at_works.send({"outcome": "missed", "words": "Personne sur place"})
    first, again = await at_works.visits()
    assert (first.state, again.state, again.points, again.former) == ("missed", "wanted", (), None)
    assert (await at_works.told())[-1]["said"]["reason"]["fr"] == "Personne sur place"


async def test_the_workflow_follows_when_all_have_passed_and_visits_fall_away_with_a_move(at_works):
    await at_works.send(ALL_WELL)
    assert (await at_works.record()).state == "working"
    await at_works.send(all_well("stairs"), "final", key="two")
    assert (await at_works.record()).state == "compliant"


async def test_a_move_can_make_visits_needless(at_works):
    await make_move(at_works.host, at_works.reference, "stop", {}, actor=ANA, mover="agent")
    assert (await at_works.visit()).state == "waived"
    assert isinstance(await at_works.plan(), Denied)


async def test_visits_that_a_move_brings_about_again_are_neither_doubled_nor_made_anew(at_works):
    async def come_back():
        for move in ("pause", "resume"):
            assert isinstance(
                await make_move(at_works.host, at_works.reference, move, {}, actor=ANA, mover="agent"), Record
            )

    await at_works.send(ALL_WELL)
    await come_back()
    assert [each.state for each in await at_works.visits()] == ["passed"]
    assert [each.state for each in await at_works.visits("final")] == ["wanted"]
    assert await at_works.facts() == {"inspection.footing.passed", "inspection.final.wanted"}


async def test_a_visit_found_needless_is_wanted_when_a_move_brings_it_about_again(at_works):
    await waive_visit(at_works.host, await at_works.visit(), at_works.reference, "Remis.", actor=ANA)
    for move in ("pause", "resume"):
        await make_move(at_works.host, at_works.reference, move, {}, actor=ANA, mover="agent")
    assert [each.state for each in await at_works.visits()] == ["waived", "wanted"]


async def test_what_is_not_corrected_in_time_is_marked_once_until_it_is_in_order(at_works):
    await failed(at_works, due="2026-09-20")
    with clock.moved_to(datetime(2026, 9, 21, 3, 59, tzinfo=UTC)):
        assert await mark_overdue(at_works.host) == 0
    with clock.moved_to(datetime(2026, 9, 21, 4, 1, tzinfo=UTC)):
        assert await mark_overdue(at_works.host) == 1
        assert await mark_overdue(at_works.host) == 0
        assert "inspection.footing.overdue" in await at_works.facts()
        found = await to_correct(at_works.host, VisitFilter(scope=Scope(jurisdiction="parvis")))
        assert [each.reference for each in found.lines] == [at_works.reference]
        await at_works.send(all_well("depth"), key="two")
        assert (await to_correct(at_works.host, VisitFilter(scope=Scope(jurisdiction="parvis")))).lines == ()


async def test_the_town_says_which_unit_makes_a_visit(works):
    town, _ = works
    rule = RouteRule(unit="environment", inspections=("footing",))
    ours = town.host.jurisdictions.jurisdiction("parvis")
    towns = msgspec.structs.replace(
        town.host.jurisdictions,
        by_code=town.host.jurisdictions.by_code | {"parvis": msgspec.structs.replace(ours, routes=(rule,))},
    )
    other = replace(town, host=replace(town.host, jurisdictions=towns))
    other.counter.host = other.host
    reference = (await other.submit("works", answers={"danger": False})).reference
    await make_move(other.host, reference, "begin", {}, actor=ANA, mover="agent")
    record = await other.record(reference)
    assert {each.code: each.unit for each in await visits_of(record.id)} == {
        "footing": "environment",
        "final": ours.default_unit,
    }
    assert record.unit == ours.default_unit


async def test_lists_hold_what_waits_what_is_planned_and_a_round_in_its_order(at_works):
    town = at_works.town
    for lon in (-73.55, -73.60, -73.57):
        reference = (await town.submit("works", answers={"danger": False}, place=HERE | {"lon": lon})).reference
        await make_move(town.host, reference, "begin", {}, actor=ANA, mover="agent")
        other = At(town, reference)
        await other.plan(part="afternoon" if lon == -73.60 else "morning")
    ours = VisitFilter(scope=Scope(jurisdiction="parvis"))
    assert len((await waiting_visits(town.host, ours)).lines) == 5
    assert len((await waiting_visits(town.host, VisitFilter(scope=Scope(jurisdiction="parvis", areas=())))).lines) == 0
    assert len((await planned(town.host, ours, date(2026, 9, 14))).lines) == 3
    walk = (await round_of(town.host, ours, date(2026, 9, 15))).lines
    assert [each.lon for each in walk] == [-73.57, -73.55, -73.60]
    figures = await figures_of(ours, date(2026, 9, 16), clock.now())
    assert (figures.waiting, figures.planned, figures.unreported) == (5, 0, 3)
    period = Period(since=clock.now(), until=clock.now())
    beside = await counted([(each, within(ours.scope, each.units)) for each in FIGURES], period)
    assert beside == (figures.waiting, figures.overdue)


async def test_an_erased_request_keeps_outcomes_and_nothing_that_was_written(at_works):
    await ask(at_works.host, at_works.reference, "footing", Wishes(words="Chez ma mère"))
    await failed(at_works, words="Voisin nommé")
    await erase(at_works.host, at_works.reference, actor=ANA)
    first = (await at_works.visits())[0]
    (result,) = (await results_of([first.id]))[first.id]
    assert (first.state, first.wishes, result.words) == ("failed", Wishes(), "")
    assert [each.note for each in result.found.values()] == ["", ""]
    with pytest.raises(AlreadyErased):
        await at_works.plan()


def test_an_author_hears_of_inspections_that_cannot_be():
    ring = msgspec.structs.replace(FOOTING, follows=("final",))
    wrong = msgspec.structs.replace(WORKS, parts=(ring, FINAL))
    assert sum("waits for itself" in str(mistake) for mistake in wrong.mistakes()) == 2
    lost = msgspec.structs.replace(FINAL, follows=("roof",), during=("nowhere",))
    assert (
        sum(
            "there is no" in str(mistake)
            for mistake in msgspec.structs.replace(WORKS, parts=(FOOTING, lost)).mistakes()
        )
        == 2
    )
    blind = msgspec.structs.replace(FINAL, points=(), correct_within=0)
    assert len(list(blind.mistakes())) == 2
    one_sided = Point(code="x", title=said("X"), findings=("ok",))
    assert "cannot be judged" in str(next(msgspec.structs.replace(FINAL, points=(one_sided,)).mistakes()))
    assert REQUESTER.kind == "requester"
