"""Business Central behind the town, by OData: orders with ETags, invoices in exact amounts, tokens that end, 429."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parvis import clock
from parvis.db import Engine
from parvis.outbox import listing, revive
from parvis.requests.amendments import amend
from parvis.requests.attached.attachments import kept_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_connectors.calls import check, try_out
from parvis_connectors.comparing import compare
from parvis_connectors.exchanges import exchanges_of
from parvis_fees.at_the_desk import waive
from parvis_merging.merging import merge
from parvis_sdk.requests import Place

from ..counterparts.line import SWALLOW, Reply, broken, busy, polite_error, rubbish
from ..counterparts.odata import BusinessCentral, business_central
from .erp_town import ANA, HERE, ErpTown, Faster, erp_town, jpeg


@pytest.fixture(scope="module")
def erp() -> Iterator[BusinessCentral]:
    with business_central(page_size=3) as erp:
        erp.add("accounts", number="4100", displayName="Permis")
        yield erp


@pytest.fixture(autouse=True)
def sound_line(erp: BusinessCentral) -> Iterator[None]:
    yield
    erp.line.heal()
    erp.line.heard.clear()


def settings(erp: BusinessCentral, **of_invoices: Any) -> dict[str, Any]:
    system = {
        "kind": "business_central",
        "address": erp.url,
        "company": erp.company,
        "login": erp.client_id,
        "token_address": erp.token_url,
        "scope": erp.scope,
    }
    work = {
        "types": ["pothole"],
        "to": "serviceOrders",
        "key": "externalDocumentNumber",
        "columns": {
            "description": {"source": "type_title", "most": 50},
            "address": "place.address",
            "latitude": "place.lat",
            "longitude": "place.lon",
            "priority": {"source": "answers.danger", "codes": {"true": "High"}, "otherwise": "Low"},
        },
        "read": "status",
        "cost": "actualCost",
        "note": "note",
        "over": ["Finished", "Cancelled"],
        "moves": {"In Process": "start", "Finished": "resolve"},
        "given": {"Finished": {"reason": "{note}"}},
        "after": ["triage"],
        "again": ["reopen", "not_fixed"],
        "cancelled": {"status": "Cancelled"},
    }
    bills = {"name": "bills", "system": "finances", "lines": {"*": {"account": "4100"}}, "post": True}
    return {
        "systems": {"finances": system},
        "secrets": {"finances": erp.client_secret},
        "work_orders": [{"name": "orders", "system": "finances", "mappings": [work]}],
        "invoices": [bills | of_invoices],
    }


@pytest.fixture
async def town(database: Engine, tmp_path: Path, erp: BusinessCentral) -> AsyncIterator[ErpTown]:
    async with erp_town(database, tmp_path, settings(erp)) as town:
        yield town


def orders_of(erp: BusinessCentral, reference: str) -> list[dict[str, Any]]:
    return erp.find("serviceOrders", f"startswith(externalDocumentNumber,'{reference}')")


def invoices_of(erp: BusinessCentral, reference: str) -> list[dict[str, Any]]:
    return erp.find("salesInvoices", f"customerPurchaseOrderReference eq '{reference}'")


async def triaged(town: ErpTown) -> str:
    """A pothole for which there is an order."""
    reference = await town.hole()
    await make_move(town.host, reference, "triage", {}, actor=ANA, mover="agent")
    await town.work()
    assert await town.troubles() == []
    return reference


async def test_a_pothole_that_is_taken_on_becomes_an_order_and_is_resolved_when_the_crew_is_done(
    town: ErpTown, erp: BusinessCentral
) -> None:
    reference = await town.hole()
    await town.work()
    assert orders_of(erp, reference) == []
    await make_move(town.host, reference, "triage", {}, actor=ANA, mover="agent")
    await town.work()
    [order] = orders_of(erp, reference)
    assert (order["description"], order["address"], order["priority"]) == ("Nid-de-poule", HERE["address"], "Low")
    assert (order["latitude"], order["longitude"]) == (HERE["lat"], HERE["lon"])
    assert (await town.record(reference)).external_references == {"orders": order["number"]}

    erp.change("serviceOrders", order["id"], status="In Process")
    await town.poll("orders")
    assert (await town.record(reference)).state == "in_progress"
    erp.finish(order["id"], cost="129.00", note="Asphalte froid", photo=jpeg())
    await town.poll("orders")

    assert (await town.record(reference)).state == "resolved"
    said = f"Bon de travail {order['number']}\u00a0: «\u00a0Finished\u00a0», coût 129,00\u00a0$\nAsphalte froid"
    assert said in await town.notes(reference)
    assert [file.attachment.name for file in await kept_of(await town.record(reference))] == ["apres.jpg"]
    before = await town.notes(reference)
    await town.poll("orders")
    await town.work()
    assert (await town.notes(reference), await town.troubles()) == (before, [])


def answered_about(order: dict[str, Any], **changed: Any) -> Reply:
    """What a system that mixes records up says: 201, and the order of somebody else."""
    row = {name: value for name, value in order.items() if value is None or isinstance(value, str | int | bool)}
    return Reply(status=201, body=json.dumps(row | changed).encode(), headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("mixed_up", ["another key", "our key and another's number"])
async def test_a_stranger_s_live_order_is_not_cancelled_because_our_request_is_refused(
    town: ErpTown, erp: BusinessCentral, mixed_up: str
) -> None:
    strangers = await triaged(town)
    [live] = orders_of(erp, strangers)
    ours = await town.hole()
    key = {} if mixed_up == "another key" else {"externalDocumentNumber": ours}
    erp.line.next(answered_about(live, **key), method="POST", path="/serviceOrders")
    await make_move(town.host, ours, "triage", {}, actor=ANA, mover="agent")
    await town.work()
    [parked] = await listing(["dead"])
    assert (parked.reference, ours in parked.trouble.what.en) == (ours, True)
    assert (await town.record(ours)).external_references == {}
    await make_move(town.host, ours, "refuse", {"reason": "Hors de notre territoire"}, actor=ANA, mover="agent")
    await town.work()
    assert [each["status"] for each in orders_of(erp, strangers)] == [live["status"]]
    assert (await town.record(strangers)).external_references == {"orders": live["number"]}


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "ours", "externalDocumentNumber": "theirs"},
        {"id": "theirs", "externalDocumentNumber": "ours"},
        {"id": None, "externalDocumentNumber": "theirs"},
    ],
    ids=["our id and another key", "our key and another id", "another key and no id"],
)
async def test_a_correction_that_is_answered_with_the_order_of_a_stranger_waits_for_a_person(
    town: ErpTown, erp: BusinessCentral, answer: dict[str, str | None]
) -> None:
    strangers, ours = await triaged(town), await triaged(town)
    [live], [mine] = orders_of(erp, strangers), orders_of(erp, ours)
    whose = {"ours": mine, "theirs": live}
    row = {name: whose[each][name] if each else None for name, each in answer.items()}
    erp.line.next(answered_about(live, **row), method="PATCH", path="/serviceOrders")
    await amend(town.host, ours, place=Place(address="99, rue Neuve"), actor=ANA)
    await town.work()
    [parked] = await listing(["dead"])
    assert (parked.reference, "nothing of it was kept" in str(parked.trouble)) == (ours, True)
    assert orders_of(erp, strangers) == [live]
    assert (await town.record(ours)).external_references == {"orders": mine["number"]}


async def test_a_correction_that_is_answered_without_a_word_is_looked_at_and_compared(
    town: ErpTown, erp: BusinessCentral
) -> None:
    strangers, ours = await triaged(town), await triaged(town)
    [mine] = orders_of(erp, ours)
    erp.line.next(Reply(status=204), method="PATCH", path="/serviceOrders")
    erp.line.meanwhile(
        lambda: erp.change("serviceOrders", mine["id"], externalDocumentNumber=strangers), method="PATCH"
    )
    await amend(town.host, ours, place=Place(address="99, rue Neuve"), actor=ANA)
    await town.work()
    [parked] = await listing(["dead"])
    assert (parked.reference, strangers in str(parked.trouble)) == (ours, True)
    now = clock.now()
    found = await compare(town.host, town.connector("orders"), now - timedelta(hours=1), now + timedelta(minutes=1))
    assert ("foreign", mine["number"]) in [(each.kind, each.external_reference) for each in found]  # type: ignore[union-attr]
    erp.change("serviceOrders", mine["id"], externalDocumentNumber=ours)
    await revive(town.host.engine, parked.id)
    erp.line.next(Reply(status=204), method="PATCH", path="/serviceOrders")
    await town.work()
    assert await town.troubles() == []


async def test_the_order_of_a_merged_request_becomes_that_of_the_other_which_had_none(
    town: ErpTown, erp: BusinessCentral
) -> None:
    one, kept = await triaged(town), await town.hole()
    [order] = orders_of(erp, one)
    assert isinstance(await merge(town.host, SYSTEM_VIEWER, one, kept, actor=ANA), Record)
    await town.work()
    assert await town.troubles() == []
    assert orders_of(erp, one) == []
    assert [each["id"] for each in orders_of(erp, kept)] == [order["id"]]
    assert f"Bon de travail {order['number']} transféré à la requête {kept}." in await town.notes(one)
    await town.poll("orders")
    assert (await town.record(kept)).external_references == {"orders": order["number"]}

    erp.finish(order["id"], cost="129.00", note="Asphalte froid", photo=jpeg())
    await town.poll("orders")
    assert (await town.record(kept)).state == "resolved"
    assert "Asphalte froid" in await town.notes(kept)
    assert "Asphalte froid" not in await town.notes(one)
    connector, now = town.connector("orders"), clock.now()
    told = await compare(town.host, connector, now - timedelta(hours=1), now + timedelta(hours=1))
    assert isinstance(told, tuple), told
    assert not [each for each in told if each.external_reference == order["number"] or each.reference in (one, kept)]


async def test_what_comes_late_repeated_and_out_of_order_moves_nothing_twice(
    town: ErpTown, erp: BusinessCentral
) -> None:
    references = [await triaged(town) for _ in range(5)]  # more than a page holds
    for reference in references:
        erp.change("serviceOrders", orders_of(erp, reference)[0]["id"], status="In Process")
    for _ in range(3):
        await town.poll("orders")
    for reference in references:
        assert (await town.record(reference)).state == "in_progress"
        assert (await town.notes(reference)).count("In Process") == 1
        assert "n’a pas eu lieu" not in await town.notes(reference)


@pytest.mark.parametrize("path", ["serviceOrders", "customers", "salesInvoices", "Microsoft.NAV.post"])
async def test_what_the_line_swallows_is_not_made_twice(town: ErpTown, erp: BusinessCentral, path: str) -> None:
    hole, person = await town.hole(), {"name": "Léo Perdu", "email": f"{path.lower()}@exemple.ca"}
    await make_move(town.host, hole, "triage", {}, actor=ANA, mover="agent")
    sign = await town.sign(person)
    erp.line.next(SWALLOW, method="POST", path=path)
    await town.work()
    await town.work_later()
    assert await town.troubles() == []
    assert len(orders_of(erp, hole)) == 1
    [invoice] = invoices_of(erp, sign)
    assert (invoice["status"], Decimal(str(invoice["totalAmountIncludingTax"]))) == ("Open", Decimal("122.50"))
    assert len(erp.find("customers", f"email eq '{person['email']}'")) == 1


@pytest.mark.parametrize("trouble", [busy(seconds=7), broken(503), rubbish(), polite_error()])
async def test_a_bad_moment_passes(town: ErpTown, erp: BusinessCentral, trouble: Any) -> None:
    erp.line.next(trouble, path="salesInvoices", times=2)
    sign = await town.sign()
    await town.work()
    assert len(await town.troubles()) == 1
    assert invoices_of(erp, sign) == []
    await town.work_later()
    assert await town.troubles() == []
    assert len(invoices_of(erp, sign)) == 1


async def test_a_fee_becomes_an_invoice_that_is_paid_there_and_is_paid_here(
    town: ErpTown, erp: BusinessCentral
) -> None:
    reference = await town.sign()
    await town.work()
    [invoice] = invoices_of(erp, reference)
    charge = await town.charge(reference)
    assert (invoice["externalDocumentNumber"].lower(), invoice["status"]) == (charge.id.hex, "Open")
    lines = erp.find("salesInvoiceLines", f"documentId eq {invoice['id']}")
    amounts = [(line["lineObjectNumber"], Decimal(str(line["unitPrice"]))) for line in lines]
    assert sum(amount for _, amount in amounts) == Decimal("122.50")
    assert {number for number, _ in amounts} == {"4100"}

    erp.pay(invoice["id"], remaining="100.00")
    await town.poll("bills")
    assert "il reste 100,00\u00a0$ à payer sur 122,50" in await town.notes(reference)
    assert (await town.charge(reference)).state == "due"
    erp.pay(invoice["id"])
    await town.poll("bills")

    assert (await town.charge(reference)).state == "paid"
    await town.work()
    assert await town.troubles() == []
    assert erp.read("salesInvoices", invoice["id"])["status"] == "Paid"


async def test_a_charge_that_is_waived_is_cancelled_there_also_when_it_was_posted_meanwhile(
    database: Engine, tmp_path: Path, erp: BusinessCentral
) -> None:
    async with erp_town(database, tmp_path, settings(erp, post=False)) as town:
        drafted, posted = await town.sign(east=0.011), await town.sign({"name": "Max Roy", "phone": "514 555-0100"})
        await town.work()
        for reference in (drafted, posted):
            [invoice] = invoices_of(erp, reference)
            assert invoice["status"] == "Draft"
            await waive(town.host, reference, (await town.charge(reference)).id, "Erreur", actor=ANA)
        faster = Faster(
            erp.line, b"", path=f"externalDocumentNumber%20eq%20%27{(await town.charge(posted)).id.hex.upper()}"
        )
        faster.does = lambda: erp.post(invoice["id"])

        await town.work()

        assert (faster.times, await town.troubles()) == (0, [])
        assert invoices_of(erp, drafted) == []
        assert [each["status"] for each in invoices_of(erp, posted)] == ["Canceled"]
        assert "annulée" in await town.notes(drafted)


async def test_somebody_there_and_we_change_one_record_at_once(town: ErpTown, erp: BusinessCentral) -> None:
    reference = await triaged(town)
    [order] = orders_of(erp, reference)
    faster = Faster(erp.line, b"", path=f"serviceOrders({order['id']})", method="GET", times=2)
    faster.does = lambda: erp.change("serviceOrders", order["id"], note="Nous y allons")

    await amend(town.host, reference, place=Place(**HERE | {"address": "99, rue Neuve"}), actor=ANA)
    await town.work()

    assert (faster.times, await town.troubles()) == (0, [])
    [order] = orders_of(erp, reference)
    assert (order["address"], order["note"]) == ("99, rue Neuve", "Nous y allons")
    assert [each.status for each in erp.line.heard if each.method == "PATCH"] == [409, 409, 200]


async def test_a_record_that_never_stands_still_is_for_later(town: ErpTown, erp: BusinessCentral) -> None:
    reference = await triaged(town)
    [order] = orders_of(erp, reference)
    faster = Faster(erp.line, b"", path=f"serviceOrders({order['id']})", method="GET", times=4)
    faster.does = lambda: erp.change("serviceOrders", order["id"], note="Encore")
    await amend(town.host, reference, place=Place(**HERE | {"address": "99, rue Neuve"}), actor=ANA)
    await town.work()
    assert "somebody is changing the order" in (await town.troubles())[0]
    await town.work_later()
    assert orders_of(erp, reference)[0]["address"] == "99, rue Neuve"


async def test_a_token_that_ended_is_renewed_within_the_delivery(town: ErpTown, erp: BusinessCentral) -> None:
    await triaged(town)
    erp.expire_tokens()
    reference = await triaged(town)
    assert len(orders_of(erp, reference)) == 1


async def test_no_secret_and_nobody_else_is_in_the_exchange_log(town: ErpTown, erp: BusinessCentral) -> None:
    erp.add("customers", displayName="Jean Voisin", email="zoe@exemple.ca", number="C99")
    await town.sign()
    await town.work()
    lines = [line for line in await listing(["done"]) if line.subscriber == "connector:bills"]
    calls = [call for line in lines for call in await exchanges_of(delivery=line.id)]
    written = "".join(f"{call.url}{call.sent}{call.received}" for call in calls)
    assert len(calls) > 5
    for hidden in (erp.client_secret, "Jean Voisin", "zoe@exemple.ca", "zoe%40exemple.ca", "Zoé Côté"):
        assert hidden not in written


async def test_a_check_gives_three_answers(database: Engine, tmp_path: Path, erp: BusinessCentral) -> None:
    given = settings(erp)
    given["work_orders"][0]["mappings"][0]["columns"]["adress"] = "place.address"
    given["invoices"][0]["lines"]["base"] = {"account": "9999"}
    async with erp_town(database, tmp_path, given) as town:
        orders = {each.code: each for each in await check(town.host, town.connector("orders"))}
        bills = {each.code: each for each in await check(town.host, town.connector("bills"))}
        assert (orders["reachable"].ok, orders["allowed"].ok) == (True, True)
        assert "there is no column 'adress' there" in orders["settings"].said.en
        assert "did you mean 'address'?" in orders["settings"].said.en
        assert "there is no '9999' there" in bills["settings"].said.en
        assert await try_out(town.host, town.connector("bills")) == "Business Central · Ville de Parvis"
        erp.line.cut()
        silent = {each.code: each.ok for each in await check(town.host, town.connector("bills"))}
        erp.line.mend()
        assert silent == {"settings": False, "reachable": False}


async def test_a_wrong_secret_is_told_to_the_operator(database: Engine, tmp_path: Path, erp: BusinessCentral) -> None:
    given = settings(erp) | {"secrets": {"finances": "wrong"}}
    async with erp_town(database, tmp_path, given) as town:
        await town.sign()
        await town.work()
        assert "the sign-in says no (HTTP 401): invalid_client" in (await town.troubles())[0]
        answers = {each.code: each for each in await check(town.host, town.connector("bills"))}
        assert (answers["reachable"].ok, answers["allowed"].ok) == (True, False)
        assert "wrong" not in str(answers)
