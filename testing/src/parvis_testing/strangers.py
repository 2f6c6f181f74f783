"""Checks with every reading operation what the API reveals of a request to unauthorized callers."""

from parvis.requests.work.conversation import note, reply
from parvis_testing.crowded import ANA, SCOPES, reported

SECRETS = ("Zoé", "zoe@exemple.ca", "MOT-ENTRE-NOUS", "MOT-POUR-ELLE")


async def with_words(api, scene):
    """The same request with recognizable words of the town and of the requester."""
    await note(api.host, scene.named["reference"], "MOT-ENTRE-NOUS", actor=ANA)
    await reply(api.host, scene.named["reference"], "MOT-POUR-ELLE", actor=ANA)
    return scene


def paths_about(scene, operations):
    """The paths by which these operations read this request."""
    usual = {"id": "01a21300-0000-7000-8000-000000000000", "number": "1"} | scene.named
    reading = [each.path for each in operations if each.method == "get"]
    return [path.format(**usual) for path in reading if "{" in path and "{code}" not in path]


async def told(api, paths, headers, **params):
    """The answer of each path."""
    return {path: await api.get(path, headers, **params) for path in paths}


async def strangers_read_nothing(api, scene, paths, lists, *scopes):
    """Checks that a token of another town or unit, and the key of another request, give no private data."""
    reference, every = scene.named["reference"], (*paths, *lists)
    elsewhere = await api.token(*SCOPES, *scopes, jurisdiction="rivemont")
    beside = await api.token(*SCOPES, *scopes, unit="snow")
    anybody = await told(api, every, {})
    for headers in (elsewhere, beside):
        for path, answer in (await told(api, every, headers)).items():
            if path not in lists and headers is beside and answer.status_code == 200:
                assert answer.text == anybody[path].text, path  # what is public, and nothing else
                continue
            assert answer.status_code in ((200,) if path in lists else (401, 403, 404)), (path, answer.text)
            if path in lists:
                assert reference not in answer.text, path
    other = await reported(api)
    for path, answer in (await told(api, every, {}, key=other.key)).items():
        assert answer.status_code in ((200, 401, 422) if path in lists else (401, 403, 404)), (path, answer.text)


async def public_reads_nothing(api, paths, lists, private):
    """Checks that the public reads nothing personal or internal, and that `private` is empty."""
    for path, answer in (await told(api, (*paths, *lists), {})).items():
        assert not [secret for secret in SECRETS if secret in answer.text], path
        if path.rpartition("/")[2] in private and answer.status_code == 200:
            assert not any(answer.json().values()), path
