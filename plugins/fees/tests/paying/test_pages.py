"""Paying on the pages of residents, at the desk, by the API and on the operators' page, without a script."""

import re
from zoneinfo import ZoneInfo

import httpx
import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.people.tokens import make_token
from parvis.requests.references import key_for
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.payments import payments_of
from parvis_testing.visitors import Browser

from ..permit import ANA, ANSWERS

from .conftest import HOST, press  # isort: skip

pytest.importorskip("parvis_hosted_payments")
from parvis_hosted_payments.settings import Account
from parvis_sdk.signatures import signature


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split()).replace("\u00a0", " ")


async def to_the_provider(here, reference, payer):
    """Press the button of the pay page; the address of the provider's page."""
    charge = await here.charge(reference)
    path = f"/fr/suivi/{reference}/frais/{charge.id}"
    page = await payer.get(path)
    sent = await press(payer, page, path, amount="1", montant="1")
    return path, sent, re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', sent.text)[1]


async def test_a_resident_pays_online_and_has_a_receipt(here):
    reference, payer = await here.owed(ANSWERS)
    tracking = await payer.get(f"/fr/suivi/{reference}")
    assert "60,00 $" in words(tracking)
    assert "Voir comment payer" in words(tracking)
    path, sent, url = await to_the_provider(here, reference, payer)
    assert sent.headers["cache-control"] == "private, no-store"
    async with httpx.AsyncClient() as outside:
        back = (await outside.post(url, data={"do": "paid", "calls": "lost"})).headers["location"]
    assert here.provider.ledger.find("sk_test")[0].amount == (await here.charge(reference)).amount
    came = await payer.get(back)
    assert came.headers["location"].endswith("?fait=paye#main")
    page = await payer.get(came.headers["location"])
    assert "Nous avons reçu votre paiement" in words(page)
    receipt = await payer.get(re.search(r'href="([^"]+/recu)"', page.text)[1])
    assert f"Reçu {reference}/1" in words(receipt)
    assert (await payer.get(path)).status_code == 303  # nothing is left to pay there


async def test_the_receipt_bears_the_numbers_of_the_taxes_only_where_there_are_any(here):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    clerk = await here.agent()
    path = f"/bureau/requete/{reference}/frais/{charge.id}"
    page = await clerk.get(path)
    done = await press(clerk, page, path, deed="terminal", note="T-77")
    assert done.headers["location"].endswith("?fait=paiement#main")
    case = await clerk.get(f"/bureau/requete/{reference}")
    receipt = await clerk.get(re.search(r'href="([^"]+/recus/[^"]+)"', case.text)[1])
    assert "T-77" in words(receipt)
    assert "Ana Tremblay" in words(receipt)
    assert "Numéro de TPS" not in words(receipt)
    again = await press(clerk, page, path, deed="cash")
    assert again.status_code in (409, 422)
    assert "Payé le" in words(await payer.get(f"/fr/suivi/{reference}"))


async def online(here, payer, reference):
    """The charge of a request, paid on the provider's page; its session there."""
    _, _, url = await to_the_provider(here, reference, payer)
    async with httpx.AsyncClient() as outside:
        back = (await outside.post(url, data={"do": "paid", "calls": "lost"})).headers["location"]
    await payer.get(back)
    return next(each for each in here.provider.ledger.find("sk_test") if each.status == "paid")


async def refund_at_the_desk(clerk, path, amount="60,00"):
    return await press(clerk, await clerk.get(path), path, deed="refund_online", amount=amount)


async def test_a_refund_that_the_provider_refuses_is_not_said_to_be_made(here):
    reference, payer = await here.owed(ANSWERS)
    session = await online(here, payer, reference)
    here.provider.ledger.refund("sk_test", "by hand", {"session": session.id, "amount": 100})
    clerk = await here.agent()
    path = f"/bureau/requete/{reference}/frais/{(await here.charge(reference)).id}"
    refused = await refund_at_the_desk(clerk, path)
    assert refused.status_code == 409
    assert "Le prestataire n’a pas accepté le remboursement de 60,00 $ : le système refuse (HTTP 422)" in words(refused)
    assert (await here.charge(reference)).refunded == 0
    made = await refund_at_the_desk(clerk, path, "59,00")
    assert "Le paiement est inscrit" in words(await clerk.get(made.headers["location"]))
    assert (await here.charge(reference)).refunded == 5900


async def test_a_refund_that_meets_no_answer_is_said_to_be_asked_for(here):
    reference, payer = await here.owed(ANSWERS)
    await online(here, payer, reference)
    clerk = await here.agent()
    here.provider.away = 1
    asked = await refund_at_the_desk(clerk, f"/bureau/requete/{reference}/frais/{(await here.charge(reference)).id}")
    case = words(await clerk.get(asked.headers["location"]))
    assert "Le remboursement est demandé. Il sera inscrit dès que le prestataire l’aura fait." in case
    assert "Le paiement est inscrit" not in case


async def test_the_api_says_that_a_refund_was_refused(here):
    reference, payer = await here.owed(ANSWERS)
    session = await online(here, payer, reference)
    here.provider.ledger.refund("sk_test", "by hand", {"session": session.id, "amount": 6000})
    scopes = ("requests:read", "requests:write")
    key, _ = await make_token(here.host.engine, name="Pont", jurisdiction="parvis", scopes=scopes)
    machine = here.browser(authorization=f"Bearer {key}", accept="application/json")
    path = f"/api/v1/requests/{reference}/charges/1/refunds"
    refused = await machine.post(
        path, json={"way": "online", "amount": 6000, "version": (await here.record(reference)).version}
    )
    assert refused.status_code == 409
    assert "le système refuse (HTTP 422)" in refused.json()["detail"]


async def test_a_surplus_goes_back_once_or_the_desk_hears_why_not(here):
    reference, payer = await here.owed(ANSWERS)
    _, _, url = await to_the_provider(here, reference, payer)
    clerk = await here.agent()
    path = f"/bureau/requete/{reference}/frais/{(await here.charge(reference)).id}"
    await press(clerk, await clerk.get(path), path, deed="cash")
    async with httpx.AsyncClient() as outside:
        back = (await outside.post(url, data={"do": "paid", "calls": "lost"})).headers["location"]
    await payer.get(back)
    (session,) = here.provider.ledger.find("sk_test")
    page = await clerk.get(path)
    own = f"/fr/suivi/{reference}"
    assert ", en trop, à rembourser" in words(await payer.get(own))
    surplus = re.search(r'action="([^"]+/paiements-en-trop/[^"]+)"', page.text)[1]
    here.provider.ledger.refund("sk_test", "by hand", {"session": session.id, "amount": 6000})
    refused = await press(clerk, page, surplus)
    assert refused.status_code == 409
    assert "Le prestataire n’a pas accepté le remboursement de 60,00 $ : le système refuse (HTTP 422)" in words(refused)
    here.provider.ledger.become(session.id, "paid")
    session.amount_refunded, session.status = 0, "paid"
    made = await press(clerk, page, surplus)
    assert "Le paiement en trop est remboursé." in words(await clerk.get(made.headers["location"]))
    again = await press(clerk, page, surplus)
    assert again.status_code == 409
    assert "Ce paiement en trop a déjà été remboursé, ou son remboursement est demandé." in words(again)
    assert ", en trop, remboursé" in words(await payer.get(own))
    key, _ = await make_token(here.host.engine, name="Pont", jurisdiction="parvis", scopes=("requests:read",))
    machine = here.browser(authorization=f"Bearer {key}", accept="application/json")
    (charge,) = (await machine.get(f"/api/v1/requests/{reference}/charges")).json()["items"]
    moved = [(each["kind"], each["state"]) for each in charge["payments"] if each["surplus"]]
    assert moved == [("payment", "paid"), ("refund", "failed"), ("refund", "paid")]


async def test_money_of_a_request_is_nobody_elses(here):
    reference, _ = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    stranger = here.browser()
    assert (await stranger.get(f"/fr/suivi/{reference}/frais/{charge.id}")).status_code == 303  # to the entrance
    assert (await stranger.get(f"/api/v1/requests/{reference}/charges")).json() == {"items": [], "next_cursor": ""}
    other, payer = await here.owed(ANSWERS)
    assert (await payer.get(f"/fr/suivi/{other}/frais/{charge.id}")).status_code == 404
    observer = await here.agent("observer")
    assert (await observer.get(f"/bureau/requete/{reference}/frais/{charge.id}")).status_code == 404


async def test_a_new_holder_has_no_receipt_of_what_the_one_before_paid(here):
    reference, payer = await here.owed(ANSWERS)
    charge, record = await here.charge(reference), await here.record(reference)
    await take_at_counter(here.host, reference, charge.id, way="cheque", note="CHEQUE-42", actor=ANA)
    (payment,) = await payments_of(record.id)
    receipt = f"/fr/suivi/{reference}/frais/{payment.id}/recu"
    assert "CHEQUE-42" in (await payer.get(receipt)).text
    async with transaction(here.host.engine):
        since = {ServiceRequest.holder_since: clock.now(), ServiceRequest.holders: 1}
        await ServiceRequest.update(since).where(ServiceRequest.id == record.id)
    heir = here.browser()
    await heir.get(f"/fr/suivi/{reference}", params={"cle": key_for(here.host.secret, record.id, 1)})
    page = await heir.get(f"/fr/suivi/{reference}")
    assert "Payé le" in words(page)
    assert f"{payment.id}/recu" not in page.text
    assert (await heir.get(receipt)).status_code == 404


async def test_a_waiver_needs_its_reason(here):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    clerk, path = await here.agent(), f"/bureau/requete/{reference}/frais/{charge.id}"
    page = await clerk.get(path)
    assert (await press(clerk, page, path, deed="waive")).status_code == 422
    assert (await press(clerk, page, path, deed="waive", reason="Incendie")).status_code == 303
    assert "Exonération : Incendie" in words(await payer.get(f"/fr/suivi/{reference}"))


async def test_a_provider_that_is_away_is_said_and_charges_nothing(here):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    here.provider.away = 50
    path = f"/en/track/{reference}/fees/{charge.id}"
    page = await payer.get(path)
    answer = await press(payer, page, path)
    assert answer.status_code == 409
    assert "Online payment is not available at the moment" in words(answer)
    assert (await here.charge(reference)).state == "due"


async def test_the_api_takes_signed_calls_alone_and_as_often_as_they_come(here):
    reference, payer = await here.owed(ANSWERS)
    _, _, url = await to_the_provider(here, reference, payer)
    sent = []
    here.provider.caller.send = lambda address, body, headers: sent.append((address, body, headers)) or 200
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": "paid", "calls": "at_once"})
    ((address, body, headers),) = sent
    assert address == f"{here.host.base_url}/api/v1/payments/hosted_payments/calls"
    machine = here.browser()
    path = "/api/v1/payments/hosted_payments/calls"
    assert (await machine.post(path, content=body)).status_code == 400
    assert (await machine.post(path, content=body.replace(b"paid", b"open"), headers=headers)).status_code == 400
    assert (await machine.post("/api/v1/payments/another/calls", content=body)).status_code == 404
    assert (await machine.post(path, content=b"x" * 70_000, headers=headers)).status_code == 413
    assert (await machine.post(path, content=body, headers=headers)).json() == {"changed": 1}
    assert (await machine.post(path, content=body, headers=headers)).json() == {"changed": 0}
    assert (await here.charge(reference)).state == "paid"


async def test_a_call_that_another_town_signed_pays_nothing(here, monkeypatch):
    """Rivemont's secret signs a payment of Parvis, sent to Rivemont's address and to Parvis's."""
    reference, payer = await here.owed(ANSWERS)
    _, _, url = await to_the_provider(here, reference, payer)
    hosted = here.host.plugins.payments["hosted_payments"]
    theirs = Account(secret_key="sk_theirs", call_secret="whsec_" + "b3RoZXJz" * 4)
    monkeypatch.setattr(hosted, "settings", structs.replace(hosted.settings, secret_accounts={"rivemont": theirs}))
    sent = []
    here.provider.caller.send = lambda address, body, headers: sent.append((body, headers)) or 200
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": "paid", "calls": "at_once"})
    ((body, headers),) = sent
    id, time = headers["webhook-id"], int(headers["webhook-timestamp"])
    forged = headers | {"webhook-signature": signature(theirs.call_secret, id, time, body)}
    path, machine = "/api/v1/payments/hosted_payments/calls", here.browser()
    assert (await machine.post(path, content=body, headers=forged)).status_code == 400
    there = await machine.post(path, content=body, headers=forged | {"host": "localhost"})
    assert there.json() == {"changed": 0}
    assert (await here.charge(reference)).state == "pending"
    assert (await machine.post(path, content=body, headers=headers)).json() == {"changed": 1}


async def test_the_api_estimates_charges_and_settles(here):
    reference, _ = await here.owed(ANSWERS)
    scopes = ("requests:read", "requests:write")
    key, _ = await make_token(here.host.engine, name="Pont", jurisdiction="parvis", scopes=scopes)
    machine = here.browser(authorization=f"Bearer {key}", accept="application/json")
    told = await machine.post("/api/v1/request-types/sign/estimate", json={"answers": {"value": 100}})
    (estimate,) = told.json()["items"]
    assert (estimate["fee"], estimate["total"]) == ("permit", 6000)
    (charge,) = (await machine.get(f"/api/v1/requests/{reference}/charges")).json()["items"]
    assert (charge["number"], charge["state"], charge["items"][0]["amount"]) == (1, "due", 6000)
    base = f"/api/v1/requests/{reference}/charges/1"
    assert (await machine.post(f"{base}/payments", json={"way": "shells", "version": 1})).status_code == 422
    assert (await machine.post(f"{base}/payments", json={"way": "cash"})).status_code == 428
    cash = {"way": "cash", "version": (await here.record(reference)).version}
    (paid,) = (await machine.post(f"{base}/payments", json=cash)).json()["items"]
    assert paid["state"] == "paid"
    now = {"version": (await here.record(reference)).version}
    assert (await machine.post(f"{base}/waiver", json={"reason": "no"} | now)).status_code == 409
    (back,) = (await machine.post(f"{base}/refunds", json={"way": "cheque", "amount": 6000} | now)).json()["items"]
    assert (back["state"], back["refunded"]) == ("refunded", 6000)


async def test_the_api_sends_to_pay_and_tells_the_provider_no_key(here):
    reference, _ = await here.owed(ANSWERS)
    machine = here.browser(accept="application/json")
    path = f"/api/v1/requests/{reference}/charges/1/checkout"
    assert (await machine.post(path)).status_code in (403, 404)
    sent = await machine.post(path, params={"key": here.receipt.key})
    (session,) = here.provider.ledger.find("sk_test")
    assert sent.json()["url"].endswith(f"/pay/{session.id}")
    assert session.return_url == f"{here.host.base_url}/fr/suivi/{reference}"


async def test_an_operator_finds_and_mends_what_differs(here):
    reference, payer = await here.owed(ANSWERS)
    _, _, url = await to_the_provider(here, reference, payer)
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": "paid", "calls": "lost"})
    operator = await here.agent("operator")
    day = clock.now().astimezone(ZoneInfo("America/Toronto")).date()
    page = await operator.get("/exploitation/paiements", params={"du": str(day), "au": str(day)})
    assert "Payé chez le prestataire, mais non inscrit ici" in words(page)
    key = re.search(r'name="key" value="([^"]+)"', page.text)[1]
    mended = await press(operator, page, "/exploitation/paiements", key=key, du=str(day), au=str(day))
    after = await operator.get(mended.headers["location"])
    assert "Aucun écart." in words(after)
    assert (await here.charge(reference)).state == "paid"


@pytest.mark.parametrize("role", ["agent", "observer"])
async def test_the_page_of_payments_is_for_operators(here, role):
    clerk = await here.agent(role)
    assert (await clerk.get("/exploitation/paiements")).status_code in (303, 403, 404)


async def test_the_payments_of_a_town_are_for_its_own_operators(here):
    reference, payer = await here.owed(ANSWERS)
    _, _, url = await to_the_provider(here, reference, payer)
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": "paid", "calls": "lost"})
    operator, day = await here.agent("operator", town="rivemont"), str(clock.now().date())
    refused = await operator.get("/exploitation/paiements", params={"du": day, "au": day})
    assert refused.status_code == 403
    assert reference not in refused.text
    key = str((await payments_of((await here.record(reference)).id))[0].id)
    page = await operator.get("/exploitation")
    assert (await press(operator, page, "/exploitation/paiements", key=key, du=day, au=day)).status_code == 403
    assert (await here.charge(reference)).state == "pending"


async def test_what_it_costs_is_said_on_the_page_of_the_service_and_before_sending(here):
    visitor = Browser(here.browser(), HOST)
    await visitor.open("/fr/services/permis/enseigne")
    assert "Étude 60,00 $" in visitor.text
    await visitor.open("/fr/demande/permis/enseigne")
    await visitor.send({"place.address": "4563, rue Saint-Urbain", "place.lon": "-73.585", "place.lat": "45.522"})
    for _ in range(3):
        if "verification" in visitor.path:
            break
        asked = {"value": "10 000", "signs": "3", "mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
        names = {name for name, _ in visitor.form()["fields"]}
        await visitor.send({name: value for name, value in asked.items() if name in names or name == "mode"})
    assert visitor.path.endswith("/verification"), visitor.text
    assert "Permis : 60,00 $" in visitor.text
    assert "Vous ne payez rien maintenant" in visitor.text
