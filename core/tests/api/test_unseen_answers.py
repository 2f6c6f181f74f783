"""Correcting a group of which some questions are not shown to the token: what it does not see stays as it is."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis_sdk.fields import PERSONAL, Group, ShortText
from parvis_sdk.starter_kit import form
from parvis_testing.town import HOLE, said

SIDE = ShortText(code="side", label=said("Côté"))
WHO = ShortText(code="who", label=said("Nom"), required=False, privacy=PERSONAL)
NEIGHBOURS = Group(code="neighbours", label=said("Voisins"), item=said("Voisin"), fields=(SIDE, WHO))
WAS = [{"side": "est", "who": "Ada"}, {"side": "ouest", "who": "Bea"}, {"side": "nord"}]


@pytest.fixture
async def amended(api):
    """Sends the group as a token without `contacts:read`, and tells the status and how the requester reads it."""
    request_types = api.host.plugins.request_types | {"hole": structs.replace(HOLE, version=2, form=form(NEIGHBOURS))}
    api.host = replace(api.host, plugins=structs.replace(api.host.plugins, request_types=request_types))
    api.app.state.deployment = replace(api.app.state.deployment, host=api.host)
    receipt = await api.filed(answers={"neighbours": WAS})
    headers, path = await api.token("requests:read", "requests:write"), f"/requests/{receipt['reference']}"
    seen = (await api.get(path, headers)).json()

    async def send(change=list):
        body = {"answers": {"neighbours": change(seen["answers"]["neighbours"])}, "version": seen["version"]}
        answer = await api.http.patch(f"/api/v1{path}", json=body, headers=headers)
        assert "Ada" not in answer.text
        now = (await api.get(path, key=receipt["key"])).json()["answers"]["neighbours"]
        return answer, now

    return send


async def test_what_is_sent_back_as_it_was_read_takes_nothing_away(amended):
    answer, now = await amended()
    assert (answer.status_code, now) == (200, WAS)


@pytest.mark.parametrize(
    ("change", "then"),
    [
        (lambda rows: [rows[0], {"side": "sud"}, rows[2]], [WAS[0], {"side": "sud", "who": "Bea"}, WAS[2]]),
        (lambda rows: rows[1:], WAS[1:]),
        (lambda rows: [{"side": "haut"}, *rows], [{"side": "haut"}, *WAS]),
        (lambda rows: rows[::-1], WAS[::-1]),
        (lambda rows: [row | {"who": "FAUX"} for row in rows], WAS),
        (lambda rows: [*rows, {"side": "haut", "who": "FAUX"}], [*WAS, {"side": "haut"}]),
        (lambda rows: {"0": rows[0], "2": {"side": "sud"}}, [WAS[0], {"side": "sud"}]),
    ],
    ids=["changed", "removed", "added", "turned", "written_blind", "added_blind", "numbered"],
)
async def test_each_item_keeps_what_is_not_seen_of_it_and_nobody_writes_that_blind(amended, change, then):
    answer, now = await amended(change)
    assert (answer.status_code, now) == (200, then)


async def test_where_nobody_can_tell_which_item_is_which_nothing_is_written(amended):
    answer, now = await amended(lambda rows: [{"side": "sud"}, rows[2]])
    assert (answer.status_code, now) == (422, WAS)
    assert [each["path"] for each in answer.json()["errors"]] == ["answers.neighbours"]


@pytest.mark.parametrize("sent", ["x", 3, ["x"], [[]], {"0": "x"}])
async def test_what_is_no_group_is_refused_as_such(amended, sent):
    answer, now = await amended(lambda rows: sent)
    assert (answer.status_code, now) == (422, WAS)
