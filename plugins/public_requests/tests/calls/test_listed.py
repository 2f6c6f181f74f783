"""What the API lists publicly: the public text and no other, for every caller."""

import pytest

from parvis.requests.lists.public_list import public_list


async def test_a_search_without_a_token_finds_public_words_only(api):
    reference = (await api.filed(answers={"danger": True, "words": "Chez Léo"}))["reference"]
    assert (await api.get("/requests", q="leo")).json()["total"] == 0
    assert (await api.get("/requests", q=reference)).json()["total"] == 1
    assert (await api.get("/requests", await api.token("requests:read"), q="leo")).json()["total"] == 1


async def test_the_list_is_followed_by_cursor_without_a_token(api):
    references = [(await api.filed())["reference"] for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = (await api.get("/requests", limit=2, cursor=cursor)).json()
        seen += [each["reference"] for each in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert seen == references


@pytest.mark.parametrize("params", [{"limit": 0}, {"cursor": "zzz"}, {"status": "valid"}])
async def test_a_list_asked_for_in_a_wrong_way_says_so(api, params):
    paths = ("/requests", "/requests.geojson") if "limit" not in params else ("/requests",)
    for path in paths:
        answer = await api.get(path, **params)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), path
        assert answer.json()["detail"]


async def test_features_are_the_same_for_a_token_of_another_unit_or_town_as_for_anybody(api):
    """What is public is on everybody’s map, and a token shows nothing more there."""
    reference = (await api.filed(answers={"danger": True, "words": "Chez Léo"}))["reference"]
    anybody = await api.get("/requests.geojson")
    assert [each["id"] for each in anybody.json()["features"]] == [reference]
    assert not [secret for secret in ("Zoé", "zoe@exemple.ca", "Léo") if secret in anybody.text]
    assert (await api.get("/requests.geojson", await api.token("requests:read", unit="snow"))).text == anybody.text
    elsewhere = await api.get("/requests.geojson", await api.token("requests:read", jurisdiction="rivemont"))
    assert elsewhere.json()["features"] == []


async def test_a_token_that_is_for_something_else_lists_what_anybody_may_read(api):
    reference = (await api.filed())["reference"]
    listed = await api.get("/requests", await api.token("contacts:reveal"))
    assert [each["reference"] for each in listed.json()["items"]] == [reference]
    assert "unit" not in listed.json()["items"][0]


async def test_the_town_lists_its_requests(api):
    assert public_list(api.host, api.host.jurisdictions.jurisdiction("parvis")).steps == (":list",)
