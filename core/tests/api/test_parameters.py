"""A misspelt or unknown filter is refused by name: a program that asks for less never gets everything."""

import pytest

from parvis.api.routing import OPERATIONS

HERE = {"reference": "7K3M-9QXT-4", "id": "0190a000-0000-7000-8000-000000000000", "code": "hole", "number": "1"}


def filled(path):
    for name, value in {**HERE, "provider": "x", "connector": "x"}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_a_filter_that_a_list_does_not_know_does_not_give_everything(api):
    await api.filed()
    token = await api.token("requests:read")
    for path in ("/requests", "/request-types"):
        refused = await api.get(path, token, state="valid")
        assert refused.status_code == 422, path
        assert refused.headers["content-type"] == "application/problem+json"
        (error,) = refused.json()["errors"]
        assert (error["path"], error["code"]) == ("state", "unknown_parameter")
        assert "« state »" in error["message"].replace("\u00a0", " ")
        assert "state" in refused.json()["detail"]
    english = await api.get("/requests", token | {"Accept-Language": "en"}, stat="open", zone="x")
    (error,) = english.json()["errors"]
    assert error["message"].startswith("There is no parameter “stat” here. This address takes: ")
    assert "phase" in error["message"]
    assert (await api.get("/requests", token, phase="received")).json()["total"] == 1


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_every_operation_refuses_what_it_does_not_know_and_takes_what_it_describes(api, operation):
    async def ask(**params):
        path = f"/api/v1{filled(operation.path)}"
        return await api.http.request(operation.method, path, params=params, json={})

    def unknown(answer):
        told = answer.json() if answer.headers["content-type"] == "application/problem+json" else {}
        return [each["path"] for each in told.get("errors") or () if each["code"] == "unknown_parameter"]

    asked = await ask(nobody_asked="1", nor_this="2")
    assert unknown(asked) == ([] if operation.any_query else ["nobody_asked", "nor_this"])
    assert unknown(await ask(**dict.fromkeys(operation.parameters, "1"))) == []
