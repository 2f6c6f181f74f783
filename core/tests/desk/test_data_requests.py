"""A request about one’s own information is received without any module; who answers reads that nothing is erased."""

import pytest

from parvis.privacy.data_request import CODE
from parvis.requests.actors import REQUESTER, VERIFIED
from parvis_testing.desk import ZOE, said

NOTHING = "Erasure is not available here"


async def data_request(desk, actor=VERIFIED, wish="erase"):
    answers = {"wish": wish} | ({"correction": "Mon nom"} if wish == "correct" else {})
    raw = {"language": "fr", "answers": answers, "requester": {key: ZOE[key] for key in ("mode", "name", "email")}}
    return await desk.counter.submit("parvis", CODE, raw, channel="portal", actor=actor)


async def test_nobody_makes_a_data_request_without_a_verified_address(desk):
    refused = await data_request(desk, actor=REQUESTER)
    assert [each.code for each in refused.found] == ["not_offered"]


@pytest.mark.parametrize("wish", ["erase", "correct", "see"])
async def test_a_data_request_is_received_and_answered_though_nothing_here_erases(desk, wish):
    asked = await data_request(desk, wish=wish)
    manager = await desk.signed_in("manager")
    page = f"/bureau/requete/{asked.reference}"
    await manager.get(page)
    assert said(NOTHING) in manager.text
    assert "/renseignements" not in manager.page.text
    answered = await manager.post(f"{page}/etape/refuse", refuse__reason="La loi oblige la Ville à garder.")
    assert answered.status_code == 200
    record = await desk.record(asked.reference)
    assert (record.state, record.promise) == ("refused", "met")


async def test_who_may_not_answer_a_data_request_is_told_nothing_of_it(desk):
    asked = await data_request(desk)
    agent = await desk.signed_in("agent")
    await agent.get(f"/bureau/requete/{asked.reference}")
    assert said(NOTHING) not in agent.text
    other = await desk.request()
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/requete/{other.reference}")
    assert said(NOTHING) not in manager.text
