"""Operations of the town on its portal: offered to be followed where they are under way, instead of being reported."""

import pytest

from parvis.db import counted
from parvis.requests.lifecycle import make_move
from parvis.requests.request_service import RequestService
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems
from parvis_testing.modules import switch
from parvis_testing.service_answers import ANA, PLATEAU, app, visitor, whole_app

__all__ = ["app", "visitor", "whole_app"]


async def operation(host, ends_on="2026-11-26", **answers):
    raw = {"answers": {"ends_on": ends_on, **answers}, "requester": {"mode": "anonymous"}}
    receipt = await RequestService(host).submit("parvis", "plowing", raw, channel="phone", actor=ANA, declares=True)
    assert isinstance(receipt, Receipt), receipt
    return receipt.reference


async def test_where_an_operation_is_under_way_it_is_offered_to_be_followed(browser, host):
    reference = await operation(host, zones=["plateau"])
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path.endswith("/reponse")
    assert "Déneigement : en cours ici" in browser.text
    assert f'href="/fr/suivre/{reference}"' in browser.page.text
    await browser.send({"do": "insist"})
    assert browser.path == "/fr/demande/rues/neige/1"
    await browser.open("/fr/services/rues/neige")
    assert "En cours" in browser.text


async def test_where_nobody_can_follow_the_answer_leads_to_the_operation_alone(browser, host):
    await switch(host, "off", "following")
    reference = await operation(host, zones=["plateau"])
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert "Déneigement : en cours ici" in browser.text
    assert f'class="button" href="/fr/requete/{reference}"' in browser.page.text
    assert "/fr/suivre/" not in browser.page.text
    assert "Les nouvelles paraissent sur la page de l’opération" in browser.text
    assert "Suivez" not in browser.text
    await switch(host, "on", "following")


@pytest.mark.parametrize("given", [{"zones": ["outremont"]}, {"ends_on": "2026-11-24"}], ids=["elsewhere", "late"])
async def test_an_operation_elsewhere_or_late_answers_nothing(browser, host, given):
    await operation(host, **given)
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path == "/fr/demande/rues/neige/1"


async def test_an_operation_that_is_over_answers_nothing(browser, host):
    reference = await operation(host)
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(host, reference, "close", {}, actor=ANA, mover="agent")
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path == "/fr/demande/rues/neige/1"


async def test_nobody_but_the_town_declares_an_operation(host, visitor):
    raw = {"answers": {"ends_on": "2026-11-26"}, "requester": {"mode": "anonymous"}}
    refused = await RequestService(host).submit("parvis", "plowing", raw, channel="api")
    assert isinstance(refused, Problems)
    assert refused.found[0].code == "not_offered"
    asked = await RequestService(host).submit(
        "parvis",
        "plowing",
        raw | {"answers": {"ends_on": "2026-11-26", "zones": ["nowhere"]}},
        channel="api",
        actor=ANA,
    )
    assert isinstance(asked, Problems)
    assert asked.found[0].path == "answers.zones"


async def test_where_the_module_is_off_nothing_is_offered_to_be_followed_and_no_zone_is_asked(browser, host):
    await operation(host, zones=["plateau"])
    await switch(host, "off")
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path == "/fr/demande/rues/neige/1"
    await browser.open("/fr/services/rues/neige")
    assert "En cours" not in browser.text
    with pytest.raises(AssertionError):
        await operation(host, zones=["plateau"])
    assert await operation(host)


async def test_the_page_of_a_service_asks_once_what_is_under_way(browser, host):
    with counted() as snow:
        await browser.open("/fr/services/rues/neige")
    await switch(host, "off")
    with counted() as quiet:
        await browser.open("/fr/services/rues/neige")
    assert snow.count - quiet.count == 1
