"""Corners of OData: pages, batches, concurrency, tokens, and answers that are none."""

import msgspec
import pytest
from msgspec import structs

from parvis_erp_connector.business_central import BusinessCentral
from parvis_erp_connector.port import Order, Person, Stale, Work
from parvis_erp_connector.settings import System
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import Later, Refused
from parvis_sdk.oauth import ClientCredentials, SignInRefused
from parvis_sdk.testing.desk import MORNING

SYSTEM = System(
    kind="business_central",
    address="https://bc.example/api/v2.0",
    login="parvis",
    company="c1",
    token_address="https://login.example/token",
)
HERE = "/api/v2.0/companies(c1)/"
WORK = Work(to="serviceOrders", key="externalDocumentNumber", columns={"description": "type_title"}, read="status")
ORDER = Order(id="o1", number="SO1", key="", state="Pending", version='W/"1"', changed_at=MORNING)
ROW = {
    "id": "o1",
    "number": "SO1",
    "externalDocumentNumber": "7K3M-9QXT-4",
    "status": "Pending",
    "@odata.etag": 'W/"1"',
}
METADATA = """<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="serviceOrder"><Property Name="description" Type="Edm.String" MaxLength="100"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="serviceOrders" EntityType="Microsoft.NAV.serviceOrder"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


@pytest.fixture
async def erp(exchange):
    exchange.answer("POST", "/token", json={"access_token": "t1", "expires_in": 3600})
    access = ClientCredentials(SYSTEM.token_address, SYSTEM.login, lambda: "asphalte", SYSTEM.scope)
    async with exchange.client() as http:
        yield BusinessCentral(SYSTEM, access, Connection(http=http, now=MORNING))


async def test_pages_are_followed_to_the_last(exchange, erp):
    after = f"https://bc.example{HERE}serviceOrders?$skiptoken=2"
    exchange.answer("GET", f"{HERE}serviceOrders", json={"value": [ROW], "@odata.nextLink": after})
    second = ROW | {"id": "o2", "externalDocumentNumber": "7K3M-9QXT-4/2"}
    exchange.answer("GET", f"{HERE}serviceOrders", json={"value": [ROW | {"id": "o3"}, second]})
    assert [each.id for each in await erp.orders(WORK, "7K3M-9QXT-4")] == ["o1", "o3"]


async def test_a_page_that_leads_elsewhere_is_not_followed_with_our_token(exchange, erp):
    elsewhere = "https://evil.example/api/v2.0/serviceOrders"
    exchange.answer("GET", f"{HERE}serviceOrders", json={"value": [], "@odata.nextLink": elsewhere})
    with pytest.raises(Refused, match="leads to another system"):
        await erp.orders(WORK, "7K3M-9QXT-4")


@pytest.mark.parametrize("status", [409, 412])
async def test_whoever_is_too_late_is_told_apart_from_whoever_is_refused(exchange, erp, status):
    exchange.answer(
        "PATCH", f"{HERE}serviceOrders(o1)", status=status, json={"error": {"code": "Request_EntityChanged"}}
    )
    with pytest.raises(Stale):
        await erp.change_order(WORK, ORDER, {"description": "Trou"})
    assert exchange.requests[-1].headers["if-match"] == 'W/"1"'


@pytest.mark.parametrize(
    ("answer", "raised", "words"),
    [
        ({"status": 400, "json": {"error": {"code": "BadRequest", "message": "Non"}}}, Refused, "BadRequest Non"),
        (
            {"status": 403, "json": {"error": {"code": "X", "message": "Droits"}}},
            SignInRefused,
            "is not allowed to do this",
        ),
        ({"status": 429, "headers": {"retry-after": "9"}}, Later, "HTTP 429"),
        ({"status": 504}, Later, "HTTP 504"),
        ({"text": "<h1>Connexion</h1>"}, Later, "`address`"),
        ({"json": {"error": {"code": "Internal", "message": "Oups"}}}, Later, "Internal Oups"),
        ({"json": {"id": "o1"}}, Later, "not a list"),
        ({"json": {"value": [{"number": "SO1"}]}}, Later, "not a list"),
        ({"json": {"value": [None]}}, Later, "not a list"),
    ],
)
async def test_an_answer_that_is_none_is_said_in_words(exchange, erp, answer, raised, words):
    exchange.answer("GET", f"{HERE}serviceOrders", **answer)
    with pytest.raises(raised, match=words):
        await erp.orders(WORK, "7K3M-9QXT-4")


async def test_the_files_of_many_orders_are_asked_for_in_batches_and_read_on_where_they_were_cut(exchange, erp):
    def file(name, parent):
        return {"id": name, "parentId": parent, "fileName": f"{name}.jpg"}

    orders = [structs.replace(ORDER, id=f"o{number}") for number in range(60)]
    answers = [
        {"id": str(number), "status": 200, "body": {"value": [file(f"f{number}", f"o{number}")]}}
        for number in range(48)
    ]
    answers.append({"id": "48", "status": 200, "body": {"value": [], "@odata.nextLink": "https://bc.example/x"}})
    exchange.answer("POST", "/api/v2.0/$batch", json={"responses": answers})  # the one of number 49 is missing
    for number in (48, 49):
        exchange.answer("GET", f"{HERE}documentAttachments", json={"value": [file(f"f{number}", f"o{number}")]})
    ours = {"id": "0", "status": 200, "body": {"value": [file("parvis-x", "o50")]}}
    rest = [{"id": str(number), "status": 200, "body": {"value": []}} for number in range(1, 10)]
    exchange.answer("POST", "/api/v2.0/$batch", json={"responses": [ours, *rest]})
    found = await erp.proofs(WORK, orders)
    assert [each.id for each in found] == [f"f{number}" for number in range(50)]
    asked = msgspec.json.decode(exchange.requests[1].content)["requests"]
    assert (len(asked), asked[3]["url"]) == (50, "companies(c1)/documentAttachments?$filter=parentId%20eq%20o3")


async def test_amounts_go_and_come_as_they_are_written(exchange, erp):
    exchange.answer(
        "GET", f"{HERE}salesInvoices", text='{"value": [{"id": "i", "totalAmountIncludingTax": 0.1000000000000000055}]}'
    )
    [invoice] = await erp.invoices("aa")
    assert str(invoice.total) == "0.1000000000000000055"


async def test_columns_are_described_by_the_metadata(exchange, erp):
    exchange.answer("GET", "/api/v2.0/$metadata", text=METADATA)
    described = await erp.described("serviceOrders")
    assert {name: (each.kind, each.most) for name, each in described.items()} == {"description": ("Edm.String", 100)}


async def test_a_quote_in_an_address_is_written_twice(exchange, erp):
    exchange.answer("GET", f"{HERE}customers", json={"value": []})
    await erp.parties(Person(name="D'Arcy", email="d'arcy@exemple.ca"))
    assert "email eq 'd''arcy@exemple.ca'" in exchange.requests[-1].url.params["$filter"]
