"""What a decision demands: imposed by its move, due months later by itself, proved, judged, and run out again."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.receiving import receive_file
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import standing_facts
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC
from parvis_grants import proving
from parvis_grants.obligations import obligations_of
from parvis_grants.waking import wake_obligations
from parvis_sdk.fields import PERSONAL, Date, Number, Photo, SeveralOf, ShortText
from parvis_sdk.fields import Option as Choice
from parvis_sdk.obligations import Obligation, Proof, written_obligations
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import form
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, State, Transition, Workflow
from parvis_testing.town import HOLE, erase_due

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
GRANTED = datetime(2026, 4, 1, 15, tzinfo=UTC)


def said(fr: str, en: str = "") -> Text:
    return Text(fr=fr, en=en or fr)


PHOTO = Proof(
    code="photo",
    title=said("Photo"),
    form=form(
        Photo(code="photos", label=said("Photo"), least=1, privacy=PERSONAL),
        ShortText(code="species", label=said("Essence", "Species")),
    ),
)
LETTER = Proof(code="letter", title=said("Lettre"), form=form(ShortText(code="words", label=said("Lettre"))))
POLICY = Proof(
    code="policy",
    title=said("Assurance", "Insurance"),
    form=form(Date(code="insured_until", label=said("Fin"))),
    lasts="insured_until",
)
REPLANT = Obligation(
    code="replant",
    title=said("Remplacement", "Replacement"),
    text=said("Planter {count} arbre(s).", "Plant {count} tree(s)."),
    due="plant_before",
    months=6,
    reminders=(30, 7),
    chasers=(10,),
    grace=45,
    proofs=(PHOTO,),
)
INSURED = Obligation(
    code="insured",
    title=said("Assurance", "Insurance"),
    text=said("Être assuré.", "Be insured."),
    reminders=(15,),
    proofs=(POLICY,),
)
OWN = Obligation(
    code="own", title=said("Condition"), written="conditions", proofs=(LETTER, PHOTO), checked=False, grace=3
)
CHOSEN = Obligation(code="fence", title=said("Clôture"), text=said("Clôturer."), days=10, chosen="extras")
LIFE = Workflow(
    states=(
        State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
        State(code="granted", title=said("Accordée"), phase=Phase.DECIDED),
        State(code="suspended", title=said("Suspendue"), phase=Phase.DECIDED),
        State(code="planted", title=said("Planté"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(
            code="grant",
            title=said("Accorder"),
            sources=("received", "granted"),
            target="granted",
            asks=form(
                Date(code="plant_before", label=said("Avant le"), required=False),
                Number(code="count", label=said("Combien")),
                SeveralOf(
                    code="extras",
                    label=said("Autres"),
                    options=(Choice(code="fence", label=said("Clôture")),),
                    required=False,
                ),
                written_obligations("conditions", (LETTER, PHOTO)),
            ),
            brings=tuple(f"obligation.{code}.imposed" for code in ("replant", "insured", "own", "fence")),
        ),
        Transition(
            code="suspend",
            title=said("Suspendre"),
            sources=("granted",),
            target="suspended",
            by=("system",),
            after=("obligation.insured.lapsed",),
        ),
        Transition(
            code="resume",
            title=said("Rétablir"),
            sources=("suspended",),
            target="granted",
            by=("system",),
            after=("obligation.insured.met",),
        ),
        Transition(
            code="close",
            title=said("Fermer"),
            sources=("granted", "suspended"),
            target="planted",
            by=("system",),
            after=("obligation.replant.met",),
        ),
    ),
)
FELLING = RequestType(
    code="felling",
    title=said("Abattage"),
    summary=said("Un arbre"),
    slug=said("abattage"),
    theme=HOLE.theme,
    form=form(Date(code="insured_until", label=said("Assurance jusqu’au"), required=False)),
    workflow=LIFE,
    retention=Retention(days=60),
    parts=(
        REPLANT,
        INSURED,
        OWN,
        CHOSEN,
    ),
)


@pytest.fixture
def granted(town_of):
    async def make(answers=None, **given):
        town = town_of(FELLING)
        with clock.moved_to(GRANTED):
            reference = (
                await town.submit("felling", answers={"insured_until": "2026-12-31"} | (answers or {}))
            ).reference
            became = await make_move(town.host, reference, "grant", {"count": 2} | given, actor=ANA, mover="agent")
        assert isinstance(became, Record), became
        return town, reference

    return make


async def owed(town, reference, code="replant"):
    return next(each for each in await obligations_of((await town.record(reference)).id) if each.code == code)


async def pass_to(town, moment) -> int:
    with clock.moved_to(moment):
        return await wake_obligations(town.host)


async def happened(town, reference, code="replant") -> list[str]:
    record = await town.record(reference)
    assert await broken_at(record) is None
    every = [fact.split(".") for entry in await entries_of(record) for fact in entry.body.get("facts", ())]
    return [word for part, named, word in every if (part, named) == ("obligation", code)]


async def proves(town, reference, picture, moment, code="replant"):
    one = await owed(town, reference, code)
    with clock.moved_to(moment):
        photo = await receive_file(town.host, "holder", "photos", "arbre.jpg", picture)
        raw = {"photos": [photo.id], "species": "Chêne rouge"}
        return await proving.send_proof(town.host, reference, str(one.id), raw, actor=REQUESTER, holder="holder")


async def test_a_grant_imposes_what_it_declares_what_was_chosen_and_what_was_written(granted):
    town, reference = await granted(
        extras=["fence"],
        conditions=[{"demand": "Garder l’affiche.", "demand_en": "Keep the sign.", "due_on": "2026-05-01"}],
    )
    every = await obligations_of((await town.record(reference)).id)
    assert [(each.code, each.demand.fr, each.demand.en) for each in every] == [
        ("replant", "Planter 2 arbre(s).", "Plant 2 tree(s)."),
        ("insured", "Être assuré.", "Be insured."),
        ("own", "Garder l’affiche.", "Keep the sign."),
        ("fence", "Clôturer.", "Clôturer."),
    ]
    assert every[0].due_at == datetime(2026, 10, 2, 4, tzinfo=UTC)  # six months, to the end of that day
    assert every[2].due_at == datetime(2026, 5, 2, 4, tzinfo=UTC)
    assert every[3].due_at == datetime(2026, 4, 12, 4, tzinfo=UTC)


async def test_what_is_not_chosen_is_not_imposed_and_nothing_is_left_to_be_done_of_it(granted):
    town, reference = await granted()
    record = await town.record(reference)
    assert {each.code for each in await obligations_of(record.id)} == {"replant", "insured"}
    facts = await standing_facts(town.host, record, await type_of_record(town.host, record))
    assert {"obligation.fence.settled", "obligation.own.settled", "obligation.replant.imposed"} <= facts
    assert not {"obligation.replant.settled", "obligation.fence.imposed"} & facts


async def test_a_day_given_with_the_grant_goes_before_the_usual_delay(granted):
    town, reference = await granted(plant_before="2026-06-15")
    assert (await owed(town, reference)).due_at == datetime(2026, 6, 16, 4, tzinfo=UTC)


async def test_what_is_imposed_again_has_its_new_terms_and_is_not_owed_twice(granted):
    town, reference = await granted()
    with clock.moved_to(datetime(2026, 5, 1, 15, tzinfo=UTC)):
        again = {"count": 3, "plant_before": "2026-08-01"}
        assert isinstance(await make_move(town.host, reference, "grant", again, actor=ANA, mover="agent"), Record)
    every = [each for each in await obligations_of((await town.record(reference)).id) if each.code == "replant"]
    assert [(each.demand.fr, each.due_at) for each in every] == [
        ("Planter 3 arbre(s).", datetime(2026, 8, 2, 4, tzinfo=UTC))
    ]


async def test_it_wakes_the_request_months_later_before_at_and_after_its_day(granted):
    town, reference = await granted()
    for moment, changed in (
        (datetime(2026, 9, 1, 12, 59, tzinfo=UTC), 0),
        (datetime(2026, 9, 1, 13, tzinfo=UTC), 1),  # thirty days before, at nine in the town
        (datetime(2026, 9, 24, 13, tzinfo=UTC), 1),
        (datetime(2026, 10, 1, 13, tzinfo=UTC), 1),
        (datetime(2026, 10, 11, 13, tzinfo=UTC), 1),
        (datetime(2026, 11, 16, 4, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 16, 5, tzinfo=UTC), 1),
        (datetime(2026, 12, 10, tzinfo=UTC), 0),
    ):
        assert await pass_to(town, moment) == changed, moment
    assert await happened(town, reference) == ["imposed", "soon", "soon", "due", "chased", "overdue"]
    assert (await owed(town, reference)).state == "overdue"


async def test_a_long_pause_tells_what_is_so_and_not_what_was_to_come(granted):
    town, reference = await granted()
    await pass_to(town, datetime(2026, 12, 1, tzinfo=UTC))
    assert await happened(town, reference) == ["imposed", "due", "overdue"]


async def test_a_proof_is_judged_and_what_follows_happens_in_the_same_unit(granted, picture):
    town, reference = await granted()
    sent = await proves(town, reference, picture, datetime(2026, 9, 20, 15, tzinfo=UTC))
    assert isinstance(sent, Record)
    assert (await owed(town, reference)).state == "proved"
    assert await pass_to(town, datetime(2026, 12, 10, tzinfo=UTC)) == 0  # nobody is pressed while the town looks
    with clock.moved_to(datetime(2026, 12, 10, 15, tzinfo=UTC)):
        one = await owed(town, reference)
        assert (await proving.last_proof(await town.record(reference), one))["species"] == "Chêne rouge"
        await proving.accept(town.host, reference, str(one.id), actor=ANA)
    record = await town.record(reference)
    assert (record.state, record.phase) == ("planted", Phase.CLOSED)
    assert await happened(town, reference) == ["imposed", "proved", "met", "settled"]
    assert [entry.kind for entry in await entries_of(record)][-2:] == ["happened", "moved"]


async def test_a_proof_sent_back_is_owed_again_by_its_date(granted, picture):
    town, reference = await granted()
    await proves(town, reference, picture, datetime(2026, 9, 20, 15, tzinfo=UTC))
    with clock.moved_to(datetime(2026, 10, 5, 15, tzinfo=UTC)):
        one = await owed(town, reference)
        await proving.send_back(town.host, reference, str(one.id), actor=ANA, reason="L’arbre est coupé en deux.")
    assert (await owed(town, reference)).state == "due"
    lines = await story(town.host, await town.record(reference), HOLDER, "fr")
    assert lines[-1].title == "Remplacement\u00a0: preuve à corriger"
    assert "L’arbre est coupé en deux." in lines[-1].words
    assert await pass_to(town, datetime(2026, 11, 16, 5, tzinfo=UTC)) == 1
    assert (await owed(town, reference)).state == "overdue"
    assert isinstance(await proves(town, reference, picture, datetime(2026, 11, 20, tzinfo=UTC)), Record)


async def test_a_proof_must_answer_its_form_and_says_what_is_missing(granted):
    town, reference = await granted()
    one = await owed(town, reference)
    answer = await proving.send_proof(town.host, reference, str(one.id), {"species": ""}, actor=REQUESTER)
    assert isinstance(answer, Problems)
    assert {each.path for each in answer.found} == {"photos", "species"}
    assert (await owed(town, reference)).state == "open"


async def test_the_story_tells_the_holder_what_they_sent_and_the_public_nothing(granted, picture):
    town, reference = await granted()
    await proves(town, reference, picture, datetime(2026, 9, 20, 15, tzinfo=UTC))
    record = await town.record(reference)
    line = (await story(town.host, record, HOLDER, "fr"))[-1]
    assert [each.value for each in line.answers if each.field.code == "species"] == ["Chêne rouge"]
    assert len(line.attachments) == 1
    assert "happened" not in [each.kind for each in await story(town.host, record, PUBLIC, "fr")]


async def test_the_town_may_waive_it_or_give_more_time_and_says_why(granted):
    town, reference = await granted()
    one = str((await owed(town, reference)).id)
    await pass_to(town, datetime(2026, 10, 1, 13, tzinfo=UTC))
    with clock.moved_to(datetime(2026, 10, 3, 15, tzinfo=UTC)):
        await proving.postpone(town.host, reference, one, actor=ANA, day=date(2027, 5, 15), reason="Gel")
    later = await owed(town, reference)
    assert (later.state, later.due_at) == ("open", datetime(2027, 5, 16, 4, tzinfo=UTC))
    with clock.moved_to(datetime(2026, 10, 4, 15, tzinfo=UTC)):
        assert isinstance(await proving.waive(town.host, reference, one, actor=ANA, reason="Terrain vendu"), Record)
        assert isinstance(await proving.waive(town.host, reference, one, actor=ANA, reason="Encore"), Denied)
    assert await pass_to(town, datetime(2028, 1, 1, tzinfo=UTC)) == 1  # the insurance alone
    assert (await happened(town, reference))[-3:] == ["postponed", "settled", "waived"]


async def test_a_proof_that_runs_out_suspends_and_a_new_one_resumes(granted):
    town, reference = await granted()
    assert (await owed(town, reference, "insured")).state == "met"  # from the date in the form
    assert await pass_to(town, datetime(2026, 12, 16, 14, tzinfo=UTC)) == 1
    assert await pass_to(town, datetime(2027, 1, 1, 5, tzinfo=UTC)) == 1
    assert (await town.record(reference)).state == "suspended"
    one = str((await owed(town, reference, "insured")).id)
    with clock.moved_to(datetime(2027, 1, 4, 15, tzinfo=UTC)):
        past = await proving.send_proof(town.host, reference, one, {"insured_until": "2027-01-03"}, actor=REQUESTER)
        assert isinstance(past, Problems)
        await proving.send_proof(town.host, reference, one, {"insured_until": "2027-12-31"}, actor=REQUESTER)
        assert (await town.record(reference)).state == "suspended"
        await proving.accept(town.host, reference, one, actor=ANA)
    assert (await town.record(reference)).state == "granted"
    assert (await happened(town, reference, "insured"))[-5:] == ["soon", "lapsed", "proved", "met", "settled"]
    await pass_to(town, datetime(2028, 1, 1, 5, tzinfo=UTC))
    assert (await town.record(reference)).state == "suspended"


async def test_an_insurance_that_is_past_when_it_is_granted_runs_out_at_once(granted):
    town, reference = await granted({"insured_until": "2026-03-01"})
    assert await pass_to(town, datetime(2026, 4, 1, 15, 1, tzinfo=UTC)) == 1
    assert (await town.record(reference)).state == "suspended"


async def test_what_needs_no_check_counts_as_soon_as_it_is_sent(granted):
    town, reference = await granted(conditions=[{"demand": "Écrire.", "proof": "letter"}])
    one = str((await owed(town, reference, "own")).id)
    await proving.send_proof(town.host, reference, one, {"words": "C’est fait."}, actor=REQUESTER)
    assert (await owed(town, reference, "own")).state == "met"


async def test_a_file_is_not_forgotten_while_something_is_owed_and_its_words_go_with_it(granted):
    town, reference = await granted()
    record = await town.record(reference)
    await _close_since(town, record, datetime(2026, 4, 1, tzinfo=UTC))
    with clock.moved_to(datetime(2026, 9, 1, tzinfo=UTC)):
        assert await erase_due(town.host) == ()
        await erase(town.host, reference, actor=ANA)
    assert (await owed(town, reference)).demand.fr == "(détruit)"
    assert await pass_to(town, datetime(2028, 1, 1, tzinfo=UTC)) == 0


async def _close_since(town, record, moment) -> None:
    due = moment.replace(month=moment.month + 2)
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.retention_due_at: due}).where(ServiceRequest.id == record.id)


def test_an_author_hears_of_an_obligation_that_cannot_be():
    def mistakes(**more):
        made = Obligation(**{"code": "x", "title": said("X"), "text": said("Faire.")} | more)
        return [str(mistake) for mistake in (*made.mistakes(), *made.mistakes_in(FELLING))]

    assert "demands nothing" in mistakes(text=None)[0]
    assert "two ways" in mistakes(months=1, days=2)[0]
    assert "never due" in mistakes(reminders=(3,))[0]
    assert "below zero" in mistakes(days=3, grace=-1)[0]
    assert "no date" in mistakes(proofs=(msgspec.structs.replace(LETTER, lasts="words"),))[0]
    assert "asks nothing" in mistakes(proofs=(msgspec.structs.replace(LETTER, form=form()),))[0]
    assert mistakes(proofs=(LETTER, PHOTO)) == []
    assert "code 'letter'" in mistakes(proofs=(LETTER, LETTER))[0]
