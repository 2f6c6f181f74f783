"""Fees are switched off while somebody pays: what was begun comes to its end, what was paid stays to be read."""

import json
import re
from datetime import timedelta

import httpx
import pytest

from parvis import clock
from parvis.requests.freeing import free_switched_off
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.remaining_parts import RemainingParts
from parvis.viewers import rights_in
from parvis.worker.chores import chores_of, do_due, due_somewhere
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.payments import payments_of
from parvis_my_requests.archive import as_data, gather
from parvis_testing.modules import switch

from ..permit import ANA, ANSWERS
from .test_pages import to_the_provider, words

RECEIPT = r'href="([^"]+/frais/[^"]+/recu)"'


@pytest.fixture
async def begun(here):
    """A payer on the pages of the provider, when the town no longer asks for fees."""
    reference, payer = await here.owed(ANSWERS)
    path, _, url = await to_the_provider(here, reference, payer)
    await switch_off(here)
    yield reference, payer, path, url
    await switch(here.host, "on", "fees")


async def switch_off(here):
    """As a process knows it a second later, which knew before that fees were on."""
    remaining = here.host.of(RemainingParts)
    await remaining.look(here.host)
    await switch(here.host, "off", "fees")
    await remaining.look(here.host)


def charged_links(page):
    """Where the page leads to pay, receipts apart."""
    return {link for link in re.findall(r'href="([^"]*/frais/[^"]*)"', page) if not link.endswith("/recu")}


async def paid_there(url):
    async with httpx.AsyncClient() as outside:
        return (await outside.post(url, data={"do": "paid", "calls": "lost"})).headers["location"]


async def is_paid(here, reference):
    record = await here.record(reference)
    (payment,) = await payments_of(record.id)
    assert await broken_at(record) is None
    return payment.state == "paid" and bool(payment.receipt) and (await here.charge(reference)).state == "paid"


async def test_who_comes_back_from_the_payment_page_is_let_in_and_the_payment_is_written(here, begun):
    reference, payer, path, url = begun
    assert (await payer.get(path)).status_code == 404
    came = await payer.get(await paid_there(url))
    assert came.headers["location"].endswith("?fait=paye#main")
    assert await is_paid(here, reference)
    page = await payer.get(came.headers["location"])
    assert page.status_code == 200
    assert charged_links(page.text) == set()
    (receipt,) = set(re.findall(RECEIPT, page.text))
    assert words(await payer.get(receipt)).count("60,00 $")


async def test_a_payment_of_which_nobody_hears_is_looked_for_although_fees_are_off(here, begun):
    reference, _, _, url = begun
    await paid_there(url)
    every = chores_of(here.host)
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        assert "payments" in await do_due(here.host.engine, due_somewhere(here.host, every), "w")
    assert await is_paid(here, reference)


async def test_the_call_of_a_provider_is_heard_although_fees_are_off(here, begun):
    reference, _, _, url = begun
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": "paid", "calls": "once"})
    calls = here.browser(accept="application/json")
    assert here.provider.caller.calls or here.provider.ledger.find("sk_test")[0].status == "paid"
    answer = await calls.post("/api/v1/payments/hosted_payments/calls", content=b"{}")
    assert answer.status_code == 400, answer.text  # heard, and not believed without its signature
    assert (await calls.get(f"/api/v1/requests/{reference}/charges")).status_code == 404
    assert "/charges" not in (await calls.get("/api/v1/openapi.json")).text


async def test_a_request_that_was_freed_from_its_fee_takes_the_payment_that_comes_after(here, begun):
    """Its step is made without the fee; the money is noted all the same, and can be given back."""
    reference, payer, _, url = begun
    assert await free_switched_off(here.host) == 1
    became = await make_move(here.host, reference, "issue", {}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
    await payer.get(await paid_there(url))
    assert await is_paid(here, reference)


async def test_what_was_paid_stays_to_be_read_and_exported_where_fees_are_off(here):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    await take_at_counter(here.host, reference, charge.id, way="terminal", note="T-77", actor=ANA)
    receipt = re.search(RECEIPT, (await payer.get(f"/fr/suivi/{reference}")).text)[1]
    await switch_off(here)
    record = await here.record(reference)
    clerk = await here.agent("manager")
    case = words(await clerk.get(f"/bureau/requete/{reference}"))
    assert f"Permis : 60,00 $ : Payé – reçu {reference}/1 (60,00 $)" in case
    page = (await payer.get(f"/fr/suivi/{reference}")).text
    assert set(re.findall(RECEIPT, page)) == {receipt}
    assert charged_links(page) == set()
    assert "money" in {each.name for each in rights_in(here.host, "parvis")}
    assert f"Reçu {reference}/1" in words(await payer.get(receipt))
    archive = await gather(here.host, here.host.jurisdictions.jurisdiction("parvis"), "zoe@exemple.ca", "fr")
    (of_it,) = json.loads(as_data(archive))["requests"]
    (told,) = of_it["charges"]
    assert (told["state"], told["amount"]) == ("paid", charge.amount)
    assert [each["number"] for each in told["receipts"]] == [f"{reference}/1"]
    assert [each.kind for each in await entries_of(record)].count("happened") >= 1
    await switch(here.host, "on", "fees")


async def test_an_erasure_takes_the_answers_and_keeps_the_accounts_where_fees_are_off(here):
    reference, _ = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    await take_at_counter(here.host, reference, charge.id, way="cheque", note="0042", actor=ANA)
    await make_move(here.host, reference, "finish", {}, actor=ANA, mover="agent")
    await switch(here.host, "off", "fees")
    await erase(here.host, reference, actor=ANA)
    left = await here.charge(reference)
    (payment,) = await payments_of((await here.record(reference)).id)
    assert (left.amount, left.calculation.looked_at) == (charge.amount, {})
    assert (payment.note, payment.amount, payment.receipt) == ("", charge.amount, f"{reference}/1")
    await switch(here.host, "on", "fees")


async def test_what_was_charged_and_never_paid_is_asked_for_no_more_where_fees_are_off(here):
    reference, payer = await here.owed(ANSWERS)
    assert charged_links((await payer.get(f"/fr/suivi/{reference}")).text) != set()
    await switch_off(here)
    page = (await payer.get(f"/fr/suivi/{reference}")).text
    assert "/frais/" not in page
    assert "60,00" not in page
    await switch(here.host, "on", "fees")
