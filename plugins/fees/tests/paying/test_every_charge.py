"""Every charge for which money moved is shown where it is accounted for, whatever has become of it since."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.amendments import amend
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis_fees.at_the_desk import give_back, take_at_counter
from parvis_fees.charges import charges_of
from parvis_fees.payments import payments_of
from parvis_fees.reconciling import look_due
from parvis_fees.town_tariffs import TARIFFS, TownFee
from parvis_sdk.tariffs import Fixed, Tariff

from ..permit import ANA, ANSWERS, said

from .conftest import press  # isort: skip


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split()).replace("\u00a0", " ")


async def asked_again(here, reference):
    """By now the town has another tariff, and the step is taken again."""
    line = Fixed(code="flat", title=said("Forfait"), amount=Decimal("12.34"))
    own = TownFee(tariffs=(Tariff(since=date(2020, 1, 1), lines=(line,)),))
    town = TARIFFS.put(here.host.jurisdictions.by_code["parvis"], {("sign", "permit"): own})
    jurisdictions = structs.replace(here.host.jurisdictions, by_code={"parvis": town})
    host = replace(here.host, jurisdictions=jurisdictions)
    became = await make_move(host, reference, "reckon", {}, actor=ANA, mover="agent")
    assert isinstance(became, Record), became
    return await charges_of(became.id)


async def retyped(here, reference):
    days = {"first": "2027-05-01", "last": "2027-05-02"}
    assert isinstance(await amend(here.host, reference, type="terrace", answers=days, actor=ANA), Record)


async def test_what_was_paid_before_a_second_charge_keeps_its_receipt(here):
    reference, payer = await here.owed(ANSWERS)
    await take_at_counter(here.host, reference, (await here.charge(reference)).id, way="cash", actor=ANA)
    first, second = await asked_again(here, reference)
    assert (first.state, second.state) == ("paid", "due")
    tracking = await payer.get(f"/fr/suivi/{reference}")
    assert f"Reçu {reference}/1" in words(tracking)
    receipt = await payer.get(re.search(r'href="([^"]+/recu)"', tracking.text)[1])
    assert "60,00 $" in words(receipt)
    clerk = await here.agent()
    assert f"Reçu {reference}/1" in words(await clerk.get(f"/bureau/requete/{reference}"))
    page = await clerk.get(f"/bureau/requete/{reference}/frais/{first.id}")
    assert "Remboursé au comptoir" in words(page)


async def test_money_that_came_for_a_replaced_charge_is_shown_and_goes_back(here):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    path = f"/fr/suivi/{reference}/frais/{charge.id}"
    sent = await press(payer, await payer.get(path), path)
    url = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', sent.text)[1]
    first, second = await asked_again(here, reference)
    assert (first.state, second.state) == ("replaced", "due")
    async with httpx.AsyncClient() as outside:
        await outside.post(url, data={"do": "paid", "calls": "lost"})
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        assert await look_due(here.host) == 1
    tracking = words(await payer.get(f"/fr/suivi/{reference}"))
    assert "N’est plus à payer." in tracking
    assert "Voir comment payer" in tracking
    clerk = await here.agent()
    page = await clerk.get(f"/bureau/requete/{reference}/frais/{first.id}")
    assert "en trop, à rembourser" in words(page)
    action = re.search(r'action="([^"]+/paiements-en-trop/[^"]+)"', page.text)[1]
    assert (await press(clerk, page, action)).headers["location"].endswith("?fait=surplus#main")
    assert [each.refunded for each in await payments_of(first.request) if each.kind == "payment"] == [first.amount]


@pytest.mark.parametrize("way", ["desk", "api"])
async def test_what_was_paid_for_another_type_is_seen_and_given_back(here, way):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    await take_at_counter(here.host, reference, charge.id, way="cash", actor=ANA)
    await retyped(here, reference)
    tracking = words(await payer.get(f"/fr/suivi/{reference}"))
    assert "Frais d’un autre type de requête" in tracking
    assert f"Reçu {reference}/1" in tracking
    clerk = await here.agent()
    path = f"/bureau/requete/{reference}/frais/{charge.id}"
    page = await clerk.get(path)
    assert "Payé en argent" not in words(page)
    if way == "desk":
        done = await press(clerk, page, path, deed="refund", amount="60", way="cash")
        assert done.headers["location"].endswith("?fait=paiement#main")
    else:
        assert isinstance(await give_back(here.host, reference, charge.id, 6000, way="cash", actor=ANA), Record)
    assert (await here.charge(reference)).state == "refunded"


async def test_what_was_due_for_another_type_is_not_asked_for(here):
    reference, payer = await here.owed(ANSWERS)
    charge = await here.charge(reference)
    await retyped(here, reference)
    assert "60,00 $" not in words(await payer.get(f"/fr/suivi/{reference}"))
    assert (await payer.get(f"/fr/suivi/{reference}/frais/{charge.id}")).status_code == 404
    denied = await take_at_counter(here.host, reference, charge.id, way="cash", actor=ANA)
    assert not isinstance(denied, Record)
