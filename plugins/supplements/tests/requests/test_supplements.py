"""What the desk asks to be corrected, point by point: sent once, answered once, versions kept, time doing its part."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from msgspec import structs

from parvis import clock
from parvis.db.tables import Delivery
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import BusinessCalendar
from parvis.requests.actors import Actor
from parvis.requests.answer_versions import versions_at, versions_of
from parvis.requests.attached.attachments import kept_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import Conflict
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase, forget_files_waiting
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.supplement_answers import ALREADY, NO_LONGER, SupplementAnswers
from parvis_sdk.supplements import Point, Reason
from parvis_sdk.workflow import Denied, State, Transition, Workflow
from parvis_supplements.completing import answer, keep_draft
from parvis_supplements.lists import last_of, lists_of, prepared_of, steps_of
from parvis_supplements.marking import Stale, ask, mark
from parvis_supplements.panels import supplement_panel
from parvis_supplements.reminding import remind

from ..filing import COMPLETENESS, FILE, MOVES, PLAN, STATES, WHEN, said

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


class Town:
    """A town with one file in it, and short ways to work on that."""

    def __init__(self, town, plan, reference):
        self.town, self.host, self.plan, self.reference = town, town.host, plan, reference

    async def record(self):
        return await self.town.record(self.reference)

    async def upload(self, name="plan-2.pdf", holder="h"):
        return (await receive_file(self.host, holder, "plan", name, self.plan + name.encode())).id

    async def ask(self, *points, due_on="", transition="complete", **more):
        more = {"raw": {}, "actor": ANA, "mover": "agent", "transition": transition} | more
        return await ask(self.host, self.reference, "completeness", points, due_on, **more)

    async def answer(self, raw=None, holder="h", **more):
        words = more.pop("words", {})
        given = SupplementAnswers(
            raw=raw or {}, words=words, beside=frozenset(more.pop("beside", ())), files=more.pop("files", ())
        )
        return await answer(self.host, self.reference, "completeness", given, holder=holder, **more)

    async def move(self, transition, **more):
        return await make_move(self.host, self.reference, transition, {}, **({"actor": ANA, "mover": "agent"} | more))

    async def last(self):
        return last_of(await lists_of((await self.record()).id), "completeness")

    async def facts(self):
        record = await self.record()
        return await standing_facts(self.host, record, await type_of_record(self.host, record))


@pytest.fixture
def file_of(town_of, plan):
    async def make(kind=FILE):
        town = town_of(kind)
        with clock.moved_to(MONDAY):
            first = await receive_file(town.host, "first", "plan", "plan-1.pdf", plan)
            answers = {"work": "shed", "begins": "2097-10-03", "plan": [first.id], "owner": "Zoé Côté"}
            receipt = await town.submit("file", answers=answers, holder="first")
        return Town(town, plan, receipt.reference)

    return make


@pytest.fixture
async def file(file_of):
    return await file_of()


async def told(record) -> list[dict]:
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    return [msgspec.json.decode(row["event"]) for row in rows]


async def test_a_list_is_prepared_by_several_hands_and_a_lost_update_is_told(file):
    mine = await mark(file.host, file.reference, "completeness", [PLAN])
    await mark(file.host, file.reference, "completeness", [PLAN, WHEN], seen=mine.version)
    late = await mark(file.host, file.reference, "completeness", [], seen=mine.version)
    assert isinstance(late, Stale)
    assert [each.point for each in late.now.points] == [PLAN, WHEN]
    assert (await file.record()).version == 1
    assert isinstance(await file.ask(PLAN, seen=mine.version), Stale)


@pytest.mark.parametrize(
    ("point", "path"),
    [
        (Point(field="nothing", words="x"), "nothing"),
        (Point(field="begins", reason="unreadable"), "begins"),
        (Point(field="plan"), "plan"),
        (Point(field="plan", reason="lacks"), "plan"),
        (Point(field=""), "_other"),
    ],
)
async def test_a_point_that_says_nothing_or_suits_no_question_is_not_kept(file, point, path):
    wrong = await mark(file.host, file.reference, "completeness", [point])
    assert isinstance(wrong, Problems)
    assert [each.path for each in wrong.found] == [path]
    assert await lists_of((await file.record()).id) == ()


async def test_sending_it_moves_the_request_stops_the_clock_and_says_every_point(file):
    with clock.moved_to(MONDAY + timedelta(days=1)):
        lacks = Point(field="words", reason="lacks", words="la superficie")
        record = await file.ask(PLAN, WHEN, lacks, due_on="2026-10-15")
    assert (record.state, record.promise) == ("incomplete", "paused")
    listed = await file.last()
    assert listed.due_at == datetime(2026, 10, 16, 4, tzinfo=UTC)
    moved = next(each for each in await told(record) if "transition" in each)
    assert moved["said"]["points"]["fr"].splitlines() == [
        "1. Plan d’implantation\u00a0: Le document « Plan d’implantation » est illisible.",
        "2. Début\u00a0: Cette date est un dimanche.",
        "3. Décrivez\u00a0: Il y manque la superficie.",
    ]
    assert "15 octobre 2026" in moved["said"]["reason"]["fr"]
    assert "October 15, 2026" in moved["said"]["until"]["en"]
    assert await file.facts() == {"supplement.completeness.asked"}


async def test_it_is_sent_once_and_never_empty(file):
    assert isinstance(await file.ask(), Problems)
    assert (await file.move("complete")).code == "not_possible"
    await file.ask(PLAN)
    again = await file.ask(PLAN)
    assert isinstance(again, Denied)
    assert len([each for each in await lists_of((await file.record()).id) if each.state == "asked"]) == 1


async def test_the_answer_replaces_what_it_corrects_and_the_request_goes_on_in_one_unit(file):
    with clock.moved_to(MONDAY):
        await file.ask(PLAN, WHEN)
        new = await file.upload()
    with clock.moved_to(MONDAY + timedelta(days=90)):
        record = await file.answer({"plan": [new], "begins": "2097-10-05"})
    assert (record.state, record.promise) == ("studied", "running")
    assert record.answers["plan"] == [new]
    assert record.answers["begins"] == "2097-10-05"
    assert record.answers["owner"] == "Zoé Côté"
    assert (await file.last()).state == "answered"
    assert len(await kept_of(record)) == 2
    assert await file.facts() == {"supplement.completeness.answered"}
    assert [entry.kind for entry in await entries_of(record)][-2:] == ["happened", "moved"]
    assert await broken_at(record) is None


async def test_an_answer_that_is_as_before_needs_a_word_and_then_counts(file):
    await file.ask(PLAN, WHEN)
    same = await file.answer({"begins": "2097-10-03"}, words={"plan": "C’est le seul plan."})
    assert isinstance(same, Problems)
    assert [(each.path, each.code) for each in same.found] == [("begins", "as_before")]
    record = await file.answer(words={"plan": "C’est le seul plan.", "begins": "Le chantier est permis le dimanche."})
    assert record.state == "studied"
    words = (await story(file.host, record, HOLDER, "fr"))[-1].words
    assert "Plan d’implantation\nC’est le seul plan." in words


async def test_an_answer_is_judged_on_its_day_and_the_others_on_theirs(file):
    await file.ask(Point(field="words", words="Dites-en plus."))
    with clock.moved_to(datetime(2098, 1, 10, tzinfo=UTC)):  # what was answered about the beginning is past by now
        assert isinstance(await file.answer({"words": "Un cabanon de bois."}), Record)
        await file.ask(WHEN)
        past = await file.answer({"begins": "2097-11-02"})
        assert [each.path for each in past.found] == ["begins"]


async def test_a_corrected_answer_may_bring_up_another_question(file):
    await file.ask(Point(field="work", words="Une piscine n’est pas un cabanon."))
    asked = await file.answer({"work": "pool"})
    assert [each.path for each in asked.found] == ["fence"]
    record = await file.answer({"work": "pool", "fence": "1,2 m", "begins": "2097-01-01"})
    assert record.answers["fence"] == "1,2 m"
    assert record.answers["begins"] == "2097-10-03"  # which nobody had marked


async def test_files_of_before_stay_when_asked_to_and_something_else_may_be_sent(file):
    await file.ask(PLAN, Point(field="", words="La procuration du propriétaire."))
    first = (await file.record()).answers["plan"][0]
    new, mandate = await file.upload(), await file.upload("procuration.pdf")
    record = await file.answer({"plan": [new]}, beside={"plan"}, words={"_other": "La voici."}, files=(mandate,))
    assert record.answers["plan"] == [first, new]
    assert mandate in {each.attachment.id for each in await kept_of(record)}
    assert (await entries_of(record))[-2].body["files"] == [mandate]


async def test_a_part_may_be_sent_first_where_the_type_says_so(file_of):
    file = await file_of(msgspec.structs.replace(FILE, parts=(msgspec.structs.replace(COMPLETENESS, partial=True),)))
    await file.ask(PLAN, WHEN)
    assert isinstance(await file.answer(), Problems)
    record = await file.answer({"begins": "2097-10-05"})
    assert record.state == "incomplete"
    assert [point.field for point in (await file.last()).left] == ["plan"]
    assert "supplement.completeness.partly" in await file.facts()
    assert (await file.answer({"plan": [await file.upload()]})).state == "studied"


async def test_two_tabs_make_one_answer(file):
    await file.ask(WHEN)
    assert isinstance(await file.answer({"begins": "2097-10-05"}, number=1), Record)
    again = await file.answer({"begins": "2097-10-06"}, number=1)
    assert again.reason == ALREADY
    assert (await file.record()).answers["begins"] == "2097-10-05"


async def test_a_supplement_that_arrives_after_the_decision_is_told_so_and_changes_nothing(file):
    await file.ask(WHEN)
    await file.move("refuse")
    late = await file.answer({"begins": "2097-10-05"})
    assert late.reason == NO_LONGER
    record = await file.record()
    assert (record.state, record.answers["begins"]) == ("refused", "2097-10-03")
    assert await file.facts() == frozenset()


async def test_a_list_that_was_gone_on_without_is_not_asked_for_again_while_a_payment_is_waited_for(file_of):
    to_pay = State(code="to_pay", title=said("À payer"), phase=Phase.WAITING_FOR_YOU)
    approve = Transition(code="approve", title=said("Approuver"), sources=("studied",), target="to_pay")
    lapse = Transition(code="lapse", title=said("Fermer"), sources=("to_pay",), target="given_up")
    workflow = Workflow(states=(*STATES, to_pay), transitions=(*MOVES, approve, lapse))
    file = await file_of(structs.replace(FILE, workflow=workflow))
    with clock.moved_to(MONDAY):
        await file.ask(WHEN)
        await file.move("resume")
        record = await file.move("approve")
    assert record.phase is Phase.WAITING_FOR_YOU
    assert await file.facts() == frozenset()
    panel = await supplement_panel(record, await type_of_record(file.host, record), HOLDER)
    shown = panel.values["lists"][0]
    assert shown.words == gettext("No longer needed: the request has moved forward.")
    assert (await file.answer({"begins": "2097-10-05"})).reason == NO_LONGER
    with clock.moved_to(MONDAY + timedelta(days=29)):
        assert await remind(file.host) == 0


async def test_a_decision_made_on_what_was_seen_before_the_supplement_is_a_conflict_that_shows_it(file):
    await file.ask(WHEN)
    seen = (await file.record()).version
    await file.answer({"begins": "2097-10-05"})
    late = await file.move("refuse", expected=seen)
    assert isinstance(late, Conflict)
    assert [entry.kind for entry in late.entries] == ["happened", "moved"]
    assert (await file.record()).state == "studied"


async def test_a_new_list_takes_over_what_the_last_one_still_asks_for(file):
    await file.ask(PLAN)
    await file.move("resume")
    record = await file.ask(WHEN)
    assert record.state == "incomplete"
    lists = await lists_of(record.id)
    assert [(each.number, each.state) for each in lists] == [(1, "replaced"), (2, "asked")]
    assert [point.field for point in lists[1].left] == ["begins", "plan"]


async def test_reminders_go_out_then_a_last_notice_then_it_is_given_up_and_may_be_taken_up_again(file):
    with clock.moved_to(MONDAY):
        await file.ask(WHEN)  # due on 14 October, given up at the end of 13 November
    happened = {}
    for day in range(70):
        with clock.moved_to(MONDAY + timedelta(days=day)):
            if await remind(file.host):
                facts = [e.body["facts"] for e in await entries_of(await file.record()) if e.kind == "happened"][-1]
                happened[(MONDAY + timedelta(days=day)).date().isoformat()] = facts[0].rpartition(".")[2]
    assert happened == {
        "2026-10-07": "reminded",
        "2026-10-13": "reminded",
        "2026-11-03": "warned",
        "2026-11-14": "abandoned",
    }
    record = await file.record()
    assert (record.state, record.phase) == ("given_up", Phase.CLOSED)
    entry = next(e for e in await entries_of(record) if "warned" in str(e.body.get("facts")))
    assert (entry.actor.kind, entry.body["number"]) == ("system", 1)
    with clock.moved_to(MONDAY + timedelta(days=80)):
        again = await file.move("take_up", mover="requester")
        assert again.state == "incomplete"
        listed = await file.last()
        assert (listed.number, listed.state, listed.due_on) == (1, "asked", "2027-01-02")
        assert (await file.answer({"begins": "2098-05-05"})).state == "studied"


async def test_nobody_is_given_up_without_a_last_notice_however_long_the_workers_slept(file):
    with clock.moved_to(MONDAY):
        await file.ask(WHEN)
    with clock.moved_to(MONDAY + timedelta(days=200)):
        assert await remind(file.host) == 1
        assert await remind(file.host) == 0
        assert (await file.record()).state == "incomplete"
    with clock.moved_to(MONDAY + timedelta(days=209)):
        assert await remind(file.host) == 0
    with clock.moved_to(MONDAY + timedelta(days=211)):
        assert await remind(file.host) == 1
        assert (await file.record()).state == "given_up"


async def test_nobody_is_reminded_of_what_was_answered(file):
    with clock.moved_to(MONDAY):
        await file.ask(WHEN)
        await file.answer({"begins": "2097-10-05"})
    with clock.moved_to(MONDAY + timedelta(days=300)):
        assert await remind(file.host) == 0


def test_reminders_go_out_in_the_morning_of_the_town_on_both_sides_of_a_change_of_hour():
    steps = steps_of(COMPLETENESS, BusinessCalendar(), MONDAY, date(2026, 11, 5))
    assert [step.at.isoformat() for step in steps[:2]] == ["2026-10-29T13:00:00+00:00", "2026-11-04T14:00:00+00:00"]


async def test_a_draft_and_its_files_wait_as_long_as_the_town_does(file):
    with clock.moved_to(MONDAY):
        await file.ask(PLAN, due_on="2027-03-01")
        listed, record = await file.last(), await file.record()
        holder = listed.holder(file.host)
        id = await file.upload(holder=holder)
        await keep_draft(file.host, listed, record, {"raw": {"plan": [id]}, "words": {}})
    with clock.moved_to(MONDAY + timedelta(days=160)):
        await forget_files_waiting(file.host, clock.now() - timedelta(days=30))
        draft = (await file.last()).draft
        assert (await file.answer(draft["raw"], holder=holder)).state == "studied"
    assert (await file.last()).draft == {}


async def test_every_version_is_told_and_a_decision_names_those_it_rests_on(file):
    await file.ask(PLAN, WHEN)
    new = await file.upload()
    record = await file.answer({"plan": [new], "begins": "2097-10-05"})
    versions = await versions_of(record)
    assert [(v.number, v.entry, v.value, v.actor.kind) for v in versions["begins"]] == [
        (1, 1, "2097-10-03", "requester"),
        (2, 3, "2097-10-05", "requester"),
    ]
    assert len(versions["plan"]) == 2
    assert len(versions["owner"]) == 1
    resting = await versions_at(record)
    assert [(f.name, f.version) for f in resting.files] == [("plan-2.pdf", 2)]
    before = await versions_at(record, 2)
    assert [(f.name, f.version) for f in before.files] == [("plan-1.pdf", 1)]
    assert before.digest != resting.digest
    refused = await file.move("refuse")
    rested = (await entries_of(refused))[-1].body["rests_on"]
    assert rested["digest"] == resting.digest
    assert rested["versions"]["plan"] == 2
    assert rested["files"] == {new: resting.files[0].sha256}
    assert resting == await versions_at(refused, resting.entry)


async def test_erasure_takes_every_version_every_word_and_every_draft(file):
    await file.ask(PLAN, WHEN)
    await file.answer({"begins": "2097-10-05"}, words={"plan": "Demandez à Zoé."})
    await file.move("refuse")
    record = await erase(file.host, file.reference, actor=ANA)
    assert await versions_of(record) == {}
    (listed,) = await lists_of(record.id)
    assert [each.point for each in listed.points] == [PLAN, msgspec.structs.replace(WHEN, words="")]
    assert await broken_at(record) is None
    assert isinstance(prepared_of((listed,), "completeness"), type(None))


async def test_an_author_hears_of_a_list_that_could_not_be(file):
    wrong = msgspec.structs.replace(
        COMPLETENESS,
        remind=(40,),
        warn=0,
        fields=("nowhere",),
        reasons=(Reason(code="x", title=said("X"), words=said("{who}")),) * 2,
    )
    mistakes = [str(mistake) for mistake in msgspec.structs.replace(FILE, parts=(wrong,)).mistakes()]
    assert len(mistakes) == 9, mistakes
    asleep = msgspec.structs.replace(MOVES[0], target="studied")
    flow = Workflow(states=STATES, transitions=(asleep, *MOVES[1:]))
    assert ["nobody waits" in str(mistake) for mistake in msgspec.structs.replace(FILE, workflow=flow).mistakes()] == [
        True
    ]
    assert FILE.mistakes() == ()
    assert await clocks_of((await file.record()).id)
