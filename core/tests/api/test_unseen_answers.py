"""Correcting a group of which some questions are not shown to the token: what it does not see stays as it is."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis_sdk.conditions import Is
from parvis_sdk.fields import PERSONAL, Group, OneOf, Option, ShortText
from parvis_sdk.starter_kit import form
from parvis_testing.town import HOLE, QUARREL, said

SIDE = ShortText(code="side", label=said("Côté"))
WHO = ShortText(code="who", label=said("Nom"), required=False, privacy=PERSONAL)
NEIGHBOURS = Group(code="neighbours", label=said("Voisins"), item=said("Voisin"), fields=(SIDE, WHO))
WITNESS = ShortText(code="witness", label=said("Témoin"), required=False, privacy=PERSONAL)
PHONE = ShortText(code="phone", label=said("À qui"), required=False, privacy=PERSONAL)
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
        (lambda rows: {"0": rows[0], "2": {"side": "sud"}}, [WAS[0], {"side": "sud"}]),
    ],
    ids=["changed", "removed", "added", "turned", "numbered"],
)
async def test_each_item_keeps_what_is_not_seen_of_it(amended, change, then):
    answer, now = await amended(change)
    assert (answer.status_code, now) == (200, then)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda rows: [row | {"who": "FAUX"} for row in rows], "0.who"),
        (lambda rows: [rows[0], rows[1] | {"who": "Bea"}, rows[2]], "1.who"),
        (lambda rows: [*rows, {"side": "haut", "who": "FAUX"}], "3.who"),
        (lambda rows: {"0": rows[0], "2": {"side": "sud", "who": ""}}, "2.who"),
    ],
    ids=["written", "as_it_stands", "added", "numbered"],
)
async def test_what_is_not_seen_of_an_item_is_refused_as_it_is_beside_a_group(amended, change, path):
    answer, now = await amended(change)
    assert (answer.status_code, now) == (422, WAS)
    assert [(each["path"], each["code"]) for each in answer.json()["errors"]] == [
        (f"answers.neighbours.{path}", "forbidden")
    ]


async def test_what_came_along_to_another_type_is_no_more_written_blind(api):
    quarrel = structs.replace(QUARREL, form=form(*QUARREL.form.fields(), WITNESS, NEIGHBOURS))
    hole = structs.replace(HOLE, version=2, form=form(WITNESS, NEIGHBOURS, PHONE))
    request_types = api.host.plugins.request_types | {"hole": hole, "quarrel": quarrel}
    api.host = replace(api.host, plugins=structs.replace(api.host.plugins, request_types=request_types))
    api.app.state.deployment = replace(api.app.state.deployment, host=api.host)
    receipt = await api.filed(answers={"neighbours": WAS, "witness": "Léa Roy"})
    headers, path = await api.token("requests:read", "requests:write"), f"/requests/{receipt['reference']}"
    seen = (await api.get(path, headers)).json()["answers"]

    async def send(**answers):
        body = {"type": "quarrel", "answers": {"kind": "noise"} | seen | answers, "version": 1}
        return await api.http.patch(f"/api/v1{path}", json=body, headers=headers)

    blind = [row | {"who": "FAUX"} for row in seen["neighbours"]]
    for answers, where in (({"witness": "FAUX"}, "witness"), ({"neighbours": blind}, "neighbours.0.who")):
        refused = await send(**answers)
        assert refused.status_code == 422
        assert [(each["path"], each["code"]) for each in refused.json()["errors"]] == [
            (f"answers.{where}", "forbidden")
        ]
    assert (await send()).status_code == 200
    now = (await api.get(path, key=receipt["key"])).json()
    assert (now["type"], now["answers"]["witness"], now["answers"]["neighbours"]) == ("quarrel", "Léa Roy", WAS)
    # What nobody answered is asked by the new type alone, and given as by the person who files one.
    back = {"type": "hole", "answers": {"neighbours": seen["neighbours"], "phone": "Zoé"}, "version": 2}
    assert (await api.http.patch(f"/api/v1{path}", json=back, headers=headers)).status_code == 200
    assert (await api.get(path, key=receipt["key"])).json()["answers"]["phone"] == "Zoé"


SORT = OneOf(
    code="sort",
    label=said("Sorte"),
    options=(Option(code="tree", label=said("Arbre")), Option(code="pole", label=said("Poteau"))),
)
SPECIES = ShortText(code="species", label=said("Essence"), required=False, show_when=Is(field="sort", value="tree"))
THINGS = Group(code="things", label=said("Choses"), item=said("Chose"), fields=(SORT, SPECIES))
POLES = [{"sort": "pole", "species": "Érable"}, {"sort": "tree", "species": "Orme"}]


async def test_an_answer_to_a_question_that_is_not_shown_is_forgotten_inside_a_group_too(api):
    fields = (SORT, SPECIES, THINGS)
    hole = structs.replace(HOLE, version=2, form=form(*fields))
    quarrel = structs.replace(QUARREL, form=form(*QUARREL.form.fields(), *fields))
    request_types = api.host.plugins.request_types | {"hole": hole, "quarrel": quarrel}
    api.host = replace(api.host, plugins=structs.replace(api.host.plugins, request_types=request_types))
    api.app.state.deployment = replace(api.app.state.deployment, host=api.host)
    sent = {"sort": "pole", "species": "Érable", "things": POLES}
    kept = {"sort": "pole", "things": [{"sort": "pole"}, {"sort": "tree", "species": "Orme"}]}
    receipt = await api.filed(answers=sent)
    headers, path = await api.token("requests:read", "requests:write"), f"/requests/{receipt['reference']}"
    assert (await api.get(path, key=receipt["key"])).json()["answers"] == kept
    for body in ({"answers": sent}, {"type": "quarrel", "answers": sent | {"kind": "noise"}}):
        version = (await api.get(path, headers)).json()["version"]
        assert (
            await api.http.patch(f"/api/v1{path}", json=body | {"version": version}, headers=headers)
        ).status_code == 200
        now = (await api.get(path, key=receipt["key"])).json()["answers"]
        assert {name: now[name] for name in kept} == kept
        assert "species" not in now


async def test_where_nobody_can_tell_which_item_is_which_nothing_is_written(amended):
    answer, now = await amended(lambda rows: [{"side": "sud"}, rows[2]])
    assert (answer.status_code, now) == (422, WAS)
    assert [each["path"] for each in answer.json()["errors"]] == ["answers.neighbours"]


@pytest.mark.parametrize("sent", ["x", 3, ["x"], [[]], {"0": "x"}])
async def test_what_is_no_group_is_refused_as_such(amended, sent):
    answer, now = await amended(lambda rows: sent)
    assert (answer.status_code, now) == (422, WAS)
