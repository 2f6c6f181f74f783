"""What a plugin corrects by itself and proposes for others: kept once, done by people and by their rights."""

import pytest

from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import SYSTEM
from parvis.requests.keeping.retention import erase
from parvis.requests.relations.ties import ties_of
from parvis_proposals.deciding import decide, proposals_of
from parvis_sdk.events import Amended, Submitted
from parvis_sdk.proposals import Correction, Proposal
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_testing.street import EVERYWHERE, an_agent

from ..things_town import ANA, SCOPE, WHY

MESSAGE = Text(fr="Votre vélo est peut-être retrouvé.", en="Your bicycle may be found.")


def proposing(**what):
    @on(Submitted, types=("found",), finds=(SCOPE,), name="match")
    async def match(event, request, finder):
        found = await finder.find(type="lost")
        return Outcome(proposals=tuple(Proposal(**{"to": each.reference, "reason": WHY, **what}) for each in found))

    return match


def correcting(answers, corrects=("words",)):
    @on(Submitted, types=("found",), corrects=corrects, name="correct")
    async def correct(event, request):
        return Outcome(correct=Correction(answers=answers, reason=Text(fr="Lu sur la photo")))

    return correct


async def proposed(having, **what):
    """A town where something is proposed for a lost thing because of a found one."""
    town = await having(proposing(**what))
    await town.grant()
    lost = await town.report("lost")
    found = await town.report("found")
    await town.relay.drain()
    (kept,) = await proposals_of(lost)
    return town, lost, found, kept


async def test_a_proposal_does_nothing_before_it_is_accepted_and_then_all_at_once(having):
    town, lost, found, kept = await proposed(having, tie=True, move="match", message=MESSAGE)
    assert (kept.plugin, kept.state, kept.proposal.reason) == ("things", "waiting", WHY)
    assert (await town.record(lost.reference)).version == lost.version
    assert [each.id for each in await proposals_of(found)] == [kept.id]
    done = await decide(town.host, EVERYWHERE, lost, kept.id, accept=True, actor=ANA)
    assert done.state == "matched"
    assert [each.record.id for each in await ties_of(done)] == [found.id]
    assert (await town.kinds(done))[1:] == ["proposal_accepted", "tied", "moved", "reply"]
    assert [each.state for each in await proposals_of(lost)] == ["accepted"]


async def test_a_declined_one_changes_nothing_but_the_history_and_is_not_made_again(having):
    town, lost, _, kept = await proposed(having, tie=True)
    done = await decide(town.host, EVERYWHERE, lost, kept.id, accept=False, actor=ANA)
    assert (await town.kinds(done))[1:] == ["proposal_declined"]
    assert await ties_of(done) == ()
    again = await decide(town.host, EVERYWHERE, lost, kept.id, accept=True, actor=ANA)
    assert isinstance(again, Denied)


async def test_the_same_proposal_made_twice_is_one(having):
    @on(Submitted, types=("found",), finds=(SCOPE,), name="match")
    async def match(event, request, finder):
        (one,) = await finder.find(type="lost")
        once = Proposal(to=one.reference, reason=WHY, tie=True)
        return Outcome(proposals=(once, once))

    town = await having(match)
    await town.grant()
    lost = await town.report("lost")
    await town.report("found")
    await town.relay.drain()
    assert len(await proposals_of(lost)) == 1


async def test_a_proposal_is_one_however_its_number_is_spelled(having):
    @on(Submitted, types=("found",), finds=(SCOPE,), name="match")
    async def match(event, request, finder):
        (one,) = await finder.find(type="lost")
        spelled = (one.reference, one.reference.lower(), one.reference.replace("-", ""), request.reference.lower())
        return Outcome(proposals=tuple(Proposal(to=each, reason=WHY, tie=True) for each in spelled))

    town = await having(match)
    await town.grant()
    lost = await town.report("lost")
    found = await town.report("found")
    await town.relay.drain()
    assert [each.proposal.to for each in await proposals_of(lost)] == [lost.reference]
    assert "elle s’adresse à sa propre requête" in (await town.notes(found))[0]


async def test_nothing_is_proposed_because_of_a_request_that_is_kept_from_somebody(having):
    town = await having(proposing(tie=True))
    await town.grant()
    lost, found = await town.report("lost"), await town.report("found")
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.kept_from: '["ana"]'}).where(ServiceRequest.id == found.id)
    await town.relay.drain()
    assert await proposals_of(lost) == ()


async def test_who_is_kept_from_the_other_request_decides_nothing(having):
    town, lost, found, kept = await proposed(having, tie=True)
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.kept_from: '["ana"]'}).where(ServiceRequest.id == found.id)
    for accept in (True, False):
        refused = await decide(town.host, EVERYWHERE, lost, kept.id, accept=accept, actor=ANA)
        assert isinstance(refused, Denied)
    assert [each.state for each in await proposals_of(lost)] == ["waiting"]


async def test_what_is_granted_no_more_can_only_be_declined(having):
    town, lost, _, kept = await proposed(having, message=MESSAGE)
    await town.grant(granted=False)
    refused = await decide(town.host, EVERYWHERE, lost, kept.id, accept=True, actor=ANA)
    assert isinstance(refused, Denied)
    done = await decide(town.host, EVERYWHERE, lost, kept.id, accept=False, actor=ANA)
    assert (await town.kinds(done))[1:] == ["proposal_declined"]


async def test_what_goes_on_with_another_request_meanwhile_can_only_be_declined(having):
    town, lost, found, kept = await proposed(having, message=MESSAGE)
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.merged_into: found.id}).where(ServiceRequest.id == lost.id)
    refused = await decide(town.host, EVERYWHERE, lost, kept.id, accept=True, actor=ANA)
    assert refused.reason.en.startswith("This request was merged with another")
    await decide(town.host, EVERYWHERE, lost, kept.id, accept=False, actor=ANA)
    assert (await town.kinds(lost))[1:] == ["proposal_declined"]


async def test_what_cannot_be_done_whole_is_not_done_at_all(having):
    town, lost, _, kept = await proposed(having, tie=True, move="match")
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.state: "closed"}).where(ServiceRequest.id == lost.id)
    refused = await decide(town.host, EVERYWHERE, lost, kept.id, accept=True, actor=ANA)
    assert isinstance(refused, Denied)
    assert await ties_of(lost) == ()
    assert [each.state for each in await proposals_of(lost)] == ["waiting"]


async def test_who_may_not_work_on_the_request_decides_nothing(having):
    town, lost, _, kept = await proposed(having, tie=True)
    refused = await decide(town.host, an_agent(rights=("see",)), lost, kept.id, accept=True, actor=ANA)
    assert isinstance(refused, Denied)
    assert [each.state for each in await proposals_of(lost)] == ["waiting"]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"move": "close"}, "l’étape close n’est pas dans la portée du type lost"),
        ({}, "elle ne propose ni lien, ni étape, ni message"),
        ({"tie": True, "reason": Text(fr=" ")}, "elle ne dit pas pourquoi"),
        ({"tie": True, "message": Text(fr="  ")}, "son message est vide"),
        ({"message": Text(fr="x", others={"iu": "x" * 20_001})}, "son message a plus de 20000 caractères"),
        ({"tie": True, "reason": Text(fr="x", others={"iu": "x" * 501})}, "sa raison a plus de 500 caractères"),
        ({"message": Text(fr="x" * 20_001)}, "son message a plus de 20000 caractères"),
        ({"tie": True, "to": "0000-0000-0"}, "aucune requête de ce numéro n’est dans sa portée"),
    ],
)
async def test_a_proposal_out_of_scope_is_not_kept_and_its_request_says_why(having, what, why):
    town = await having(proposing(**what))
    await town.grant()
    lost = await town.report("lost")
    found = await town.report("found")
    await town.relay.drain()
    assert await proposals_of(lost) == ()
    (note,) = await town.notes(found)
    assert why in note


async def test_a_correction_is_read_as_an_agents_and_stands_in_the_name_of_the_plugin(having):
    town = await having(correcting({"words": "  Vélo  rouge "}))
    await town.grant()
    found = await town.report("found", words="Velo")
    await town.relay.drain()
    now = await town.record(found.reference)
    assert now.answers["words"] == "Vélo rouge" or now.answers["words"] == "Vélo  rouge"
    assert (await town.kinds(now))[1:] == ["amended", "external"]
    assert await town.notes(now) == ["Réponses corrigées par l’extension «\u00a0things\u00a0»\u00a0: Lu sur la photo"]


@pytest.mark.parametrize(
    ("answers", "why", "corrects"),
    [
        ({"colour": "blue"}, "la réponse 'colour' n’est pas déclarée dans corrects", "words"),
        ({"words": "x" * 21}, "20", "words"),
        ({"colour": "blue"}, "la réponse 'shade' changerait aussi, ou se perdrait", "colour"),
    ],
)
async def test_a_correction_that_is_not_declared_or_not_an_answer_changes_nothing(having, answers, why, corrects):
    town = await having(correcting(answers, corrects=(corrects,)))
    await town.grant()
    found = await town.report("found", shade="Vif", health="Asthme", serial="AB-1")
    await town.relay.drain()
    now = await town.record(found.reference)
    assert now.answers == found.answers
    (note,) = await town.notes(now)
    assert why in note


async def test_a_correction_is_not_answered_by_another(having):
    @on(Submitted, Amended, types=("found",), corrects=("words",), name="correct")
    async def correct(event, request):
        words = f"{request.answers.get('words', '')}x"
        return Outcome(correct=Correction(answers={"words": words}, reason=Text(fr="Encore")))

    town = await having(correct)
    await town.grant()
    found = await town.report("found")
    await town.relay.drain()
    assert (await town.record(found.reference)).answers["words"] == "x"
    assert "ne corrige rien en réponse" in (await town.notes(found))[-1]


async def test_nothing_is_corrected_or_proposed_where_nothing_is_granted(having):
    town = await having(correcting({"words": "Vélo"}))
    found = await town.report("found")
    await town.relay.drain()
    now = await town.record(found.reference)
    assert now.answers == found.answers
    assert "sans y être autorisée ici" in (await town.notes(now))[0]


async def test_a_town_without_the_module_notes_that_nothing_is_kept(having):
    town = await having(correcting({"words": "Vélo"}), state="off")
    found = await town.report("found")
    await town.relay.drain()
    assert "elle n’est pas autorisée dans cette ville" in (await town.notes(found))[0]


@pytest.mark.parametrize("which", ["lost", "found"])
async def test_a_proposal_goes_with_either_request_that_is_erased(having, which):
    town, lost, found, _ = await proposed(having, tie=True)
    record = {"lost": lost, "found": found}[which]
    await erase(town.host, record.reference, actor=SYSTEM)
    assert await proposals_of(lost if which == "found" else found) == ()
