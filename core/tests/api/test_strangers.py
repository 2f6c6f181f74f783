"""What the API tells of a request to those whom it does not concern, or no longer, or only in part: nothing of it."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis.api.routing import OPERATIONS
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_sdk.fields import PERSONAL, Group, ShortText
from parvis_sdk.starter_kit import form
from parvis_sdk.text import Text
from parvis_testing.api import HERE, calling
from parvis_testing.crowded import SCOPES, crowded_plugin, quarrelled, reported
from parvis_testing.strangers import paths_about, public_reads_nothing, strangers_read_nothing, with_words
from parvis_testing.town import HOLE, with_own_deployment

SITUATIONS = (quarrelled, reported)
LISTS = ("/requests", "/deliveries")


@pytest.fixture(scope="module")
def crowded_app(tmp_path_factory):
    """An application with types of every kind, made once."""
    data = tmp_path_factory.mktemp("crowded")
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    app = create_app(settings, plugins=[DiscoveredPlugin.of("town", crowded_plugin())])
    return app, app.state.dict()


@pytest.fixture
async def api(database_url, tmp_path, crowded_app):
    app, first = crowded_app
    with_own_deployment(app, first, structs.replace(first["deployment"].settings, data=tmp_path, database=database_url))
    async with calling(app) as api:
        yield api


@pytest.mark.parametrize("make", SITUATIONS, ids=lambda each: each.__name__)
async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_nothing_private(api, make):
    scene = await with_words(api, await make(api))
    await strangers_read_nothing(api, scene, paths_about(scene, OPERATIONS), LISTS)


@pytest.mark.parametrize("make", SITUATIONS, ids=lambda each: each.__name__)
async def test_the_public_reads_nothing_that_is_personal_or_internal_anywhere(api, make):
    scene = await with_words(api, await make(api))
    await public_reads_nothing(api, paths_about(scene, OPERATIONS), LISTS, ("versions",))


async def test_versions_of_a_group_hold_what_is_personal_in_it_from_those_who_may_not_see_it(api):
    neighbours = Group(
        code="neighbours",
        label=Text(fr="Voisins", en="Neighbours"),
        item=Text(fr="Voisin", en="Neighbour"),
        fields=(
            ShortText(code="side", label=Text(fr="Côté", en="Side")),
            ShortText(code="who", label=Text(fr="Nom", en="Name"), privacy=PERSONAL),
        ),
    )
    request_type = structs.replace(HOLE, version=2, form=form(neighbours))
    plugins = api.host.plugins
    api.host = replace(
        api.host, plugins=structs.replace(plugins, request_types=plugins.request_types | {"hole": request_type})
    )
    api.app.state.deployment = replace(api.app.state.deployment, host=api.host)
    told = await api.filed(type="hole", answers={"neighbours": [{"side": "est", "who": "VOISIN-SECRET"}]})
    path = f"/requests/{told['reference']}/versions"
    for headers, seen in (
        (await api.token("requests:read"), False),
        (await api.token("requests:read", "contacts:read"), True),
    ):
        answer = await api.get(path, headers)
        assert "est" in str(answer.json())
        assert ("VOISIN-SECRET" in answer.text) is seen
    assert "VOISIN-SECRET" in (await api.get(path, key=told["key"])).text


async def test_the_description_tells_strangers_only_of_what_anybody_may_ask_for(api):
    plugins = api.host.plugins
    inside = structs.replace(HOLE, opened_by="town")
    api.host = replace(
        api.host, plugins=structs.replace(plugins, request_types=plugins.request_types | {"hole": inside})
    )
    api.app.state.deployment = replace(api.app.state.deployment, host=api.host)
    assert "Answers_hole" not in (await api.get("/openapi.json")).text
    assert "Answers_hole" in (await api.get("/openapi.json", await api.token("requests:read"))).text


async def test_a_token_of_a_unit_does_not_speak_for_the_town(api):
    plugins = api.host.plugins
    alone = structs.replace(HOLE.identity, modes=("anonymous",), contact=False)
    said = structs.replace(HOLE, opened_by="town", identity=alone)
    api.host = replace(api.host, plugins=structs.replace(plugins, request_types=plugins.request_types | {"hole": said}))
    api.app.state.deployment = replace(api.app.state.deployment, host=api.host)
    body = {"type": "hole", "answers": {"danger": True}, "place": HERE, "requester": {"mode": "anonymous"}}
    unit, whole = await api.token("requests:write", unit="snow"), await api.token("requests:write")
    for headers, status in ((None, 422), (unit, 422), (whole, 201)):
        assert (await api.post("/requests", body, headers)).status_code == status


@pytest.mark.parametrize("make", SITUATIONS, ids=lambda each: each.__name__)
async def test_a_token_that_only_writes_reads_what_anybody_may_and_changes_nothing(api, make):
    """Applications of others file with such a key; what came of anybody's request is not theirs to read."""
    scene = await with_words(api, await make(api))
    writer = await api.token("requests:write")
    for path in paths_about(scene, OPERATIONS):
        anybody, answer = await api.get(path), await api.get(path, writer)
        assert answer.status_code in (anybody.status_code, 403), path
        assert answer.status_code != 200 or answer.text == anybody.text, path
    path = f"/requests/{scene.named['reference']}"
    for words in ("notes", "messages", "moves", "assignment"):
        refused = await api.post(f"{path}/{words}", {}, writer)
        assert (refused.status_code, "`requests:read`" in refused.json()["detail"]) == (403, True), words


async def test_a_token_of_a_unit_reads_what_anybody_may_and_changes_nothing_of_it(api):
    """A map or a connector of one unit shows the public page of any request, as it would without any token."""
    scene = await reported(api)
    reference = scene.named["reference"]
    beside, reports = await api.token(*SCOPES, unit="snow"), await api.token("contacts:reveal")
    for path in (f"/requests/{reference}", f"/requests/{reference}/story", f"/requests/{reference}/clocks"):
        anybody = await api.get(path)
        assert anybody.status_code == 200, path
        for headers in (beside, reports):
            answer = await api.get(path, headers)
            assert (answer.status_code, answer.text) == (200, anybody.text), path
    assert (await api.post(f"/requests/{reference}/notes", {"words": "Non"}, beside)).status_code in (403, 404)
