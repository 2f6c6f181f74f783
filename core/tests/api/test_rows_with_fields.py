"""A list answers the members that are wanted of each row, and no others."""

import pytest


async def test_rows_have_the_members_that_are_wanted_alone(api):
    filed = [(await api.filed())["reference"] for _ in range(3)]
    token = await api.token("requests:read")
    whole = (await api.get("/requests", token)).json()
    told, following = [], ""
    while True:
        page = (
            await api.get(
                "/requests",
                token,
                fields="reference,unit,version",
                limit="2",
                **({"cursor": following} if following else {}),
            )
        ).json()
        assert page["total"] == 3
        told += page["items"]
        following = page["next_cursor"]
        if not following:
            break
    assert told == [{name: row[name] for name in ("reference", "unit", "version")} for row in whole["items"]]
    assert {each["reference"] for each in told} == {*filed}


@pytest.mark.parametrize(("path", "scope"), [("/requests", "requests:read"), ("/deliveries", "operate")])
@pytest.mark.parametrize("fields", ["reference,colour", "requester", "items"])
async def test_a_member_that_no_row_has_is_refused(api, path, scope, fields):
    refused = await api.get(path, await api.token(scope), fields=fields)
    assert refused.status_code == 422
    [fault] = refused.json()["errors"]
    assert (fault["path"], fault["code"]) == ("fields", "not_offered")
    assert "reference" in fault["message"]


async def test_what_lists_nothing_takes_no_fields(api):
    refused = await api.get("/request-types", fields="code")
    assert refused.json()["errors"][0]["code"] == "unknown_parameter"
