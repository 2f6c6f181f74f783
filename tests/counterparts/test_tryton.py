"""What our connectors are told about Tryton, asked of a real one: it numbers, locks, refuses and guards as we say."""

import base64
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from .line import HANG, RESET, SWALLOW, broken, busy
from .tryton import EVERYONE_IN, Refused, Tryton, decimal, tryton

pytestmark = pytest.mark.slow
JPEG = b"\xff\xd8\xff\xe0 apres"


@pytest.fixture(scope="module")
def ledger() -> Iterator[Tryton]:
    with tryton() as ledger:
        yield ledger


@pytest.fixture(autouse=True)
def sound_line(ledger: Tryton) -> Iterator[None]:
    yield
    ledger.line.heal()
    ledger.line.heard.clear()


def call(ledger: Tryton, method: str, *params: Any, auth: Any = None, **context: Any) -> Any:
    """As a connector does, over the line: with the password that is given, or in a session of the user `api`."""
    headers = ledger.session(Tryton.login) if auth is None else {}
    asked = {"id": 7, "method": method, "params": [*params, EVERYONE_IN | context]}
    return httpx.post(f"{ledger.url}rpc/", json=asked, auth=auth, headers=headers, timeout=5)


def result(answer: httpx.Response) -> Any:
    assert answer.status_code == 200
    assert set(answer.json()) == {"id", "result"}, answer.text
    return answer.json()["result"]


def one(ledger: Tryton, model: str, *where: list[Any]) -> int:
    return int(result(call(ledger, f"model.{model}.search", list(where), 0, 1, None))[0])


@pytest.fixture
def party(ledger: Tryton) -> int:
    address = {"street": "12, rue des Érables", "city": "Parvis", "postal_code": "G1A 1A1"}
    wanted = {
        "name": "Marie Tremblay",
        "addresses": [["create", [address]]],
        "contact_mechanisms": [["create", [{"type": "email", "value": "marie@example.org"}]]],
    }
    return int(result(call(ledger, "model.party.party.create", [wanted]))[0])


@pytest.fixture
def invoice(ledger: Tryton, party: int) -> int:
    own = [["company", "=", 1], ["closed", "!=", True]]
    line = {
        "type": "line",
        "account": one(ledger, "account.account", ["type.revenue", "=", True], *own),
        "description": "Permis de construction",
        "quantity": 1,
        "unit_price": decimal(Decimal("75.00")),
    }
    wanted = {
        "type": "out",
        "party": party,
        "invoice_address": one(ledger, "party.address", ["party", "=", party]),
        "account": one(ledger, "account.account", ["type.receivable", "=", True], *own),
        "journal": one(ledger, "account.journal", ["type", "=", "revenue"]),
        "payment_term": one(ledger, "account.invoice.payment_term"),
        "reference": "2026-000123",
        "lines": [["create", [line]]],
    }
    return int(result(call(ledger, "model.account.invoice.create", [wanted]))[0])


@pytest.fixture
def work(ledger: Tryton) -> int:
    wanted = {"name": "2026-000124 Nid-de-poule", "type": "task", "comment": "12, rue des Érables"}
    wanted["status"] = one(ledger, "project.work.status", ["progress", "=", None])
    return int(result(call(ledger, "model.project.work.create", [wanted]))[0])


def test_posting_numbers_an_invoice_and_paying_it_is_seen(ledger: Tryton, invoice: int) -> None:
    draft = ledger.invoice(invoice)
    assert (draft["state"], draft["number"], draft["total_amount"]) == ("draft", None, Decimal("75.00"))

    number = ledger.post(invoice)

    assert number.isdigit()
    assert ledger.invoice(invoice)["amount_to_pay"] == Decimal("75.00")
    ledger.pay(invoice, Decimal("25.00"))
    assert ledger.invoice(invoice)["state"] == "posted"
    assert ledger.invoice(invoice)["amount_to_pay"] == Decimal("50.00")
    ledger.pay(invoice)
    paid = ledger.invoice(invoice)
    assert (paid["state"], paid["amount_to_pay"], paid["number"]) == ("paid", Decimal(0), number)


def test_a_posted_invoice_is_not_deleted_and_the_refusal_has_status_200(ledger: Tryton, invoice: int) -> None:
    ledger.post(invoice)

    answer = call(ledger, "model.account.invoice.delete", [invoice])

    assert answer.status_code == 200
    kind, (message, *_) = answer.json()["error"]
    assert kind == "UserError"
    assert "2026-000123" in message


def test_whoever_writes_with_an_old_timestamp_is_told_of_the_other_change(ledger: Tryton, party: int) -> None:
    seen = result(call(ledger, "model.party.party.read", [party], ["_timestamp"]))[0]["_timestamp"]
    seen_by_both = {"_timestamp": {f"party.party,{party}": seen}}

    first = call(ledger, "model.party.party.write", [party], {"name": "Marie Roy"}, **seen_by_both)
    second = call(ledger, "model.party.party.write", [party], {"name": "Marie Lavoie"}, **seen_by_both)

    assert result(first) is None
    assert (second.status_code, second.json()["error"][0]) == (200, "ConcurrencyException")
    assert ledger.read("party.party", party, "name")["name"] == "Marie Roy"


def test_the_crew_closes_a_work_order_with_hours_a_note_and_a_photo(ledger: Tryton, work: int) -> None:
    assert ledger.work(work)["status."]["name"] == "Open"
    assert ledger.work(work)["number"].isdigit()

    ledger.finish(work, hours=2, note="Asphalte froid", photo=JPEG)

    done = ledger.work(work)
    assert (done["status."]["name"], done["progress"], done["cost"]) == ("Done", 1.0, Decimal("129.00"))
    about = ["resource", "=", f"project.work,{work}"]
    assert [note["message"] for note in ledger.find("ir.note", about, fields=("message",))] == ["Asphalte froid"]
    assert [each["data"] for each in ledger.find("ir.attachment", about, fields=("data",))] == [JPEG]


def test_a_work_order_is_not_done_before_its_progress_says_so(ledger: Tryton, work: int) -> None:
    done = one(ledger, "project.work.status", ["progress", "=", 1])

    answer = call(ledger, "model.project.work.write", [work], {"status": done})

    assert answer.json()["error"][0] == "UserError"
    assert ledger.work(work)["status."]["name"] == "Open"


def test_what_is_wrong_is_said_in_many_ways(ledger: Tryton) -> None:
    unknown_field = call(ledger, "model.party.party.create", [{"name": "Marie", "shoe_size": 38}])
    assert (unknown_field.status_code, unknown_field.json()["error"]) == (200, ["'shoe_size'", ""])
    unknown_model = call(ledger, "model.city.pothole.search", [])
    assert (unknown_model.status_code, unknown_model.json()["error"]) == (200, ["'city.pothole'", ""])
    not_there = call(ledger, "model.party.party.read", [99999], ["name"])
    assert not_there.json()["error"][0] in ("UserError", "AccessError")
    assert call(ledger, "model.party.party.explode").status_code == 403
    without_context = {"id": 1, "method": "model.party.party.search", "params": []}
    auth = (Tryton.login, Tryton.password)
    assert httpx.post(f"{ledger.url}rpc/", json=without_context, auth=auth).status_code == 422
    elsewhere = f"{ledger.line.url}/elsewhere/rpc/"
    assert httpx.post(elsewhere, json=without_context, auth=auth).status_code == 503  # as if it were to pass
    login = {"id": 1, "method": "common.db.login", "params": ["api", {"password": "asphalte"}, "fr"]}
    assert httpx.post(elsewhere, json=login).status_code == 404


def test_the_api_may_not_touch_the_fiscal_year(ledger: Tryton) -> None:
    answer = call(ledger, "model.account.fiscalyear.delete", [1])

    assert (answer.status_code, answer.json()["error"][0]) == (200, "UserError")


def test_a_wrong_password_is_401_and_soon_429_also_for_the_right_one() -> None:
    with tryton() as ledger:
        asked = "model.party.party.search", [], 0, 1, None
        assert call(ledger, *asked, auth=("nobody", "")).status_code == 401
        wrong = [call(ledger, *asked, auth=(Tryton.login, "wrong")) for _ in range(3)]
        assert [answer.status_code for answer in wrong] == [401, 401, 429]
        assert "retry-after" not in wrong[2].headers
        assert call(ledger, *asked, auth=(Tryton.login, Tryton.password)).status_code == 429
        assert ledger.find("party.party") != []


def test_a_session_is_an_alternative_to_the_password_in_each_call(ledger: Tryton) -> None:
    login = {"id": 1, "method": "common.db.login", "params": [Tryton.login, {"password": Tryton.password}, "fr"]}
    user, session, *_ = result(httpx.post(f"{ledger.url}rpc/", json=login))
    token = base64.b64encode(f"{Tryton.login}:{user}:{session}".encode()).decode()
    asked = {"id": 2, "method": "model.party.party.search", "params": [[], 0, 1, None, EVERYONE_IN]}

    known = httpx.post(f"{ledger.url}rpc/", json=asked, headers={"Authorization": f"Session {token}"})
    forged = httpx.post(f"{ledger.url}rpc/", json=asked, headers={"Authorization": f"Session {token[:-8]}"})

    assert len(result(known)) == 1
    assert forged.status_code == 401


def test_the_line_goes_wrong_on_order_and_remembers(ledger: Tryton) -> None:
    def create(name: str) -> httpx.Response:
        return call(ledger, "model.party.party.create", [{"name": name}])

    def known(name: str) -> int:
        return len(ledger.find("party.party", ["name", "=", name]))

    ledger.line.next(RESET)
    with pytest.raises(httpx.ReadError):
        create("Perdue à l’aller")
    ledger.line.next(SWALLOW, path="party.party.create")
    assert ledger.find("party.party", ["name", "=", "Perdue au retour"]) == []
    with pytest.raises(httpx.ReadError):
        create("Perdue au retour")
    ledger.line.next(busy(seconds=7))
    ledger.line.next(broken(502))
    assert (create("Occupée").headers["retry-after"], create("Brisée").status_code) == ("7", 502)
    ledger.line.next(HANG)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{ledger.url}rpc/", json={}, timeout=httpx.Timeout(20, read=0.2))
    ledger.line.cut()
    with pytest.raises(httpx.ConnectError):
        create("Coupée")
    ledger.line.mend()
    assert create("Enfin").status_code == 200

    names = ("Perdue à l’aller", "Perdue au retour", "Occupée", "Brisée", "Coupée", "Enfin")
    assert [known(name) for name in names] == [0, 1, 0, 0, 0, 1]
    assert [each.status for each in ledger.line.heard] == [0, 0, 429, 502, 0, 200]


def test_people_of_the_municipality_are_refused_aloud(ledger: Tryton) -> None:
    with pytest.raises(Refused, match="UserError"):
        ledger.post(99999)


def test_what_changed_is_found_by_its_date_but_a_note_is_no_change(ledger: Tryton, work: int) -> None:
    def changed() -> list[int]:
        where = [["id", "=", work], ["write_date", "!=", None]]
        return list(result(call(ledger, "model.project.work.search", where, 0, None, None)))

    assert changed() == []
    about = {"message": "Demain", "resource": f"project.work,{work}"}
    ledger.ask("model.ir.note.create", [about], as_="crew")
    assert changed() == []
    ledger.finish(work)
    assert changed() == [work]


def test_notes_are_searched_by_naming_their_records_and_changes_are_ordered_by_their_moment(
    ledger: Tryton, work: int
) -> None:
    about = {"message": "Demain", "resource": f"project.work,{work}"}
    ledger.ask("model.ir.note.create", [about], as_="crew")
    everywhere = call(ledger, "model.ir.note.search_read", [], 0, None, None, ["message"])
    assert everywhere.json()["error"][0] == "UserError"
    beside = call(
        ledger, "model.ir.note.search_read", [["resource", "in", [about["resource"]]]], 0, None, None, ["message"]
    )
    assert [each["message"] for each in result(beside)] == ["Demain"]
    order = [["last_modified_at", "DESC"]]
    assert result(call(ledger, "model.project.work.search", [["last_modified_at", "!=", None]], 0, 1, order)) == [work]


def test_a_posted_invoice_is_credited_and_its_credit_note_is_not_ours(ledger: Tryton, invoice: int) -> None:
    assert result(call(ledger, "model.account.invoice.post", [invoice])) is None
    assert call(ledger, "model.account.invoice.cancel", [invoice]).json()["error"][0] == "UserError"
    around = {"active_model": "account.invoice", "active_id": invoice, "active_ids": [invoice]}
    wizard = result(call(ledger, "wizard.account.invoice.credit.create"))[0]
    wanted = {"start": {"with_refund": True, "with_refund_allowed": True, "invoice_date": None}}
    result(call(ledger, "wizard.account.invoice.credit.execute", wizard, wanted, "credit", **around))
    assert ledger.invoice(invoice)["state"] == "cancelled"
    newest = ledger.find("account.invoice", fields=("reference", "total_amount"))[-1]
    assert (newest["reference"], newest["total_amount"]) == (None, Decimal("-75.00"))
