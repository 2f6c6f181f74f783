"""Whose a place is, over HTTP: the same answer as at the pin; and the town's things by their codes."""

import pytest
from msgspec import structs

from parvis.jurisdictions.owners import Owner
from parvis_sdk.text import Text
from parvis_testing.api import HERE, ZOE

MINISTRY = Owner(
    code="ministry",
    name=Text(fr="Ministère des Transports", en="Ministry of Transport"),
    link="https://ministere.example/",
    phone="511",
)


@pytest.fixture
def request_type(api):
    """The declaration of holes, which may point at things of the town until the end of the test."""
    request_type = api.host.plugins.request_type("hole")
    before = request_type.place
    structs.force_setattr(request_type, "place", structs.replace(before, assets="equipment", most_assets=2))
    yield request_type
    structs.force_setattr(request_type, "place", before)


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Cet endroit relève de Ministère"), ("en", "The body in charge of this place is Ministry")],
)
async def test_the_place_of_somebody_else_is_answered_with_whom_to_turn_to(api, monkeypatch, language, said):
    monkeypatch.setattr("parvis.requests.places.owner_of", lambda *where: MINISTRY)
    body = {"type": "hole", "answers": {"danger": False, "words": "Gros trou"}, "place": HERE, "requester": ZOE}
    answer = await api.post("/requests", body, {"accept-language": language})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["path"], error["code"]) == ("place", "not_ours")
    assert error["message"].replace("\u00a0", " ").startswith(said)
    assert error["message"].endswith("https://ministere.example/ 511")


async def test_what_the_town_passes_on_is_taken(api, monkeypatch):
    passing = structs.replace(MINISTRY, passed_on=True)
    monkeypatch.setattr("parvis.requests.places.owner_of", lambda *where: passing)
    assert (await api.file()).status_code == 201


async def test_things_are_named_by_their_codes_and_give_the_place(api, request_type):
    schema = (await api.get("/request-types/hole")).json()["place_schema"]
    assert schema["properties"]["assets"]["maxItems"] == 2
    filed = (await api.file(place={"assets": ["081-0010"]})).json()
    shown = (await api.get(f"/requests/{filed['reference']}?key={filed['key']}")).json()
    assert shown["place"]["assets"] == ["081-0010"]
    assert shown["place"]["address"] == "Tennis (081-0010)"
    assert shown["place"]["lon"]


@pytest.mark.parametrize("codes", [["gone"], ["081-0010", "016-0011", "018-0018"], [None], "081-0010,016-0011"])
async def test_things_that_are_none_or_too_many_are_refused(api, request_type, codes):
    answer = await api.file(place={"assets": codes})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "place"
