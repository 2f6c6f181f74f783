"""What clients of others read: discovery, services, definitions, requests, updates, in XML and JSON."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_open311.answers import answer_of
from parvis_open311.markup import Many, as_json, written
from parvis_open311.shown import value_of
from parvis_sdk.fields import Money
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

FORM = {"content-type": "application/x-www-form-urlencoded"}


def of_xml(element):
    """What an element of XML is in JSON, by the Spark convention."""
    children = list(element)
    if not children:
        return element.text
    if element.tag in ("services", "service_requests", "errors", "attributes", "values", "endpoints", "formats"):
        return [of_xml(each) for each in children]
    return {each.tag: of_xml(each) for each in children}


def told(value):
    """The same with every plain value as words, as XML has no others."""
    if isinstance(value, list):
        return [told(each) for each in value]
    if isinstance(value, dict):
        return {name: told(each) for name, each in value.items()}
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


async def test_discovery_names_the_endpoint_of_the_town(client):
    for path in ("/open311/discovery.json", "/open311/v2/discovery.json"):
        found = (await client.http.get(path)).json()
        assert found["contact"]
        assert found["key_service"]
        [endpoint] = found["endpoints"]
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["url"] == "http://127.0.0.1:8000/open311/v2"
        assert (endpoint["type"], endpoint["formats"]) == ("production", ["text/xml", "application/json"])


@pytest.mark.parametrize("path", ["discovery", "services", "services/hole", "requests"])
async def test_xml_and_json_say_the_same(client, path):
    await client.hole()
    in_xml, in_json = await client.get(f"{path}.xml"), await client.get(f"{path}.json")
    assert in_xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert in_json.headers["content-type"] == "application/json; charset=utf-8"
    assert in_xml.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert of_xml(ET.fromstring(in_xml.content)) == told(in_json.json())  # noqa: S314 - ours


async def test_services_are_those_that_can_be_asked(client):
    services = {each["service_code"]: each for each in (await client.get("services.json")).json()}
    assert set(services["hole"]) == {
        *("service_code", "service_name", "description", "metadata", "type", "keywords", "group"),
    }
    assert (services["hole"]["service_name"], services["hole"]["type"]) == ("Trou", "realtime")
    english = {each["service_code"]: each for each in (await client.get("services.json", locale="en")).json()}
    assert english["hole"]["service_name"] == "Hole"


async def test_a_definition_has_the_questions_with_their_values(client):
    found = (await client.get("services/hole.json")).json()
    attributes = {each["code"]: each for each in found["attributes"]}
    danger = attributes["danger"]
    assert (danger["datatype"], danger["required"], danger["variable"]) == ("singlevaluelist", True, True)
    assert [each["key"] for each in danger["values"]] == ["yes", "no"]
    assert [each["order"] for each in found["attributes"]] == list(range(1, len(attributes) + 1))
    assert "words" not in attributes  # which `description` answers


async def test_a_request_has_every_element_and_nobody(client):
    reference = (await client.hole(first_name="Zoé", last_name="Côté", email="zoe@exemple.ca")).json()[0][
        "service_request_id"
    ]
    answer = await client.get(f"requests/{reference}.json")
    [request] = answer.json()
    assert list(request) == [
        *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
        *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
        *("address", "address_id", "zipcode", "lat", "long", "media_url"),
    ]
    assert (request["status"], request["service_code"]) == ("open", "hole")
    assert request["requested_datetime"].endswith(("-05:00", "-04:00"))
    assert not [secret for secret in ("Zoé", "Côté", "zoe@", "Gros trou") if secret in answer.text]
    whole = (await client.get(f"requests/{reference}.json", extensions="true")).json()[0]
    assert whole["extended_attributes"] == {"detailed_status": "received", "phase": "received"}
    assert {"code": "danger", "value": False} in whole["attributes"]
    assert [each["type"] for each in whole["notes"]] == ["submitted"]


async def test_a_list_is_narrowed(client):
    first, second = [(await client.hole(description=each)).json()[0]["service_request_id"] for each in ("Un", "Deux")]

    async def found(**asked):
        return [each["service_request_id"] for each in (await client.get("requests.json", **asked)).json()]

    assert await found() == [second, first]
    assert await found(page_size=1) == [second]
    assert await found(page_size=1, page=2) == [first]
    assert await found(service_code="hole", status="open") == [second, first]
    assert await found(status="closed") == await found(service_code="nothing") == []
    assert await found(status="open,closed") == [second, first]
    assert await found(service_request_id=f"{first},NOTHING", status="closed") == [first]
    assert await found(start_date="2020-01-01T00:00:00Z", end_date="2020-01-02T00:00:00Z") == []
    assert await found(start_date="") == [second, first]
    assert await found(updated_after="2020-01-01T00:00:00 00:00") == [second, first]


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "opened"},
        {"start_date": "yesterday"},
        {"start_date": "2026-02-30T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00"},
        {"end_date": "9999-12-31T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-12-01T00:00:00Z"},
        {"page_size": "0"},
        {"page": "1e9"},
    ],
)
async def test_a_list_asked_for_in_a_wrong_way_says_so(client, asked):
    answer = await client.get("requests.xml", **asked)
    assert answer.status_code == 400
    error = ET.fromstring(answer.content).find("error")  # noqa: S314 - ours
    assert error.find("code").text == "400"
    assert next(iter(asked)).partition("_")[0] in error.find("description").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/nothing.json", 404),
        ("requests/AAAA-AAAA-A.json", 404),
        ("tokens/1.json", 404),
        ("nothing.json", 404),
    ],
)
async def test_what_is_not_there_is_said_in_the_format(client, path, status):
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == status
    in_xml = await client.get(path.replace(".json", ".xml"))
    assert ET.fromstring(in_xml.content).tag == "errors"  # noqa: S314 - ours


async def test_an_address_without_a_format_is_nothing_in_xml(client):
    answer = await client.get("services")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/xml; charset=utf-8")


async def test_a_wrong_method_names_the_right_ones(client):
    answer = await client.http.put("/open311/v2/requests.json")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, HEAD")
    assert answer.json()[0]["code"] == 405


async def test_the_town_is_known_by_its_code_and_several_must_be_named(client):
    assert (await client.get("services.json", jurisdiction_id="parvis")).status_code == 200
    assert (await client.get("services.json", jurisdiction_id="elsewhere")).status_code == 404


async def test_reading_is_open_to_pages_of_others_and_writing_is_not(client):
    assert (await client.get("requests.json")).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await client.hole()).headers


async def test_updates_are_the_public_history(client):
    reference = (await client.hole()).json()[0]["service_request_id"]
    [update] = (await client.get("servicerequestupdates.json")).json()
    assert (update["update_id"], update["status"]) == (f"{reference}-1", "OPEN")
    assert (await client.get("servicerequestupdates.json", end_date="2020-01-01T00:00:00Z")).json() == []


def test_what_xml_cannot_carry_does_not_break_it():
    content = written("errors", Many("error", ({"description": "a\x00b\ufffe"},)), "xml")
    assert ET.fromstring(content)[0][0].text == "a\ufffdb\ufffd"  # noqa: S314 - ours
    assert as_json({"none": Many("one", ())}) == {"none": []}


@given(cents=st.integers(0, 10**11))
def test_an_amount_is_shown_as_it_is_posted(cents):
    field = Money(code="amount", label=Text(fr="Montant"))
    form = Form(sections=(Section(code="what", title=Text(fr="Quoi"), fields=(field,)),))
    posted = answer_of(field, (value_of(field, cents),))
    assert form.read({"amount": posted}).answers == {"amount": cents}
