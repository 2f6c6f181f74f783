"""An answer says its language and who may keep it, and every refusal is said in the language of the caller."""

import pytest

ENGLISH = {"Accept-Language": "en-CA, fr;q=0.5"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr;q=0,en", "en"),
        ("fr;q=0.2, en;q=0.9", "en"),
        ("en;q=0.2, fr-CA;q=0.9", "fr"),
        ("de, en;q=0.1", "en"),
        ("en;q=0, fr;q=0", "fr"),
        ("fr;q=0, *;q=0.3", "en"),
        ("", "fr"),
    ],
)
async def test_the_weights_of_accept_language_are_respected(api, accepted, language):
    for path in ("/request-types", "/requests/7K3M-9QXT-4", "/no-such-thing"):
        answer = await api.get(path, {"Accept-Language": accepted})
        assert answer.headers["content-language"] == language, path
    assert ("No request" in (await api.get("/request-types/x", {"Accept-Language": accepted})).text) == (
        language == "en"
    )


async def test_what_a_key_opens_is_kept_by_nobody_and_what_a_token_reads_by_its_owner_alone(api):
    filed = await api.filed()
    path, token = f"/requests/{filed['reference']}", await api.token("requests:read")
    by_key = await api.get(path, key=filed["key"])
    assert by_key.headers["cache-control"] == "private, no-store"
    by_token = await api.get(path, token)
    assert by_token.headers["cache-control"] == "private, no-cache"
    same = await api.get(path, token | {"If-None-Match": by_token.headers["etag"]})
    assert (same.status_code, same.headers["cache-control"]) == (304, "private, no-cache")
    for answer in (by_key, by_token, same, await api.get(path)):
        depends = {each.strip() for each in answer.headers["vary"].split(",")}
        assert {"Accept-Language", "Authorization"} <= depends
    refused = await api.get(path, {"Authorization": "Bearer nothing"})
    assert (refused.status_code, refused.headers["cache-control"]) == (401, "private, no-cache")


async def test_what_is_refused_before_an_operation_is_said_in_the_language_of_the_caller(api):
    headers = {"Content-Type": "application/json"}
    for language, large, characters in (
        ({}, "Ce qui a été envoyé est trop volumineux.", "Une adresse ne contient pas"),
        (ENGLISH, "What was sent is too large.", "An address has no such characters."),
    ):
        refused = await api.http.post("/api/v1/requests", content=b" " * 2_100_000, headers=headers | language)
        assert (refused.status_code, refused.json()["detail"]) == (413, large)
        refused = await api.http.get("/api/v1/requests?q=%00", headers=language)
        assert refused.status_code == 400
        assert refused.json()["detail"].startswith(characters)


@pytest.mark.parametrize("words", ["\u200b", "\u2060 \ufeff", "\u3164\u2800", "\u00ad\n"])
async def test_words_that_nobody_would_see_are_no_words(api, words):
    token, filed = await api.token("requests:read", "requests:write"), await api.filed()
    for to, headers, key in (("messages", token, {}), ("notes", token, {}), ("messages", {}, {"key": filed["key"]})):
        refused = await api.post(f"/requests/{filed['reference']}/{to}", {"words": words}, headers, **key)
        assert refused.status_code == 422, refused.text
        assert [(each["path"], each["code"]) for each in refused.json()["errors"]] == [("words", "required")]
    refused = await api.file(requester={"mode": "named", "name": words, "email": "zoe@exemple.ca"})
    assert [each["path"] for each in refused.json()["errors"]] == ["requester.name"]


async def test_a_joiner_inside_words_stays(api):
    filed = await api.filed(answers={"danger": False, "words": "👩\u200d🚒 là"})
    told = await api.get(f"/requests/{filed['reference']}", key=filed["key"])
    assert told.json()["answers"]["words"] == "👩\u200d🚒 là"
