"""A request that turns out to be of another type is complete as one of that type, and its history stays readable."""

from msgspec import structs

from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis_sdk.fields import ShortText
from parvis_sdk.forms import Form
from parvis_testing.api import ZOE, running
from parvis_testing.town import HOLE, QUARREL, plugin_of, said


def faults(answer, status=422):
    assert answer.status_code == status, answer.text
    return [(each["path"], each["code"]) for each in answer.json()["errors"]]


async def test_another_type_demands_the_answers_that_it_requires(api):
    token, filed = await api.token("requests:read", "requests:write"), await api.filed()
    path = f"/api/v1/requests/{filed['reference']}"
    bare = await api.http.patch(path, json={"type": "quarrel", "version": 1}, headers=token)
    assert faults(bare) == [("answers.kind", "choose")]
    assert (await api.get(f"/requests/{filed['reference']}", token)).json()["type"] == "hole"
    whole = {"type": "quarrel", "answers": {"kind": "noise"}, "version": 1}
    assert (await api.http.patch(path, json=whole, headers=token)).json()["type"] == "quarrel"


async def test_another_type_is_refused_to_whom_it_is_not_offered(api):
    token, filed = await api.token("requests:read", "requests:write"), await api.filed(requester={"mode": "anonymous"})
    body = {"type": "quarrel", "answers": {"kind": "noise"}, "version": 1}
    refused = await api.http.patch(f"/api/v1/requests/{filed['reference']}", json=body, headers=token)
    assert faults(refused) == [("type", "not_offered")]


async def test_what_was_answered_under_the_type_of_before_stays_readable(api):
    token = await api.token("requests:read", "requests:write", "contacts:read")
    filed = await api.filed(answers={"danger": True, "words": "Un cratère"}, requester=ZOE)
    path = f"/requests/{filed['reference']}"
    body = {"type": "quarrel", "answers": {"kind": "noise", "words": "Du bruit"}, "version": 1}
    assert (await api.http.patch(f"/api/v1{path}", json=body, headers=token)).status_code == 200
    told = (await api.get(f"{path}/versions", token)).json()["items"]
    values = {each["field"]: [one["value"] for one in each["versions"]] for each in told}
    assert list(values.items()) == [
        ("kind", ["noise"]),
        ("words", ["Un cratère", "Du bruit"]),
        ("danger", [True, None]),
    ]
    narrow = await api.token("requests:read")
    seen = {each["field"] for each in (await api.get(f"{path}/versions", narrow)).json()["items"]}
    assert "danger" in seen


async def test_the_type_of_a_form_that_asks_for_a_type_is_named_by_its_own_path(database_url, tmp_path):
    """The member `type` and a question of that code are two things."""
    (section,) = HOLE.form.sections
    asked = structs.replace(section, fields=(*section.fields, ShortText(code="type", label=said("Genre"))))
    odd = structs.replace(HOLE, form=Form(sections=(asked,)))
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )
    async with running(settings, [DiscoveredPlugin.of("town", plugin_of(odd, QUARREL))]) as api:
        token = await api.token("requests:read", "requests:write")
        filed = await api.filed(answers={"danger": True, "type": "Grand"})
        path = f"/api/v1/requests/{filed['reference']}"
        wrong = await api.http.patch(path, json={"type": "nope", "version": 1}, headers=token)
        assert faults(wrong) == [("type", "not_offered")]
        assert "de ce nom" in wrong.json()["detail"] + wrong.json()["errors"][0]["message"]
        empty = await api.http.patch(path, json={"answers": {"danger": True}, "version": 1}, headers=token)
        assert faults(empty) == [("answers.type", "required")]
