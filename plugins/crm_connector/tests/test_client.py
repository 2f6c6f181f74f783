"""Dataverse’s Web API as the client reads it: what is asked for, and what each refusal means."""

import httpx
import pytest

from parvis_crm_connector.client import NoSuchRecord, NotAllowed, RecordConflict, by_key, moment_of
from parvis_sdk.connectors import UNLOGGED
from parvis_sdk.errors import Later, Refused

CASES = "/api/data/v9.2/incidents"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            {"status": 400, "json": {"error": {"message": "The property 'x' does not exist."}}},
            Refused,
            "does not exist",
        ),
        ({"status": 403, "json": {"error": {"message": "missing prvWriteIncident"}}}, NotAllowed, "prvWriteIncident"),
        ({"status": 404, "json": {"error": {"message": "no such"}}}, NoSuchRecord, "no such"),
        ({"status": 412, "json": {"error": {"message": "changed"}}}, RecordConflict, "somebody else"),
        ({"status": 302, "headers": {"location": "https://elsewhere"}}, Later, "redirects to another address"),
        ({"status": 500, "text": "<h1>Server Error</h1>"}, Later, "HTTP 500"),
        ({"status": 200, "text": "<p>Connexion"}, Later, "cannot be read"),
        ({"status": 200, "json": {"error": {"message": "Something went wrong."}}}, Later, "went wrong"),
        ({"status": 200, "json": [None]}, Later, "without doing"),
        ({"error": httpx.ReadError("reset")}, Later, "cannot be reached"),
        ({"error": httpx.ReadTimeout("hangs")}, Later, "in time"),
    ],
)
async def test_what_each_answer_to_a_change_means(crm, exchange, answer, kind, words):
    exchange.answer("PATCH", f"{CASES}(7)", **answer)
    with pytest.raises(kind, match=words) as caught:
        await crm.put("incidents(7)", {"title": "x"}, 'W/"1"')
    assert type(caught.value) is kind
    assert exchange.requests[-1].headers["if-match"] == 'W/"1"'


async def test_what_is_made_under_a_key_is_made_once(crm, exchange):
    exchange.answer("PATCH", f"{CASES}(7)", status=204)
    exchange.answer("PATCH", f"{CASES}(7)", status=412, json={"error": {"message": "exists"}})
    assert await crm.make("incidents(7)", {"title": "x"})
    assert not await crm.make("incidents(7)", {"title": "x"})
    assert exchange.requests[-1].headers["if-none-match"] == "*"


def test_a_key_may_hold_any_words():
    assert by_key("incidents", "new_ref", "l'été/1 ?#") == "incidents(new_ref='l%27%27%C3%A9t%C3%A9%2F1%20%3F%23')"


async def test_pages_are_followed_and_never_elsewhere(crm, exchange):
    more = "https://crm.example/api/data/v9.2/incidents?$skiptoken=2"
    exchange.answer("GET", CASES, json={"value": [{"id": 1}], "@odata.nextLink": more})
    exchange.answer("GET", CASES, json={"value": [{"id": 2}]})
    assert await crm.every("incidents", select="id") == [{"id": 1}, {"id": 2}]
    exchange.answer("GET", CASES, json={"value": [], "@odata.nextLink": "https://evil.example/incidents"})
    with pytest.raises(Refused, match="its next page is elsewhere"):
        await crm.every("incidents", select="id")
    assert exchange.unplayed() == ()


async def test_what_is_read_and_written_of_people_is_left_out_of_the_log(crm, exchange):
    exchange.answer("GET", "/api/data/v9.2/contacts", json={"value": []})
    exchange.answer("PATCH", "/api/data/v9.2/contacts(1)", status=204, times=2)
    exchange.answer("PATCH", f"{CASES}(1)", status=204)
    await crm.every("contacts", filter="emailaddress1 eq 'zoe@exemple.ca'")
    await crm.put("contacts(1)", {"lastname": "Côté"})
    await crm.make("contacts(1)", {"lastname": "Côté"})
    await crm.put("incidents(1)", {"title": "x"})
    silent = [UNLOGGED.items() <= asked.extensions.items() for asked in exchange.requests if asked.method != "POST"]
    assert silent == [True, True, True, False]


async def test_an_answer_that_is_no_list_is_for_later(crm, exchange):
    exchange.answer("GET", CASES, json={"value": "soon"})
    with pytest.raises(Later, match="no list"):
        await crm.page("incidents", select="id")


async def test_it_must_say_who_we_are(crm, exchange):
    exchange.answer("GET", "/api/data/v9.2/WhoAmI", json={})
    with pytest.raises(Later, match="our identity"):
        await crm.who_am_i()


@pytest.mark.parametrize("said", [None, "", "soon", 7])
def test_a_time_that_is_none_is_none(said):
    assert moment_of({"modifiedon": said}, "modifiedon") is None
