"""Filing, reading and listing requests over HTTP, as integrators rely on it."""

import asyncio

import pytest

ZOE_CONFIDENTIAL = {"mode": "confidential", "name": "Zoé Côté", "email": "zoe@exemple.ca"}


async def test_types_are_listed_with_titles_by_language(api):
    types = (await api.get("/request-types")).json()["items"]
    assert [each["code"] for each in types] == ["hole", "quarrel"]
    assert types[0]["title"] == {"fr": "Trou", "en": "Hole"}


async def test_words_find_types_likeliest_first_and_tell_what_led_there(api):
    found = (await api.get("/request-types", q="un gros TROUU ici")).json()["items"]
    assert found[0]["code"] == "hole"
    assert found[0]["because"] == ["TROUU"]
    assert (await api.get("/request-types", q="xylophone")).json() == {"items": [], "next_cursor": ""}
    assert "because" not in (await api.get("/request-types")).json()["items"][0]


async def test_a_type_tells_the_schema_of_its_answers(api):
    request_type = (await api.get("/request-types/hole")).json()
    assert request_type["schema"]["required"] == ["danger"]
    assert request_type["schema"]["properties"]["danger"]["type"] == "boolean"
    assert (await api.get("/request-types/none")).status_code == 404


async def test_a_filed_request_answers_with_its_receipt(api):
    answer = await api.file()
    assert answer.status_code == 201
    assert set(answer.json()) == {"reference", "key", "tracking_url", "promised_at"}


async def test_a_repeat_with_the_same_key_and_body_is_the_same_request(api):
    first, again = await api.file(key="abc"), await api.file(key="abc")
    assert again.json() == first.json()
    assert (await api.get("/requests", await api.token("requests:read"))).json()["total"] == 1


async def test_a_repeat_at_the_same_moment_is_the_same_request(api):
    answers = await asyncio.gather(*(api.file(key="abc") for _ in range(4)))
    assert len({answer.json()["reference"] for answer in answers}) == 1


async def test_another_body_under_a_used_key_is_refused_and_tells_nothing(api):
    first = (await api.file(key="abc")).json()
    other = await api.file(key="abc", answers={"danger": True})
    assert other.status_code == 422
    assert first["key"] not in other.text


async def test_the_keys_of_a_token_are_its_own(api):
    callers = [None, await api.token("requests:write"), await api.token("requests:write")]
    first = [(await api.file(key="abc", token=each)).json() for each in callers]
    assert len({each["reference"] for each in first}) == len({each["key"] for each in first}) == 3
    assert [(await api.file(key="abc", token=each)).json() for each in callers] == first
    other = await api.token("requests:write")
    assert (await api.file(key="abc", token=other, answers={"danger": True})).status_code == 201


async def test_every_mistake_is_told_at_once_in_the_language_asked_for(api):
    body = {"type": "hole", "answers": {"words": 3, "colour": "red"}, "place": {"lon": 400}, "requester": {}}
    answer = await api.http.post("/api/v1/requests", json=body, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    errors = {each["path"]: each for each in answer.json()["errors"]}
    assert set(errors) == {"answers.danger", "answers.words", "answers.colour", "place", "requester.mode"}
    assert errors["answers.danger"]["message"].startswith("Choose an answer to")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"type": "hole", "answers": ' + b"[" * 5000 + b"]" * 5000 + b"}", "application/json", 400),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "application/json", 400),
        (b'{"type": 4}', "application/json", 422),
        (b'{"type": "hole", "answers": [], "secret": 1}', "application/json", 422),
        (b'{"type": "hole", "answers": {"words": "' + b"x" * 2_100_000 + b'"}}', "application/json", 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_answered_plainly(api, content, kind, status):
    answer = await api.http.post("/api/v1/requests", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text


async def test_text_is_cleaned_before_it_is_kept(api):
    receipt = await api.filed(answers={"danger": True, "words": "a\u0000b\u202ec e\u0301te\u0301"})
    shown = (await api.get(f"/requests/{receipt['reference']}", key=receipt["key"])).json()
    assert shown["answers"]["words"] == "abc été"


async def test_the_public_sees_public_parts_only(api):
    receipt = await api.filed()
    shown = (await api.get(f"/requests/{receipt['reference']}")).json()
    assert shown["answers"] == {"danger": False}
    for hidden in ("requester", "unit", "channel", "identity", "moves", "files", "language"):
        assert hidden not in shown


async def test_the_key_opens_the_requesters_view(api):
    receipt = await api.filed()
    shown = (await api.get(f"/requests/{receipt['reference'].lower()}", key=receipt["key"])).json()
    assert shown["requester"]["email"] == "zoe@exemple.ca"
    assert [each["code"] for each in shown["moves"]] == ["withdraw"]
    assert "unit" not in shown


async def test_a_postal_address_is_told_to_who_may_read_contacts_alone(api):
    person = {"mode": "named", "name": "Zoé Côté", "postal_address": "C. P. 5, Magog (Québec) J1X 2A4"}
    receipt = await api.filed(requester=person | {"preferred_channel": "letter"})
    path = f"/requests/{receipt['reference']}"
    told = (await api.get(path, await api.token("requests:read", "contacts:read"))).json()["requester"]
    assert told["postal_address"] == "C. P. 5\nMagog (Québec)  J1X 2A4"
    for headers in (None, await api.token("requests:read")):
        assert "Magog" not in (await api.get(path, headers)).text


async def test_a_wrong_key_and_an_unknown_reference_look_the_same(api):
    receipt = await api.filed()
    wrong = await api.get(f"/requests/{receipt['reference']}", key="wrong")
    unknown = await api.get("/requests/0000-0000-0", key="wrong")
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def test_a_confidential_request_is_not_public(api):
    confidential = {"type": "quarrel", "answers": {"kind": "noise"}, "requester": ZOE_CONFIDENTIAL}
    receipt = await api.filed(**confidential)
    assert (await api.get(f"/requests/{receipt['reference']}")).status_code == 404
    assert (await api.get("/requests")).json()["total"] == 0


@pytest.mark.parametrize(
    ("scopes", "unit", "is_theirs", "sees_contact"),
    [
        (("requests:read",), "", True, False),
        (("requests:read", "contacts:read"), "", True, True),
        (("requests:read",), "citizens", True, False),
        (("requests:read", "contacts:read"), "parks", False, False),
        (("contacts:reveal",), "", False, False),
    ],
)
async def test_a_token_sees_what_its_scopes_and_unit_allow_and_else_what_anybody_does(
    api, scopes, unit, is_theirs, sees_contact
):
    receipt = await api.filed()
    secret = await api.filed(type="quarrel", answers={"kind": "noise"}, requester=ZOE_CONFIDENTIAL)
    headers = await api.token(*scopes, unit=unit)
    answer = await api.get(f"/requests/{receipt['reference']}", headers=headers)
    assert answer.status_code == 200
    assert ("requester" in answer.json()) == sees_contact
    if is_theirs:
        assert answer.json()["unit"] == "citizens"
    else:
        assert answer.text == (await api.get(f"/requests/{receipt['reference']}")).text
        assert (await api.get(f"/requests/{secret['reference']}", headers=headers)).status_code == 404


async def test_a_confidential_person_is_hidden_from_tokens_too(api):
    receipt = await api.filed(type="quarrel", answers={"kind": "noise"}, requester=ZOE_CONFIDENTIAL)
    headers = await api.token("requests:read", "contacts:read")
    answer = await api.get(f"/requests/{receipt['reference']}", headers=headers)
    assert "requester" not in answer.json()
    assert "zoe@" not in answer.text


async def test_a_token_of_another_town_sees_nothing_here(api):
    receipt = await api.filed()
    headers = await api.token("requests:read", jurisdiction="rivemont")
    assert (await api.get(f"/requests/{receipt['reference']}", headers=headers)).status_code == 404


@pytest.mark.parametrize("authorization", ["Bearer nothing", "Basic abc", "Bearer parvis_" + "x" * 40, "Bearer é"])
async def test_a_token_that_is_not_good_is_refused_with_the_challenge(api, authorization):
    answer = await api.http.get("/api/v1/requests", headers={"authorization": authorization.encode()})
    assert answer.status_code == 401
    told = ', error="invalid_token"' if authorization.startswith("Bearer") else ""
    assert answer.headers["www-authenticate"] == f'Bearer realm="parvis"{told}'


async def test_a_list_is_followed_by_cursor_from_the_last_change(api):
    references = [(await api.filed())["reference"] for _ in range(5)]
    seen, cursor, token = [], "", await api.token("requests:read")
    while True:
        page = (await api.get("/requests", token, limit=2, cursor=cursor)).json()
        seen += [each["reference"] for each in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert seen == references
    middle = page["items"][-1]["updated_at"]
    assert (await api.get("/requests", token, updated_since=middle)).json()["items"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 1000},
        {"cursor": "zzz"},
        {"updated_since": "yesterday"},
        {"updated_since": "2026-01-01T00:00:00"},
    ],
)
async def test_a_list_asked_for_in_a_wrong_way_says_so(api, params):
    answer = await api.get("/requests", await api.token("requests:read"), **params)
    assert answer.status_code == 422
    assert answer.json()["detail"]


async def test_a_repeat_with_files_gets_its_receipt_although_they_wait_no_longer(api, picture):
    sent = await api.http.post("/api/v1/attachments", files={"file": ("trou.jpg", picture, "image/jpeg")})
    upload = sent.json()
    given = {"answers": {"danger": False, "photos": [upload["id"]]}, "upload": upload["upload"], "key": "abc"}
    first, again = await api.file(**given), await api.file(**given)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


@pytest.mark.parametrize("language", ["es", "xx", "EN!"])
async def test_a_language_in_which_the_town_does_not_write_is_refused(api, language):
    answer = await api.file(language=language)
    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["errors"]] == ["language"]


async def test_a_list_says_which_version_it_shows(api):
    await api.filed()
    (listed,) = (await api.get("/requests", await api.token("requests:read"))).json()["items"]
    assert listed["version"] == 1


async def test_where_a_town_lists_nothing_for_everybody_a_list_without_a_token_is_empty(api):
    reference = (await api.filed())["reference"]
    nothing = {"items": [], "total": 0, "next_cursor": "", "more": False}
    for headers in ({}, await api.token("contacts:reveal")):
        assert (await api.get("/requests", headers)).json() == nothing
        assert (await api.get("/requests", headers, q=reference)).json() == nothing
    assert (await api.get(f"/requests/{reference}")).status_code == 200  # the person that it concerns
