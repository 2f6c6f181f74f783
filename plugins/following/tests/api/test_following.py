"""What is already reported near a place, and the address of somebody who would follow it, by the API."""

import pytest


async def test_following_answers_the_same_whoever_follows_already(api):
    path = f"/requests/{(await api.filed())['reference']}/followers"
    answers = [await api.post(path, {"email": "voisin@exemple.ca"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert (await api.post(path, {"email": "nobody"})).status_code == 422


async def test_requests_near_a_place_are_found(api):
    near = (await api.filed(place={"lon": -73.58071, "lat": 45.52362}))["reference"]
    found = await api.get("/similar-requests", type="hole", lon=-73.5807, lat=45.5236)
    assert [each["reference"] for each in found.json()["items"]] == [near]
    assert (await api.get("/similar-requests", type="hole", lon=999, lat=45)).status_code == 422


async def test_a_token_of_another_unit_follows_as_anybody_does(api):
    path = f"/requests/{(await api.filed())['reference']}/followers"
    beside = await api.token("requests:read", "requests:write", unit="snow")
    assert (await api.post(path, {"email": "luc@exemple.ca"}, beside)).status_code == 202


async def test_a_misspelt_member_is_refused_by_its_name(api):
    path = f"/requests/{(await api.filed())['reference']}/followers"
    refused = await api.post(path, {"email": "a@exemple.ca", "mail": "x"})
    assert refused.status_code == 422
    assert await errors_of(refused) == [("mail", "unknown_member")]


async def errors_of(answer):
    return [(each["path"], each["code"]) for each in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("given", "missing"), [({}, "type"), ({"type": "hole"}, "lon"), ({"type": "hole", "lon": 1}, "lat")]
)
async def test_a_parameter_that_is_missing_is_named(api, given, missing):
    assert await errors_of(await api.get("/similar-requests", **given)) == [(missing, "required")]


@pytest.mark.parametrize(("language", "words"), [("fr", "Il manque"), ("en", "is missing.")])
async def test_what_is_missing_is_said_in_the_language_of_the_caller(api, language, words):
    asked = "/api/v1/similar-requests?type=hole&lat=1"
    refused = await api.http.get(asked, headers={"Accept-Language": language})
    assert (refused.status_code, words in refused.json()["detail"].replace("\u00a0", " ")) == (422, True)
