"""An agent who speaks with a person records whether it is settled: once, counted like every other answer."""

from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.identifiers import new_id
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.persons.person import Wishes, keep_wishes
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.requests.work.untold import owe
from parvis_closing_question.standing import answer_settled
from parvis_sdk.subscriptions import ByHand
from parvis_telephone.voice_survey import VOICE, open_questions
from parvis_testing.desk import ANA, said
from parvis_testing.owed import HAROLD, SAID
from parvis_testing.services import LIFE


@pytest.fixture
async def repaired(desk):
    """Makes requests whose work is done, so that people are asked whether it is settled."""
    types = desk.host.plugins.request_types
    types["hole"] = structs.replace(types["hole"], workflow=LIFE)

    async def make(**given) -> Record:
        record = await desk.request(**{"requester": HAROLD} | given)
        for move in ("start", "repair"):
            done = await make_move(desk.host, record.reference, move, {}, actor=ANA, mover="agent")
            assert isinstance(done, Record), done
        return done

    return make


async def answered(desk, record):
    row = await ServiceRequest.select(ServiceRequest.settled).where(ServiceRequest.id == record.id).first()
    return row["settled"]


async def test_a_yes_is_written_down_once_with_who_did_so(desk, repaired):
    record = await repaired()
    clerk = await desk.signed_in("clerk")
    await clerk.get(f"/bureau/requete/{record.reference}")
    assert said("Survey by telephone") in clerk.text
    await clerk.post(f"/bureau/requete/{record.reference}/sondage", answer="yes", words="Très bien fait")
    assert said("The answer is recorded.") in clerk.text
    assert said("Survey by telephone") not in clerk.text
    assert "Réponse donnée par téléphone" in clerk.text
    last = (await entries_of(record))[-1]
    assert (last.kind, last.actor.kind) == ("settled", "requester")
    assert last.actor.name in clerk.text
    assert last.actor.id.startswith(VOICE)
    assert last.personal["words"] == "Très bien fait"
    assert await answered(desk, record) == "yes"
    await clerk.post(f"/bureau/requete/{record.reference}/sondage", answer="no", words="Non")
    assert said("The person has already answered. Nothing was changed.") in clerk.text
    assert await answered(desk, record) == "yes"


async def test_a_no_opens_it_again_as_if_the_person_had_said_so_themselves(desk, repaired):
    record = await repaired()
    clerk = await desk.signed_in("clerk")
    await clerk.get(f"/bureau/requete/{record.reference}")
    await clerk.post(f"/bureau/requete/{record.reference}/sondage", answer="no", words="Il reste un trou")
    again = await desk.record(record.reference)
    assert again.state == "working"
    assert again.priority > record.priority
    assert await answered(desk, record) == "no"
    told = [each for each in await story(desk.host, again, SYSTEM_VIEWER, "fr") if "Il reste un trou" in str(each)]
    assert told


async def test_whoever_has_answered_or_was_asked_too_long_ago_is_not_asked(desk, repaired):
    answers, old, open_one = [await repaired() for _ in range(3)]
    await answer_settled(desk.host, answers.reference)
    with clock.moved_to(clock.now() + timedelta(days=61)):
        assert await open_questions(desk.host, [old]) == {}
    found = await open_questions(desk.host, [await desk.record(each.reference) for each in (answers, open_one)])
    assert [*found] == [open_one.id]
    clerk = await desk.signed_in("clerk")
    await clerk.get(f"/bureau/requete/{answers.reference}")
    assert said("Survey by telephone") not in clerk.text
    nobody = await repaired(requester={"mode": "anonymous"})
    unwilling = await repaired(requester=HAROLD | {"email": "Harold@exemple.ca"})
    await keep_wishes(desk.host, "parvis", "harold@exemple.ca", Wishes(language="fr", questions=False))
    for each in (nobody, unwilling):
        await clerk.get(f"/bureau/requete/{each.reference}")
        assert said("Survey by telephone") not in clerk.text
        await clerk.post(f"/bureau/requete/{each.reference}/sondage", answer="yes", words="Inventé")
        assert await answered(desk, each) is None


async def test_on_the_list_of_calls_it_is_asked_beside_what_is_to_be_told(desk, repaired):
    record = await repaired()
    async with transaction(desk.host.engine):
        await owe(desk.host, record, new_id(), ByHand(way="phone", about=SAID, say=SAID))
    clerk = await desk.signed_in("clerk")
    await clerk.get("/bureau/appels")
    assert said("Survey by telephone") in clerk.text
    await clerk.post(f"/bureau/requete/{record.reference}/sondage", answer="unasked", **{"from": "list"})
    assert said("The answer is recorded.") in clerk.text
    assert said("Survey by telephone") not in clerk.text
    assert (await entries_of(record))[-1].kind == "unasked"
    assert await answered(desk, record) is None
