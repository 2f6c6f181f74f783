"""What the API tells of what was granted to those whom it does not concern, or only in part: nothing of it."""

import pytest

from parvis.api.routing import every_operation
from parvis.requests.work.conversation import note, reply
from parvis_testing.crowded import ANA, SCOPES, reported

from ..granted import granted

SECRETS = ("Zoé", "zoe@exemple.ca", "MOT-ENTRE-NOUS", "MOT-POUR-ELLE")
LISTS = ("/requests", "/deadlines", "/deliveries")
PRIVATE = ("versions", "granted")


@pytest.fixture
async def scene(api):
    """A planting that was granted, with words that are the town's, and the requester's."""
    scene = await granted(api)
    await note(api.host, scene.named["reference"], "MOT-ENTRE-NOUS", actor=ANA)
    await reply(api.host, scene.named["reference"], "MOT-POUR-ELLE", actor=ANA)
    return scene


@pytest.fixture
def told(api, scene, modules):
    """What each operation about one request, and each list, answers: by its path."""
    usual = {"id": "01a21300-0000-7000-8000-000000000000", "number": "1"} | scene.named
    reading = [each.path for each in every_operation(modules) if each.method == "get"]
    about_one = [path.format(**usual) for path in reading if "{" in path and "{code}" not in path]
    assert f"/requests/{usual['reference']}/granted" in about_one

    async def ask(headers, **params):
        return {path: await api.get(path, headers, **params) for path in (*about_one, *LISTS)}

    return ask


async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_nothing_private(api, scene, told):
    reference = scene.named["reference"]
    elsewhere = await api.token(*SCOPES, jurisdiction="rivemont")
    beside = await api.token(*SCOPES, unit="snow")
    anybody = await told({})
    for headers in (elsewhere, beside):
        for path, answer in (await told(headers)).items():
            if path not in LISTS and headers is beside and answer.status_code == 200:
                assert answer.text == anybody[path].text, path  # what is public, and nothing else
                continue
            assert answer.status_code in ((200,) if path in LISTS else (401, 403, 404)), (path, answer.text)
            if path in LISTS:
                assert reference not in answer.text, path
    other = await reported(api)
    for path, answer in (await told({}, key=other.key)).items():
        assert answer.status_code in ((200, 401, 422) if path in LISTS else (401, 403, 404)), (path, answer.text)


async def test_the_public_reads_nothing_that_is_personal_or_internal_anywhere(told):
    for path, answer in (await told({})).items():
        assert not [secret for secret in SECRETS if secret in answer.text], path
        if path.rpartition("/")[2] in PRIVATE and answer.status_code == 200:
            assert not any(answer.json().values()), path
