"""What our connectors are told about Business Central and Dataverse, asked of what we serve in their place."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from .line import SWALLOW, busy, polite_error, rubbish
from .odata import BusinessCentral, Dataverse, Service, business_central, dataverse

REPRESENTED = {"Prefer": "return=representation"}
JPEG = b"\xff\xd8\xff\xe0 apres"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def erp() -> Iterator[BusinessCentral]:
    with business_central() as erp:
        yield erp


@pytest.fixture(scope="module")
def crm() -> Iterator[Dataverse]:
    with dataverse(page_size=3) as crm:
        yield crm


def token(service: Service, **other: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": service.client_id,
        "client_secret": service.client_secret,
        "scope": service.scope,
    }
    return httpx.post(service.token_url, data=form | other)


def caller(service: Service, base: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token(service).json()['access_token']}"}
    with httpx.Client(base_url=base, headers=headers, timeout=5) as caller:
        yield caller
    service.line.heal()
    service.line.heard.clear()


@pytest.fixture
def ours(erp: BusinessCentral) -> Iterator[httpx.Client]:
    yield from caller(erp, f"{erp.url}companies({erp.company})/")


@pytest.fixture
def cases(crm: Dataverse) -> Iterator[httpx.Client]:
    yield from caller(crm, crm.url)


def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


def draft(ours: httpx.Client, **more: Any) -> dict[str, Any]:
    customer = made(ours.post("customers", json={"displayName": "Marie Tremblay", "email": "marie@example.org"}))
    return made(
        ours.post("salesInvoices", json={"customerId": customer["id"], "externalDocumentNumber": "2026-000123"} | more)
    )


def entity(answer: httpx.Response) -> str:
    """The key that Dataverse gives to a new record, of which it says nothing else."""
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")


def a_case(cases: httpx.Client, **more: Any) -> str:
    contact = entity(cases.post("contacts", json={"firstname": "Marie", "lastname": "Tremblay"}))
    wanted = {"title": "Nid-de-poule", "customerid_contact@odata.bind": f"/contacts({contact})"}
    return entity(cases.post("incidents", json=wanted | more))


class TestSigningIn:
    def test_a_token_is_given_for_the_right_secret_only(self, erp: BusinessCentral) -> None:
        given = token(erp).json()
        assert (given["token_type"], given["expires_in"]) == ("Bearer", 3599)
        assert token(erp, client_secret="wrong").status_code == 401
        wrong = {"client_id": "x", "grant_type": "password", "scope": "openid"}
        assert [token(erp, **{name: value}).json()["error"] for name, value in wrong.items()] == [
            *("unauthorized_client", "unsupported_grant_type", "invalid_scope")
        ]

    def test_a_token_that_ended_is_refused_and_a_new_one_is_not(
        self, erp: BusinessCentral, ours: httpx.Client, cases: httpx.Client, crm: Dataverse
    ) -> None:
        assert ours.get("customers").status_code == 200
        erp.expire_tokens()
        crm.expire_tokens()

        refused(ours.get("customers"), 401, "Authentication_InvalidCredentials")
        assert (cases.get("contacts").status_code, cases.get("contacts").content) == (401, b"")
        ours.headers["Authorization"] = f"Bearer {token(erp).json()['access_token']}"
        assert ours.get("customers").status_code == 200

    def test_a_token_ends_by_itself(self) -> None:
        with business_central(token_seconds=0) as erp:
            given = token(erp).json()
            headers = {"Authorization": f"Bearer {given['access_token']}"}
            assert given["expires_in"] == 0
            assert httpx.get(f"{erp.url}companies", headers=headers).status_code == 401


class TestBusinessCentral:
    def test_a_record_has_a_key_and_a_number_from_the_system(self, ours: httpx.Client) -> None:
        customer = made(ours.post("customers", json={"displayName": "Marie Tremblay"}))

        assert len(customer["id"]) == 36
        assert customer["number"].startswith("C000")
        assert customer["@odata.etag"].startswith('W/"')

    def test_an_invoice_is_made_with_its_lines_and_counts_together(
        self, erp: BusinessCentral, ours: httpx.Client
    ) -> None:
        line = {"lineType": "Account", "lineObjectNumber": "4100", "description": "Permis", "unitPrice": 75}
        invoice = draft(ours, salesInvoiceLines=[line])
        added = made(ours.post(f"salesInvoices({invoice['id']})/salesInvoiceLines", json=line | {"quantity": 2}))

        assert added["documentId"] == invoice["id"]
        now = ours.get(f"salesInvoices({invoice['id']})?$expand=salesInvoiceLines").json()
        assert (now["status"], now["totalAmountIncludingTax"], now["customerName"]) == ("Draft", 225, "Marie Tremblay")
        assert [line["amountIncludingTax"] for line in now["salesInvoiceLines"]] == [75, 150]

        number = erp.post(invoice["id"])

        opened = erp.read("salesInvoices", invoice["id"])
        assert (opened["status"], opened["remainingAmount"], opened["number"]) == ("Open", 225, number)
        assert number != invoice["number"]
        late = ours.post(f"salesInvoices({invoice['id']})/salesInvoiceLines", json=line)
        refused(late, 400, "Application_DialogException")
        erp.pay(invoice["id"], remaining="100.00")
        assert erp.read("salesInvoices", invoice["id"])["status"] == "Open"
        erp.pay(invoice["id"])
        paid = erp.find("salesInvoices", "externalDocumentNumber eq '2026-000123' and status eq 'Paid'")
        assert [(one["id"], one["remainingAmount"]) for one in paid] == [(invoice["id"], 0)]

    def test_a_caller_may_post_an_invoice_too(self, ours: httpx.Client) -> None:
        invoice = draft(ours)
        empty = ours.post(f"salesInvoices({invoice['id']})/Microsoft.NAV.post")
        refused(empty, 400, "Application_DialogException")
        made(ours.post(f"salesInvoices({invoice['id']})/salesInvoiceLines", json={"unitPrice": 10}))

        assert ours.post(f"salesInvoices({invoice['id']})/Microsoft.NAV.post").status_code == 204
        assert ours.get(f"salesInvoices({invoice['id']})").json()["status"] == "Open"

    def test_an_invoice_that_was_sent_out_is_cancelled_as_long_as_nothing_of_it_is_paid(
        self, erp: BusinessCentral, ours: httpx.Client
    ) -> None:
        line = {"lineType": "Account", "lineObjectNumber": "4100", "description": "Permis", "unitPrice": 75}
        invoice, other = draft(ours, salesInvoiceLines=[line]), draft(ours, salesInvoiceLines=[line])
        refused(ours.post(f"salesInvoices({other['id']})/Microsoft.NAV.cancel"), 400, "Application_DialogException")
        for each in (invoice, other):
            erp.post(each["id"])
        erp.pay(other["id"], remaining="10.00")

        path, seen = f"salesInvoices({invoice['id']})/Microsoft.NAV.cancel", {"If-Match": invoice["@odata.etag"]}
        refused(ours.post(path, headers=seen), 409, "Request_EntityChanged")
        assert ours.post(path).status_code == 204

        assert erp.read("salesInvoices", invoice["id"])["status"] == "Canceled"
        refused(ours.post(f"salesInvoices({other['id']})/Microsoft.NAV.cancel"), 400, "Application_DialogException")

    def test_a_change_names_the_etag_it_was_made_from(self, erp: BusinessCentral, ours: httpx.Client) -> None:
        customer = made(ours.post("customers", json={"displayName": "Marie Tremblay"}))
        path, seen = f"customers({customer['id']})", {"If-Match": customer["@odata.etag"]}

        refused(ours.patch(path, json={"city": "Parvis"}), 400, "BadRequest_InvalidToken")
        changed = ours.patch(path, json={"city": "Parvis"}, headers=seen)
        assert (changed.status_code, changed.json()["city"]) == (200, "Parvis")
        refused(ours.patch(path, json={"city": "Rivemont"}, headers=seen), 409, "Request_EntityChanged")
        erp.change("customers", customer["id"], city="Ailleurs")
        after = {"If-Match": changed.json()["@odata.etag"]}
        refused(ours.patch(path, json={"city": "Rivemont"}, headers=after), 409, "Request_EntityChanged")
        assert ours.patch(path, json={"city": "Rivemont"}, headers={"If-Match": "*"}).status_code == 200
        assert ours.get(path, headers={"If-None-Match": ours.get(path).headers["ETag"]}).status_code == 304
        assert (ours.delete(path).status_code, ours.get(path).status_code) == (204, 404)

    def test_what_is_not_known_or_not_ours_to_write_is_refused(self, ours: httpx.Client, erp: BusinessCentral) -> None:
        refused(ours.post("customers", json={"displayName": "Marie", "shoeSize": 38}), 400, "BadRequest")
        refused(ours.post("customers", json={"email": "m@example.org"}), 400, "BadRequest_RequiredParamNotProvided")
        refused(ours.post("customers", json={"displayName": "M", "balanceDue": 5}), 400, "BadRequest_InvalidOperation")
        refused(ours.post("salesInvoices", json={"customerId": NOBODY}), 400, "Internal_InvalidTableRelation")
        refused(ours.post("customers", content=b"{"), 400, "BadRequest")
        refused(ours.get("customers?$filter=shoeSize eq 38"), 400, "BadRequest")
        refused(ours.get("shoes"), 404, "BadRequest_ResourceNotFound")
        refused(ours.get(f"customers({NOBODY})"), 404, "Internal_RecordNotFound")
        refused(ours.patch(f"customers({NOBODY})", json={}, headers={"If-Match": "*"}), 404, "Internal_RecordNotFound")
        elsewhere = ours.get(f"{erp.url}companies({NOBODY})/customers")
        refused(elsewhere, 404, "Internal_CompanyNotFound")

    def test_the_crew_closes_a_work_order_with_cost_note_and_photo(
        self, erp: BusinessCentral, ours: httpx.Client
    ) -> None:
        wanted = {
            "description": "Nid-de-poule",
            "externalDocumentNumber": "2026-000124",
            "address": "12, rue des Érables",
            "latitude": 46.81,
            "longitude": -71.21,
        }
        order = made(ours.post("serviceOrders", json=wanted))
        assert (order["status"], order["latitude"]) == ("Pending", 46.81)
        before = made(ours.post("documentAttachments", json={"fileName": "avant.jpg", "parentId": order["id"]}))
        content = f"documentAttachments({before['id']})/attachmentContent"
        assert ours.patch(content, content=JPEG, headers={"If-Match": before["@odata.etag"]}).status_code == 204
        assert ours.get(content).content == JPEG

        erp.finish(order["id"], cost="129.00", note="Asphalte froid", photo=JPEG + b"!")

        done = ours.get(f"serviceOrders({order['id']})").json()
        assert (done["status"], done["actualCost"], done["note"]) == ("Finished", 129, "Asphalte froid")
        assert done["@odata.etag"] != order["@odata.etag"]
        photos = ours.get(f"documentAttachments?$filter=parentId eq {order['id']}").json()["value"]
        assert [(each["fileName"], each["byteSize"]) for each in photos] == [("avant.jpg", 10), ("apres.jpg", 11)]
        assert ours.get(f"documentAttachments({photos[1]['id']})/attachmentContent").content == JPEG + b"!"
        since = f"serviceOrders?$filter=lastModifiedDateTime ge {done['lastModifiedDateTime']} and status eq 'Finished'"
        assert [each["id"] for each in ours.get(since).json()["value"]] == [order["id"]]


class TestDataverse:
    def test_a_creation_says_only_the_key_unless_more_is_preferred(self, cases: httpx.Client) -> None:
        key = entity(cases.post("accounts", json={"name": "Dépanneur du coin"}))
        preferred = cases.post("accounts", json={"name": "Boulangerie"}, headers={"Prefer": "return=representation"})

        assert cases.get(f"accounts({key})").json()["name"] == "Dépanneur du coin"
        assert made(preferred)["accountid"] != key

    def test_a_lookup_is_written_by_bind_and_read_as_a_column(self, cases: httpx.Client) -> None:
        contact = entity(cases.post("contacts", json={"firstname": "Marie", "lastname": "Tremblay"}))
        wanted = {"title": "Nid-de-poule", "customerid_contact@odata.bind": f"/contacts({contact})"}

        case = cases.get(f"incidents({entity(cases.post('incidents', json=wanted))})").json()

        assert (case["_customerid_value"], case["statecode"]) == (contact, 0)
        assert case["ticketnumber"].startswith("CAS-0")
        refused(cases.post("incidents", json={"title": "Nid-de-poule"}), 400, "0x80048d19")
        refused(cases.post("incidents", json={"_customerid_value": contact}), 400, "0x80048d19")
        gone = {"customerid_contact@odata.bind": f"/contacts({NOBODY})"}
        refused(cases.post("incidents", json=wanted | gone), 404, "0x80040217")
        refused(cases.post("incidents", json=wanted | {"owner@odata.bind": "/users(1)"}), 400, "0x80048d19")
        refused(cases.post("incidents", json=wanted | {"shoe_size": 38}), 400, "0x80048d19")

    def test_a_change_makes_a_record_that_is_not_there_unless_that_is_forbidden(self, cases: httpx.Client) -> None:
        path, name = "accounts(6f1c2d3e-0000-4000-8000-000000000001)", {"name": "Dépanneur"}

        refused(cases.patch(path, json=name, headers={"If-Match": "*"}), 404, "0x80040217")
        assert cases.patch(path, json=name).status_code == 204
        assert cases.get(path).json()["name"] == "Dépanneur"
        refused(cases.patch(path, json=name, headers={"If-None-Match": "*"}), 412, "0x80040237")
        assert cases.patch(path, json={"name": "Boulangerie"}).status_code == 204
        assert cases.get(path).json()["name"] == "Boulangerie"

    def test_a_reference_of_ours_is_a_key_too_so_that_nothing_is_made_twice(
        self, cases: httpx.Client, crm: Dataverse
    ) -> None:
        contact = entity(cases.post("contacts", json={"lastname": "Tremblay", "new_parvisid": "p-7"}))
        wanted = {"title": "Nid-de-poule", "customerid_contact@odata.bind": "/contacts(new_parvisid='p-7')"}
        path = "incidents(new_parvisreference='2026-000125')"

        refused(cases.get(path), 404, "0x80040217")
        answers = [cases.patch(path, json=wanted | {"description": words}) for words in ("une", "deux")]

        assert [answer.status_code for answer in answers] == [204, 204]
        (case,) = crm.find("incidents", "new_parvisreference eq '2026-000125'")
        assert (case["description"], case["_customerid_value"]) == ("deux", contact)
        twice = cases.post("incidents", json=wanted | {"new_parvisreference": "2026-000125"})
        refused(twice, 412, "0x80040237")
        refused(cases.get("incidents(title='Nid-de-poule')"), 400, "0x80048d19")

    def test_whoever_names_an_old_etag_is_told_of_the_other_change(self, cases: httpx.Client, crm: Dataverse) -> None:
        key = a_case(cases)
        seen = {"If-Match": cases.get(f"incidents({key})").headers["ETag"]}

        crm.change("incidents", key, title="Trou")

        refused(cases.patch(f"incidents({key})", json={"title": "Bosse"}, headers=seen), 412, "0x80060882")
        assert cases.get(f"incidents({key})").json()["title"] == "Trou"

    def test_the_clerk_closes_a_case_and_it_is_closed_once(self, cases: httpx.Client, crm: Dataverse) -> None:
        key = a_case(cases)
        crm.note(key, "Nous y allons demain.")

        crm.resolve(key, "Réparé le jour même")

        closed = cases.get(f"incidents({key})").json()
        assert (closed["statecode"], closed["statuscode"]) == (1, 5)
        resolution = cases.get(f"incidentresolutions?$filter=_incidentid_value eq {key}").json()["value"]
        assert [one["subject"] for one in resolution] == ["Réparé le jour même"]
        notes = cases.get(f"annotations?$filter=_objectid_value eq {key}").json()["value"]
        assert [one["notetext"] for one in notes] == ["Nous y allons demain."]
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            crm.resolve(key, "Encore")

    def test_an_attachment_is_a_note_with_a_document(self, cases: httpx.Client) -> None:
        key = a_case(cases)
        wanted = {
            "objectid_incident@odata.bind": f"/incidents({key})",
            "subject": "Photo",
            "filename": "avant.jpg",
            "mimetype": "image/jpeg",
            "isdocument": True,
            "documentbody": "/9j/4A==",
        }

        note = entity(cases.post("annotations", json=wanted))

        assert cases.get(f"annotations({note})").json()["filesize"] == 4

    def test_pages_follow_each_other_over_the_line(self, cases: httpx.Client, crm: Dataverse) -> None:
        for number in range(5):
            cases.post("accounts", json={"name": f"Commerce {number}", "accountnumber": "suite"})
        found, url, sizes = [], f"{crm.url}accounts?$filter=accountnumber eq 'suite'&$count=true", []
        while url:
            page = cases.get(url, headers={"Prefer": "odata.maxpagesize=2"}).json()
            found += [each["name"] for each in page["value"]]
            sizes.append(len(page["value"]))
            url = page.get("@odata.nextLink", "")
            assert not url or url.startswith(crm.url)

        assert sizes == [2, 2, 1]
        assert found == [f"Commerce {number}" for number in range(5)]

    def test_a_batch_is_taken_or_left_as_a_whole(self, cases: httpx.Client, crm: Dataverse) -> None:
        def batch(*bodies: dict[str, Any]) -> list[int]:
            parts = [
                {
                    "id": str(number),
                    "atomicityGroup": "g",
                    "method": "POST",
                    "url": "accounts",
                    "headers": {"Content-Type": "application/json"},
                    "body": body,
                }
                for number, body in enumerate(bodies, 1)
            ]
            answer = cases.post("$batch", json={"requests": parts}, headers={"Accept": "application/json"})
            assert answer.status_code == 200, answer.text
            return [part["status"] for part in answer.json()["responses"]]

        good, bad = {"name": "Lot", "accountnumber": "lot"}, {"name": "Lot", "shoe_size": 38}
        assert 400 in batch(good, bad)
        assert crm.find("accounts", "accountnumber eq 'lot'") == []
        assert batch(good, good) == [204, 204]
        assert len(crm.find("accounts", "accountnumber eq 'lot'")) == 2

    def test_metadata_says_what_there_is(self, cases: httpx.Client) -> None:
        said = cases.get("$metadata")

        assert said.headers["content-type"].startswith("application/xml")
        assert 'EntityType Name="incident"' in said.text
        assert 'Property Name="new_parvisreference"' in said.text

    def test_the_line_goes_wrong_on_order(self, cases: httpx.Client, crm: Dataverse) -> None:
        wanted = {"name": "Retour perdu", "accountnumber": "ligne"}
        crm.line.next(SWALLOW, method="POST", path="/accounts")
        with pytest.raises(httpx.ReadError):
            cases.post("accounts", json=wanted)
        crm.line.next(busy(seconds=7))
        crm.line.next(rubbish())
        crm.line.next(polite_error(code="0x1", message="Non"))

        assert len(crm.find("accounts", "accountnumber eq 'ligne'")) == 1
        assert cases.get("accounts").headers["Retry-After"] == "7"
        assert cases.get("accounts").headers["Content-Type"] == "text/html"
        assert json.loads(cases.get("accounts").content) == {"error": {"code": "0x1", "message": "Non"}}
        assert cases.get("accounts").status_code == 200
        assert [(each.method, each.status) for each in crm.line.heard if "/accounts" in each.path] == [
            *(("POST", 0), ("GET", 429), ("GET", 200), ("GET", 200), ("GET", 200))
        ]


def test_dataverse_says_who_made_and_who_changed_a_record(cases: httpx.Client, crm: Dataverse) -> None:
    ourselves = cases.get("WhoAmI").json()["UserId"]
    contact = made(cases.post("contacts", json={"lastname": "Côté"}, headers=REPRESENTED))
    assert {contact["_createdby_value"], contact["_modifiedby_value"]} == {ourselves}
    crm.change("contacts", contact["contactid"], telephone1="418 555-0100")
    changed = cases.get(f"contacts({contact['contactid']})").json()
    assert (changed["_createdby_value"], changed["_modifiedby_value"] == ourselves) == (ourselves, False)
    note = crm.add("annotations", notetext="Bonjour")
    assert cases.get(f"annotations({note['annotationid']})").json()["_createdby_value"] != ourselves


def test_dataverse_finds_words_whatever_their_capitals(cases: httpx.Client) -> None:
    made(cases.post("contacts", json={"lastname": "Roy", "emailaddress1": "Lea@Exemple.CA"}, headers=REPRESENTED))
    found = cases.get("contacts", params={"$filter": "emailaddress1 eq 'lea@exemple.ca'", "$select": "lastname"})
    assert [each["lastname"] for each in found.json()["value"]] == ["Roy"]
