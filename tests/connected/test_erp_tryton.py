"""A real Tryton behind the town: potholes become work orders, fees invoices, and what happens there comes back once."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parvis import clock
from parvis.db import Engine
from parvis.plugins.trying import Failure
from parvis.requests.amendments import amend
from parvis.requests.attached.attachments import kept_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_connectors.calls import check, try_out
from parvis_connectors.comparing import compare, mend
from parvis_fees.at_the_desk import take_at_counter, waive
from parvis_merging.merging import merge, part
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Place
from parvis_sdk.workflow import Denied

from ..counterparts.line import SWALLOW
from ..counterparts.tryton import Tryton, tryton
from .erp_town import ANA, HERE, ErpTown, Faster, erp_town, jpeg

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ledger() -> Iterator[Tryton]:
    with tryton() as ledger:
        yield ledger


@pytest.fixture(autouse=True)
def sound_line(ledger: Tryton) -> Iterator[None]:
    yield
    ledger.line.heal()


def settings(ledger: Tryton, **of_invoices: Any) -> dict[str, Any]:
    work = {
        "types": ["pothole"],
        "to": "project.work",
        "key": "name",
        "columns": {"name": "type_title", "comment": "place.address"},
        "read": "status",
        "cost": "cost",
        "over": ["Done"],
        "moves": {"Done": "resolve"},
        "given": {"Done": {"reason": "{note}"}},
        "again": ["reopen", "not_fixed"],
        "cancelled": {"progress": 1.0, "status": "Done"},
    }
    bills = {"name": "bills", "system": "ville", "lines": {"*": {"account": "4.1.1"}}, "post": True}
    return {
        "systems": {"ville": {"kind": "tryton", "address": ledger.url, "login": ledger.login, "company": "1"}},
        "secrets": {"ville": ledger.password},
        "work_orders": [{"name": "orders", "system": "ville", "mappings": [work]}],
        "invoices": [bills | of_invoices],
    }


@pytest.fixture
async def town(database: Engine, tmp_path: Path, ledger: Tryton) -> AsyncIterator[ErpTown]:
    async with erp_town(database, tmp_path, settings(ledger)) as town:
        yield town


def orders_of(ledger: Tryton, reference: str) -> list[dict[str, Any]]:
    return ledger.find("project.work", ["name", "like", f"{reference}%"], fields=("name", "comment", "status.rec_name"))


def invoices_of(ledger: Tryton, reference: str) -> list[dict[str, Any]]:
    names = ("state", "number", "total_amount", "reference", "party", "party.name")
    return ledger.find("account.invoice", ["description", "like", f"{reference}%"], fields=names)


async def test_the_crew_closes_a_pothole_there_and_it_is_resolved_here_within_one_poll(
    town: ErpTown, ledger: Tryton
) -> None:
    reference = await town.hole()
    await town.work()
    [order] = orders_of(ledger, reference)
    assert (order["name"], order["comment"]) == (f"{reference} Nid-de-poule", HERE["address"])
    assert await town.poll("orders") == 0

    ledger.finish(order["id"], hours=2, note="Asphalte froid", photo=jpeg())

    assert await town.poll("orders") == 1
    assert (await town.record(reference)).state == "resolved"
    number = ledger.read("project.work", order["id"], "number")["number"]
    assert f"Bon de travail {number}\u00a0: «\u00a0Done\u00a0», coût 129,00\u00a0$\nAsphalte froid" in await town.notes(
        reference
    )
    assert [(file.attachment.name, file.attachment.kind) for file in await kept_of(await town.record(reference))] == [
        ("apres.jpg", "image/jpeg")
    ]
    assert await town.poll("orders") == 0
    await town.work()
    assert await town.troubles() == []
    assert ledger.work(order["id"])["progress"] == 1.0


async def test_a_note_and_a_photo_are_seen_before_the_work_is_done(town: ErpTown, ledger: Tryton) -> None:
    reference = await town.hole()
    await town.work()
    [order] = orders_of(ledger, reference)
    about = f"project.work,{order['id']}"
    await town.poll("orders")

    ledger.ask("model.ir.note.create", [{"message": "Demain matin", "resource": about}], as_="crew")
    await town.poll("orders")

    assert "Demain matin" in await town.notes(reference)
    assert (await town.record(reference)).state == "received"


async def test_photos_of_the_resident_go_with_the_order_and_do_not_come_back(
    database: Engine, tmp_path: Path, ledger: Tryton
) -> None:
    given = settings(ledger)
    given["work_orders"][0]["photos"] = True
    async with erp_town(database, tmp_path, given) as town:
        reference = await town.hole(jpeg(200))
        await town.work()
        assert await town.troubles() == []
        [order] = orders_of(ledger, reference)
        about = ["resource", "=", f"project.work,{order['id']}"]
        [file] = ledger.find("ir.attachment", about, fields=("name", "data"))
        assert file["name"].startswith("parvis-")
        assert file["data"].startswith(b"\xff\xd8")
        await town.poll("orders")
        assert len(await kept_of(await town.record(reference))) == 1


async def test_what_the_line_swallows_is_not_made_twice(town: ErpTown, ledger: Tryton) -> None:
    for path in ("project.work.create", "party.party.create", "account.invoice.create", "account.invoice.post"):
        ledger.line.next(SWALLOW, path=path)
    hole, sign = await town.hole(), await town.sign({"name": "Léo Perdu", "email": "leo.perdu@exemple.ca"})
    await town.work()
    await town.work_later()
    assert await town.troubles() == []
    assert len(orders_of(ledger, hole)) == 1
    [invoice] = invoices_of(ledger, sign)
    assert (invoice["state"], invoice["total_amount"]) == ("posted", Decimal("122.50"))
    assert len(ledger.find("party.party", ["name", "=", "Léo Perdu"])) == 1
    assert (await town.record(hole)).external_references["orders"]


async def test_a_fee_becomes_an_invoice_that_is_paid_there_and_is_paid_here(town: ErpTown, ledger: Tryton) -> None:
    reference = await town.sign()
    await town.work()
    [invoice] = invoices_of(ledger, reference)
    charge = await town.charge(reference)
    assert (invoice["reference"], invoice["state"]) == (charge.id.hex, "posted")
    await town.poll("bills")
    assert f"Facture {invoice['number']} émise\u00a0: 122,50\u00a0$." in await town.notes(reference)

    ledger.pay(invoice["id"], Decimal("22.50"))
    await town.poll("bills")
    assert (await town.charge(reference)).state == "due"
    ledger.pay(invoice["id"])
    await town.poll("bills")

    assert (await town.charge(reference)).state == "paid"
    await town.work()
    await town.poll("bills")
    assert (await town.notes(reference)).count("payée\u00a0: 122,50") == 1
    assert [each["state"] for each in invoices_of(ledger, reference)] == ["paid"]


async def test_who_was_charged_before_is_found_and_not_doubled(town: ErpTown, ledger: Tryton) -> None:
    first = await town.sign({"name": "Marie Tremblay", "email": "marie.t@exemple.ca"}, 0.011)
    second = await town.sign({"name": "TREMBLAY Marié", "email": "Marie.T@exemple.ca"}, 0.012)
    other = await town.sign({"name": "Paul Tremblay", "email": "marie.t@exemple.ca"}, 0.013)
    await town.work()
    parties = [invoices_of(ledger, each)[0]["party"] for each in (first, second, other)]
    assert parties[0] == parties[1] != parties[2]


async def test_a_charge_that_is_waived_is_credited_there_and_the_next_one_is_billed(
    town: ErpTown, ledger: Tryton
) -> None:
    reference = await town.sign()
    await town.work()
    charge = await town.charge(reference)
    await waive(town.host, reference, charge.id, "Organisme sans but lucratif", actor=ANA)
    await town.work()
    assert await town.troubles() == []
    billed, credited = sorted(invoices_of(ledger, reference), key=lambda each: -each["total_amount"])
    assert (billed["state"], credited["total_amount"]) == ("cancelled", Decimal("-122.50"))
    await town.poll("bills")
    assert (await town.charge(reference)).state == "waived"


async def test_a_charge_that_is_paid_at_the_counter_is_remarked_there(town: ErpTown, ledger: Tryton) -> None:
    reference = await town.sign()
    await town.work()
    await take_at_counter(town.host, reference, (await town.charge(reference)).id, way="cash", actor=ANA)
    await town.work()
    [invoice] = invoices_of(ledger, reference)
    about = ["resource", "=", f"account.invoice,{invoice['id']}"]
    [note] = ledger.find("ir.note", about, fields=("message",))
    assert (invoice["state"], "payé à la ville" in note["message"]) == ("posted", True)
    assert "La comptabilité doit inscrire ce paiement" in await town.notes(reference)


async def test_the_accountant_and_we_change_one_record_at_once(town: ErpTown, ledger: Tryton) -> None:
    reference = await town.hole()
    await town.work()
    [order] = orders_of(ledger, reference)
    faster = Faster(ledger.line, b"project.work.search_read", times=2)
    faster.does = lambda: ledger.ask("model.project.work.write", [order["id"]], {"effort_duration": None}, as_="crew")

    await amend(town.host, reference, place=Place(**HERE | {"address": "99, rue Neuve"}), actor=ANA)
    await town.work()

    assert await town.troubles() == []
    assert faster.times == 0
    assert [each["comment"] for each in orders_of(ledger, reference)] == ["99, rue Neuve"]


async def test_what_people_corrected_there_stays_when_something_else_changes(town: ErpTown, ledger: Tryton) -> None:
    reference = await town.hole()
    await town.work()
    [order] = orders_of(ledger, reference)
    ledger.ask("model.project.work.write", [order["id"]], {"name": f"{reference} Trou énorme"}, as_="crew")
    await amend(town.host, reference, place=Place(**HERE | {"address": "99, rue Neuve"}), actor=ANA)
    await town.work()
    [order] = orders_of(ledger, reference)
    assert (order["name"], order["comment"]) == (f"{reference} Trou énorme", "99, rue Neuve")


async def test_a_request_that_is_withdrawn_or_becomes_another_type_has_its_order_cancelled(
    town: ErpTown, ledger: Tryton
) -> None:
    withdrawn, retyped = await town.hole(), await town.hole()
    await town.work()
    await make_move(town.host, withdrawn, "withdraw", {}, actor=ANA, mover="agent")
    answers = {"materials": ["tires"], "volume": "bag", "hazardous": False, "ground": "street", "seen": False}
    changed = await amend(town.host, retyped, type="illegal_dumping", answers=answers, actor=ANA)
    assert not isinstance(changed, Problems), changed
    await town.work()
    assert await town.troubles() == []
    for reference in (withdrawn, retyped):
        [order] = orders_of(ledger, reference)
        assert order["status."]["rec_name"] == "Done"
        assert "annulé" in await town.notes(reference)
    await town.poll("orders")
    assert (await town.record(withdrawn)).state == "withdrawn"


async def test_of_two_reports_merged_one_order_is_cancelled_with_a_remark_and_another_is_made_when_they_are_parted(
    town: ErpTown, ledger: Tryton
) -> None:
    one, kept = await town.hole(), await town.hole()
    await town.work()
    ledger.line.next(SWALLOW, path="project.work.write")
    assert isinstance(await merge(town.host, SYSTEM_VIEWER, one, kept, actor=ANA), Record)
    await town.work()
    await town.work_later()
    assert await town.troubles() == []
    [order] = orders_of(ledger, one)
    assert order["status."]["rec_name"] == "Done"
    about = ["resource", "=", f"project.work,{order['id']}"]
    assert [kept in note["message"] for note in ledger.find("ir.note", about, fields=("message",))] == [True]
    assert f"le travail se fait pour la requête {kept}" in await town.notes(one)
    await town.poll("orders")
    assert "n’a pas eu lieu" not in await town.notes(one)
    assert [each["status."]["rec_name"] for each in orders_of(ledger, kept)] == ["Open"]

    assert isinstance(await part(town.host, SYSTEM_VIEWER, one, actor=ANA), Record)
    await town.work()
    assert await town.troubles() == []
    first, second = orders_of(ledger, one)
    assert (first["status."]["rec_name"], second["status."]["rec_name"]) == ("Done", "Open")
    assert second["name"].startswith(f"{one}/2 ")
    ledger.finish(second["id"], note="Fait")
    await town.poll("orders")
    assert ((await town.record(one)).state, (await town.record(kept)).state) == ("resolved", "received")


async def test_a_request_that_is_taken_up_again_gets_another_order(town: ErpTown, ledger: Tryton) -> None:
    reference = await town.hole()
    await town.work()
    ledger.finish(orders_of(ledger, reference)[0]["id"], note="Fait")
    await town.poll("orders")
    await town.work()
    reopened = await make_move(
        town.host, reference, "reopen", {"reason": "Le trou est revenu."}, actor=ANA, mover="agent"
    )
    assert not isinstance(reopened, Denied | Problems), reopened
    await town.work()
    await town.work()
    assert [each["name"] for each in orders_of(ledger, reference)] == [
        f"{reference} Nid-de-poule",
        f"{reference}/2 Nid-de-poule",
    ]
    ledger.finish(orders_of(ledger, reference)[1]["id"], note="Refait")
    await town.poll("orders")
    assert (await town.record(reference)).state == "resolved"


async def test_a_check_names_what_does_not_fit_and_what_is_shut(
    database: Engine, tmp_path: Path, ledger: Tryton
) -> None:
    given = settings(ledger, party="Z999")
    given["work_orders"][0]["mappings"][0]["columns"]["coment"] = "place.address"
    given["invoices"][0]["lines"]["permit.base"] = {"account": "9.9.9"}
    async with erp_town(database, tmp_path, given) as town:
        orders = {each.code: each for each in await check(town.host, town.connector("orders"))}
        bills = {each.code: each for each in await check(town.host, town.connector("bills"))}
        assert orders["reachable"].ok
        assert orders["allowed"].ok
        assert "there is no column 'coment' there" in orders["settings"].said.en
        assert "did you mean 'comment'?" in orders["settings"].said.en
        assert "there is no '9.9.9' there" in bills["settings"].said.en
        assert "there is no customer 'Z999'" in bills["settings"].said.en
        assert await try_out(town.host, town.connector("orders")) == "Tryton · api · Ville de Parvis"


async def test_both_sides_are_compared_and_what_was_deleted_there_is_made_again(town: ErpTown, ledger: Tryton) -> None:
    kept, lost, sign = await town.hole(), await town.hole(), await town.sign()
    await town.work()
    ledger.ask("model.project.work.delete", [orders_of(ledger, lost)[0]["id"]], as_="crew")
    now = clock.now()
    found = await compare(town.host, town.connector("orders"), now - timedelta(hours=1), now + timedelta(minutes=1))
    assert not isinstance(found, Failure), found
    ours = [each for each in found if each.reference in (kept, lost)]
    assert [(each.kind, each.reference) for each in ours] == [("missing_there", lost)]
    assert await mend(town.host, town.connector("orders"), ours[0])
    await town.work()
    assert len(orders_of(ledger, lost)) == 1
    bills = await compare(town.host, town.connector("bills"), now - timedelta(hours=1), now + timedelta(minutes=1))
    assert not isinstance(bills, Failure), bills
    assert [each.kind for each in bills if each.reference == sign] == ["behind_here"]


async def test_a_wrong_password_is_told_and_tried_once(database: Engine, tmp_path: Path, ledger: Tryton) -> None:
    given = settings(ledger)
    secret = tmp_path / "secret"
    secret.write_text("wrong")
    given["systems"]["ville"]["secret_file"] = str(secret)
    with tryton() as guarded:
        given["systems"]["ville"]["address"] = guarded.url
        async with erp_town(database, tmp_path, given) as town:
            for _ in range(3):
                await town.hole()
                await town.work()
            assert len(guarded.line.heard) == 1
            assert "does not recognize 'api' with this password" in (await town.troubles())[0]
            secret.write_text(guarded.password)
            await town.work_later()
            assert await town.troubles() == []
