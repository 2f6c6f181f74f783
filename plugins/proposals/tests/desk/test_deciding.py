"""At the desk, what a plugin proposes stands on the page of the other request, with its reason and two buttons."""

import json

from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.amendments import assign
from parvis.worker import Limits, Relay
from parvis_proposals.deciding import proposals_of
from parvis_proposals.granting import asking, decide_scope
from parvis_testing.desk import ANA, address


async def proposed(desk):
    """Two holes, the second of which was proposed for the first."""
    here = desk.host.jurisdictions.jurisdiction("parvis")
    for named in asking(desk.host, here):
        await decide_scope(desk.host, here, named, granted=True, actor=ANA)
    relay = Relay(desk.host, Limits(), name="worker")
    first = await desk.request("hole", "roads")
    await relay.drain()
    second = await desk.request("hole", "roads")
    await relay.drain()
    return first, second


async def test_an_agent_reads_what_is_proposed_and_accepts_it_with_one_button(desk):
    first, second = await proposed(desk)
    clerk = await desk.signed_in()
    await clerk.get(address(first))
    for words in ("Propositions des extensions", "Au même endroit", second.reference, "Le trou est connu."):
        assert words in clerk.text, words
    (kept,) = await proposals_of(first)
    await clerk.post(address(first, "propositions"), decision="accepter", proposition=str(kept.id))
    assert "La proposition est acceptée et appliquée." in clerk.text
    assert (await desk.record(first.reference)).state == "working"
    await clerk.get(address(second))
    assert "Décidée sur la page de l’autre requête." in clerk.text


async def test_the_answers_of_a_step_are_read_before_it_is_accepted(desk):
    await proposed(desk)
    first = await desk.request("hole", "roads", answers={"danger": True, "words": "Un trou"})
    await desk.request("hole", "roads")
    await Relay(desk.host, Limits(), name="worker").drain()
    clerk = await desk.signed_in()
    await clerk.get(address(first))
    assert "De quelle rue parlez-vous?" in clerk.text


async def test_who_is_kept_from_the_other_request_reads_nothing_of_what_is_proposed(desk):
    first, second = await proposed(desk)
    clerk = await desk.signed_in()
    async with transaction(desk.host.engine):
        kept_from = {ServiceRequest.kept_from: json.dumps([str(clerk.person.id)])}
        await ServiceRequest.update(kept_from).where(ServiceRequest.id == second.id)
    await clerk.get(address(first))
    assert "Au même endroit" not in clerk.text


async def test_a_declined_proposal_leaves_the_request_as_it_was(desk):
    first, _ = await proposed(desk)
    clerk = await desk.signed_in()
    await clerk.get(address(first))
    (kept,) = await proposals_of(first)
    await clerk.post(address(first, "propositions"), decision="decliner", proposition=str(kept.id))
    assert "La proposition est déclinée." in clerk.text
    assert (await desk.record(first.reference)).state == "received"
    again = await clerk.post(address(first, "propositions"), decision="accepter", proposition=str(kept.id))
    assert again.status_code == 409
    nothing = await clerk.post(address(first, "propositions"), decision="accepter", proposition="x")
    assert nothing.status_code == 422


async def test_who_may_not_see_the_other_request_reads_no_number_of_it(desk):
    first, second = await proposed(desk)
    await assign(desk.host, second.reference, unit="parks", actor=ANA)
    clerk = await desk.signed_in(unit="roads")
    await clerk.get(address(first))
    assert "Au même endroit" in clerk.text
    assert second.reference not in clerk.text


async def test_who_opens_no_request_finds_what_waits_for_a_decision(desk):
    first, second = await proposed(desk)
    clerk = await desk.signed_in()
    await clerk.get("/bureau?proposition=attente")
    assert first.reference in clerk.text
    assert second.reference not in clerk.text
    await clerk.get("/bureau/ce-qui-traine")
    assert "Propositions à décider" in clerk.text
    assert 'href="/bureau?proposition=attente"' in clerk.page.text
    await clerk.get(address(first))
    (kept,) = await proposals_of(first)
    await clerk.post(address(first, "propositions"), decision="decliner", proposition=str(kept.id))
    await clerk.get("/bureau?proposition=attente")
    assert first.reference not in clerk.text
