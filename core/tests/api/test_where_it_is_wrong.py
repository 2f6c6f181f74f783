"""A refusal names the place in the input, in the language that the caller names, else in French."""

import pytest

ENGLISH = {"Accept-Language": "en-CA, fr;q=0.5"}


async def errors_of(answer, status=422):
    assert answer.status_code == status, answer.text
    return [(each["path"], each["code"]) for each in answer.json()["errors"]]


async def test_a_fault_has_the_path_that_the_body_has(api):
    token = await api.token("requests:read", "requests:write")
    filed = await api.filed()
    path, key = f"/requests/{filed['reference']}", {"key": filed["key"]}

    async def call(method, to, body, **given):
        return await api.http.request(method, f"/api/v1{path}{to}", json=body | {"version": 1}, **given)

    moved = await call("POST", "/moves", {"transition": "start", "answers": {"zzz": 1}}, headers=token)
    assert await errors_of(moved) == [("answers.zzz", "unknown")]
    amended = await call("PATCH", "", {"answers": {"zzz": 1, "version": 2}}, headers=token)
    assert [each for each, _ in await errors_of(amended)] == ["answers.danger", "answers.zzz", "answers.version"]
    retyped = await call("PATCH", "", {"type": "nothing"}, headers=token)
    assert await errors_of(retyped) == [("type", "not_offered")]
    placed = await call("PATCH", "", {"place": {"lon": 2.3, "lat": 48.9}}, headers=token)
    assert await errors_of(placed) == [("place", "outside")]
    reached = await call("PUT", "/contact", {"name": "Zoé", "email": "nobody"}, params=key)
    assert await errors_of(reached) == [("email", "email")]
    channel = await call("PUT", "/contact", {"name": "Z", "email": "z@x.ca", "preferred_channel": "owl"}, params=key)
    assert await errors_of(channel) == [("preferred_channel", "not_offered")]


@pytest.mark.parametrize(
    ("asked", "status", "french", "english"),
    [
        ("/requests/7K3M-9QXT-4", 404, "Cette requête n’existe pas, ou", "There is no such request, or"),
        ("/no-such-thing", 404, "Il n’y a rien à cette adresse.", "There is nothing at this address."),
        ("/requests?limit=0", 422, "doit être entre 1 et 200.", "must be between 1 and 200."),
        ("/requests?limit=many", 422, "doit être un nombre.", "must be a number."),
        ("/requests?since=yesterday", 422, "doit être un moment avec son fuseau", "must be a time with its zone"),
        (f"/requests?cursor={'x' * 201}", 422, "dépasse 200 caractères.", "is longer than 200 characters."),
        ("/requests?phase=a&phase=b", 422, "est donné deux fois.", "is given twice."),
        ("/deliveries", 401, "Il faut un jeton avec la portée `operate`.", "needs a token with the scope `operate`."),
    ],
)  # fmt: skip
async def test_a_refusal_is_said_in_the_language_of_the_caller(api, asked, status, french, english):
    for headers, words in (({}, french), ({"Accept-Language": "de"}, french), (ENGLISH, english)):
        refused = await api.http.get(f"/api/v1{asked}", headers=headers)
        assert refused.status_code == status, refused.text
        assert words in refused.json()["detail"].replace("\u00a0", " "), headers
        assert words in refused.json()["errors"][0]["message"], headers


async def test_what_a_token_may_not_do_is_said_in_its_language_too(api):
    reads = await api.token("requests:read")
    filed = await api.filed()
    path = f"/api/v1/requests/{filed['reference']}"
    for language, lacking, unknown in (
        ({}, "Il manque au jeton la portée `requests:write`.", "Le jeton est inconnu, révoqué ou expiré."),
        (ENGLISH, "The token lacks the scope `requests:write`.", "The token is unknown, revoked or expired."),
    ):
        refused = await api.http.post(f"{path}/notes", json={"words": "Vu"}, headers=reads | language)
        assert (refused.status_code, refused.json()["detail"]) == (403, lacking)
        refused = await api.http.get(path, headers={"Authorization": "Bearer parvis_x"} | language)
        assert (refused.status_code, refused.json()["detail"]) == (401, unknown)
        refused = await api.http.delete(path, headers=reads | language)
        assert refused.status_code == 405
        assert {"GET", "PATCH"} <= set(refused.headers["allow"].split(", "))


async def test_who_comes_too_late_is_told_in_their_language(api):
    token = await api.token("requests:read", "requests:write")
    path = f"/requests/{(await api.filed())['reference']}"
    moved = {"transition": "start", "version": 9}
    for language, words in (({}, "La requête a changé"), (ENGLISH, "The request has changed")):
        late = await api.post(f"{path}/moves", moved, token | language)
        assert await errors_of(late, 409) == [("version", "conflict")]
        assert late.json()["detail"].startswith(words)
        unseen = await api.post(f"{path}/moves", {"transition": "start"}, token | language)
        assert await errors_of(unseen, 428) == [("version", "required")]


async def test_what_is_longer_than_the_description_says_is_refused_where_it_stands(api):
    """The limits of the description are those of the operations, for each text that a body may hold."""
    token = await api.token("requests:read", "requests:write")
    path = f"/requests/{(await api.filed())['reference']}"
    schemas = (await api.get("/openapi.json", token)).json()["components"]["schemas"]
    for to, shape, member, rest in (
        ("/notes", "NewNote", "words", {}),
        ("/messages", "NewMessage", "words", {}),
        ("/messages", "NewMessage", "upload", {"words": "Bonjour"}),
        ("/moves", "NewMove", "transition", {"version": 1}),
        ("/assignment", "NewAssignment", "unit", {"version": 1}),
    ):
        most = schemas[shape]["properties"][member]["maxLength"]
        long = await api.post(f"{path}{to}", rest | {member: "x" * (most + 1)}, token)
        assert await errors_of(long) == [(member, "too_long")]
        fits = await api.post(f"{path}{to}", rest | {member: "x" * most}, token)
        assert (member, "too_long") not in [(each["path"], each["code"]) for each in fits.json().get("errors", ())]
    assert schemas["NewRequest"]["properties"]["type"]["maxLength"] == 60


async def test_an_upload_that_is_nothing_is_refused(api):
    token = await api.token("requests:read", "requests:write")
    path = f"/requests/{(await api.filed())['reference']}"
    assert await errors_of(await api.file(upload=None)) == [("upload", "wrong_kind")]
    sent = await api.post(f"{path}/messages", {"words": "Bonjour", "upload": None}, token)
    assert await errors_of(sent) == [("upload", "wrong_kind")]


@pytest.mark.parametrize("member", ["language", "upload", "channel", "insist", "form_version", "answers", "type"])
async def test_null_is_refused_wherever_the_description_offers_none(api, member):
    assert await errors_of(await api.file(**{member: None})) == [(member, "wrong_kind")]


async def test_null_inside_and_in_every_operation_is_refused_alike(api):
    token = await api.token("requests:read", "requests:write")
    path = f"/requests/{(await api.filed())['reference']}"
    for to, body, wrong in (
        ("messages", {"words": "Bonjour", "files": None}, "files"),
        ("notes", {"words": None}, "words"),
        ("moves", {"transition": "start", "version": 1, "answers": None}, "answers"),
        ("assignment", {"unit": "roads", "version": None}, "version"),
    ):
        assert await errors_of(await api.post(f"{path}/{to}", body, token)) == [(wrong, "wrong_kind")]
    inside = await api.file(place={"lon": -73.58, "lat": 45.52, "words": None})
    assert await errors_of(inside) == [("place.words", "wrong_kind")]
    assert (await api.post(f"{path}/notes", {"words": "Vu", "version": None}, token)).status_code == 200  # offered
