"""Tasks and opinions by the API: with the scopes and the unit of a token, and never more than may be read."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis_reviews.opinions import opinions_of
from parvis_reviews.review_tasks import tasks_of

from ..reviewed import reviewed_type, reviewers

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
SECRET = "Échelle-introuvable"
OPINION = {"recommendation": "unfavourable", "words": SECRET, "hydrant": False}


@pytest.fixture
async def works(api):
    """Works whose opinions have been asked for: the receipt, and the tasks by code."""
    request_type = reviewed_type()
    deployment = api.app.state.deployment
    plugins = deployment.host.plugins
    plugin = structs.replace(plugins.by_name["town"], request_types=(*plugins.by_name["town"].request_types, "works"))
    own = structs.replace(
        plugins,
        by_name=plugins.by_name | {"town": plugin},
        request_types=plugins.request_types | {"works": request_type},
    )
    api.host = reviewers(replace(deployment.host, plugins=own))
    api.app.state.deployment = replace(deployment, host=api.host)
    receipt = await api.filed(type="works", answers={"pool": True, "cost": 1500, "secret": "SECRET-DU-VOISIN"})
    await make_move(api.host, receipt["reference"], "begin", {}, actor=ANA, mover="agent")
    record = await find(api.host, receipt["reference"])
    return receipt, {task.task: str(task.id) for task in await tasks_of(record.id)}


async def test_a_program_of_a_unit_lists_its_tasks_and_gives_an_opinion_once(api, works):
    receipt, tasks = works
    headers = await api.token("tasks:write", unit="public_works")
    listed = (await api.get("/tasks", headers)).json()
    assert [each["task"] for each in listed["items"]] == ["fire"]
    narrowed = (await api.get("/tasks", headers, fields="task,state")).json()
    assert narrowed["items"] == [{"task": "fire", "state": listed["items"][0]["state"]}]
    one = (await api.get(f"/tasks/{tasks['fire']}", headers)).json()
    assert one["request"]["answers"] == {"cost": 1500}
    assert one["schema"]["properties"]["recommendation"]
    assert "SECRET-DU-VOISIN" not in str(one)
    wrong = await api.post(f"/tasks/{tasks['fire']}/opinion", {"answers": {"recommendation": "perhaps"}}, headers)
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "answers.recommendation")
    nothing = {"answers": OPINION, "version": None}
    unsaid = await api.post(f"/tasks/{tasks['fire']}/opinion", nothing, headers)
    assert (unsaid.status_code, unsaid.json()["errors"][0]["path"]) == (422, "version")
    for _ in range(2):
        given = await api.post(f"/tasks/{tasks['fire']}/opinion", {"answers": OPINION, "seen": 0}, headers)
        assert given.status_code == 200, given.text
    assert [each["number"] for each in given.json()["opinions"]] == [1]
    assert len(await opinions_of((await find(api.host, receipt["reference"])).id)) == 1
    changed = {"answers": {"recommendation": "favourable"}, "version": 0}
    assert (await api.post(f"/tasks/{tasks['fire']}/opinion", changed, headers)).status_code == 409


async def test_each_caller_reads_no_more_than_is_declared_for_them(api, works):
    receipt, tasks = works
    writer = await api.token("tasks:write")
    for code in ("fire", "pool"):
        answers = OPINION if code == "fire" else {"recommendation": "unfavourable", "words": SECRET}
        assert (await api.post(f"/tasks/{tasks[code]}/opinion", {"answers": answers}, writer)).status_code == 200
    path = f"/requests/{receipt['reference']}/tasks"
    assert (await api.get(path)).status_code in (403, 404)
    own = (await api.get(path, key=receipt["key"])).json()["items"]
    assert {each["task"]: "opinions" in each for each in own} == dict.fromkeys(
        ("zoning", "fire", "engineer", "pool"), False
    )
    reader = (await api.get(path, await api.token("requests:read", "requests:write"))).json()["items"]
    assert not any("opinions" in each for each in reader)
    everyone = [await api.get(path, key=receipt["key"]), await api.get(path, await api.token("requests:write"))]
    for story in (f"/requests/{receipt['reference']}/story", f"/requests/{receipt['reference']}"):
        everyone.append(await api.get(story, await api.token("requests:read", "requests:write", "contacts:read")))
        everyone.append(await api.get(story, key=receipt["key"]))
    assert not any(SECRET in each.text for each in everyone)
    record = await find(api.host, receipt["reference"])
    decider = await api.token("tasks:read", unit=record.unit)
    decided = {each["task"]: each for each in (await api.get("/tasks", decider, state="given")).json()["items"]}
    assert set(decided) == {"pool"}  # the tasks of its own unit
    read = (await api.get(f"/tasks/{tasks['pool']}", decider)).json()
    assert read["opinions"][0]["words"] == SECRET


@pytest.mark.parametrize(
    ("scopes", "unit", "status"),
    [(("requests:write",), "", 403), (("tasks:read",), "", 403), (("tasks:write",), "animals", 404), ((), "", 401)],
)
async def test_who_may_not_give_an_opinion_gives_none(api, works, scopes, unit, status):
    _, tasks = works
    headers = await api.token(*scopes, unit=unit) if scopes else None
    assert (await api.post(f"/tasks/{tasks['fire']}/opinion", {"answers": OPINION}, headers)).status_code == status
