"""Many requests in one call are found, read and worked on as far as each call of its own might."""

import asyncio
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.people.throttle import Pace
from parvis_bulk_actions.repeats import forget_repeats
from parvis_bulk_actions.tables import WrittenRow
from parvis_testing.api import HERE, ZOE


async def told(api, path, body, token, status=200):
    answer = await api.post(path, body, token)
    assert answer.status_code == status, answer.text
    return answer.json()


async def references(api, token, **asked):
    found = await told(api, "/bulk/searches", asked, token)
    return {each["reference"] for each in found["items"]}


@pytest.fixture
async def three(api):
    """Three holes, the second of which is dangerous, and the third seen by somebody."""
    given = [{}, {"danger": True}, {"witness": "Léa Roy"}]
    return [
        (await api.filed(answers={"danger": False, "words": f"Trou {number}"} | each))["reference"]
        for number, each in enumerate(given)
    ]


async def test_requests_are_found_by_answers_state_and_place_with_the_members_wanted(api, three):
    token = await api.token("requests:read", "requests:write")
    dangerous = await told(
        api, "/bulk/searches", {"type": "hole", "answers": {"danger": True}, "fields": ["state", "version"]}, token
    )
    assert dangerous["items"] == [{"reference": three[1], "state": "received", "version": 1}]
    assert await references(api, token, type="hole", answers={"danger": [True, False]}) == set(three)
    moved = await api.post(f"/requests/{three[0]}/moves", {"transition": "start", "version": 1}, token)
    assert moved.status_code == 200, moved.text
    assert await references(api, token, states=["working"]) == {three[0]}
    assert await references(api, token, bbox=[-73.6, 45.5, -73.5, 45.6]) == set(three)
    assert await references(api, token, bbox=[-70.6, 45.5, -70.5, 45.6]) == set()
    cursor, seen = "", []
    while True:
        page = await told(api, "/bulk/searches", {"limit": 2, "cursor": cursor, "fields": ["type"]}, token)
        seen += [each["reference"] for each in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert sorted(seen) == sorted(three)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"type": "hole", "answers": {"colour": "red"}}, "answers.colour"),
        ({"type": "nothing", "answers": {"danger": True}}, "type"),
        ({"answers": {"danger": True}}, "type"),
        ({"fields": ["state", "secret"]}, "fields.1"),
        ({"cursor": "x"}, "cursor"),
        ({"limit": 201}, "limit"),
        ({"bbox": [1, 2]}, "bbox"),
        ({"state": ["working"]}, "state"),
        ({"type": "hole", "answers": {"danger": 1}}, "answers.danger"),
        ({"type": "quarrel", "answers": {"kind": ["noise", "smell"]}}, "answers.kind"),
        ({"type": "nothing"}, "type"),
        ({"states": ["received", "nowhere"]}, "states.1"),
        ({"phases": ["over"]}, "phases.0"),
        ({"zones": ["nowhere"]}, "zones.0"),
        ({"units": ["nobody"]}, "units.0"),
        ({"bbox": [1e300, 45, 1e301, 46]}, "bbox"),
        ({"bbox": [-73.5, 45.5, -73.6, 45.6]}, "bbox"),
        ({"updated_since": "0001-01-01T00:00:00+14:00"}, "updated_since"),
        ({"updated_since": "yesterday"}, "updated_since"),
        ({"updated_since": ""}, "updated_since"),
        ({"near": [-73.58, 95]}, "near"),
        ({"within": 500}, "within"),
        ({"near": [-73.58, 45.52], "within": 20_001}, "within"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused_by_its_place(api, asked, path):
    refused = await told(api, "/bulk/searches", asked, await api.token("requests:read"), 422)
    assert [each["path"] for each in refused["errors"]] == [path]


@pytest.mark.parametrize(
    ("path", "body", "code", "limit"),
    [
        ("/bulk/searches", {"limit": 201}, "out_of_range", "200"),
        ("/bulk/searches", {"limit": 0}, "out_of_range", "1"),
        ("/bulk/searches", {"bbox": [1, 2]}, "too_few", "4"),
        ("/bulk/reads", {"references": ["7K3M-9QXT-4"] * 201}, "too_many", "200"),
        ("/bulk/reads", {"references": []}, "too_few", "1"),
        ("/bulk/writes", {"rows": [{"reference": "x", "do": "note", "version": 1}] * 101}, "too_many", "100"),
    ],
)
async def test_a_limit_that_was_passed_is_named(api, path, body, code, limit):
    token = await api.token("requests:read", "requests:write")
    for language in ({}, {"Accept-Language": "en"}):
        (error,) = (await told(api, path, body, token | language, 422))["errors"]
        assert (error["code"], limit in error["message"]) == (code, True), error


async def test_a_row_that_comes_too_often_says_how_long_to_wait(api, three, monkeypatch):
    token = await api.token("requests:read", "requests:write")
    rows = [{"reference": three[0], "do": "note", "version": 1, "body": {"words": "Vu"}}]
    allows = Pace.allows
    monkeypatch.setattr(Pace, "allows", lambda pace, kind, *rest: kind == "read" and allows(pace, kind, *rest))
    monkeypatch.setattr("parvis.api.calls._limited", lambda call: None)
    (row,) = (await told(api, "/bulk/writes", {"rows": rows}, token))["items"]
    assert (row["status"], row["retry_after"]) == (429, 600)


async def test_requests_are_found_near_a_point(api, three):
    token = await api.token("requests:read")
    lon, lat = -73.5807, 45.5236
    assert await references(api, token, near=[lon, lat]) == set(three)
    assert await references(api, token, near=[lon + 0.01, lat], within=500) == set()
    assert await references(api, token, near=[lon + 0.01, lat], within=1_000) == set(three)


async def test_the_requests_of_a_person_are_found_by_who_may_read_contacts(api):
    ours = [(await api.filed(requester=ZOE | {"phone": "514 555-0101"}))["reference"] for _ in range(2)]
    await api.filed(requester={"mode": "named", "name": "Bo", "email": "bo@exemple.ca"})
    await api.filed(type="quarrel", answers={"kind": "dog"}, requester=ZOE | {"mode": "confidential"})
    knows = await api.token("requests:read", "contacts:read")
    for person in ({"email": "ZOE@exemple.ca"}, {"phone": "(514) 555-0101"}):
        assert await references(api, knows, person=person) == set(ours), person
    both = {"email": "bo@exemple.ca", "phone": "514 555-0101"}
    assert await references(api, knows, person=both) == set()
    await told(api, "/bulk/searches", {"person": {"email": "zoe@exemple.ca"}}, await api.token("requests:read"), 403)
    for person, path in (({}, "person"), ({"email": "zoe"}, "person.email"), ({"name": "Zoé"}, "person.name")):
        refused = await told(api, "/bulk/searches", {"person": person}, knows, 422)
        assert [each["path"] for each in refused["errors"]] == [path]


async def test_nothing_is_found_by_what_the_token_may_not_read(api, three):
    reads = await api.token("requests:read")
    knows = await api.token("requests:read", "contacts:read")
    seen = {"type": "hole", "answers": {"witness": "Léa Roy"}}
    assert await references(api, knows, **seen) == {three[2]}
    assert await references(api, reads, **seen) == set()
    (whole,) = (await told(api, "/bulk/reads", {"references": [three[2]]}, reads))["items"]
    assert whole["request"]["answers"] == {"danger": False, "words": "Trou 2"}
    assert "requester" not in whole["request"]
    elsewhere = await api.token("requests:read", unit="planning")
    assert await references(api, elsewhere) == set()
    rows = (await told(api, "/bulk/reads", {"references": three}, elsewhere))["items"]
    public = [(await api.get(f"/requests/{reference}")).json() for reference in three]
    assert [(each["status"], each["request"]) for each in rows] == [(200, each) for each in public]
    for path, body in (("searches", {}), ("reads", {"references": three}), ("writes", {"rows": []})):
        await told(api, f"/bulk/{path}", body, await api.token("operate"), 403)
        await told(api, f"/bulk/{path}", body, None, 401)


async def test_each_reference_is_read_with_a_result_of_its_own(api, three):
    token = await api.token("requests:read")
    asked = {"references": [three[0], "7K3M-9QXT-4", three[1]], "fields": ["answers"]}
    rows = (await told(api, "/bulk/reads", asked, token))["items"]
    assert [each["status"] for each in rows] == [200, 404, 200]
    assert rows[2]["request"] == {"reference": three[1], "answers": {"danger": True, "words": "Trou 1"}}
    assert rows[1]["errors"][0]["code"] == "not_found"
    alone = (await api.get(f"/requests/{three[0]}", token)).json()
    (whole,) = (await told(api, "/bulk/reads", {"references": [three[0]]}, token))["items"]
    assert whole["request"] == alone
    await told(api, "/bulk/reads", {"references": []}, token, 422)
    await told(api, "/bulk/reads", {"references": [three[0]] * 201}, token, 422)


async def test_each_row_is_done_by_itself_and_not_twice(api, three):
    token = await api.token("requests:read", "requests:write")
    rows = [
        {"reference": three[0], "do": "move", "version": 1, "body": {"transition": "start"}},
        {"reference": three[1], "do": "move", "version": 1, "body": {"transition": "reopen"}},
        {"reference": three[2], "do": "note", "version": 1, "body": {"words": "Vu"}},
        {"reference": "7K3M-9QXT-4", "do": "note", "version": 1, "body": {"words": "Vu"}},
        {"reference": three[1], "do": "move", "version": 1, "body": {"transition": "start", "answers": {"zzz": 1}}},
        {"reference": three[1], "do": "note", "version": 1, "body": {"words": "Vu", "audience": "public"}},
    ]
    done = (await told(api, "/bulk/writes", {"rows": rows}, token))["items"]
    assert [each["status"] for each in done] == [200, 409, 200, 404, 422, 422]
    assert done[0]["request"] == {"version": 2, "state": "working"}
    where = [[each["path"] for each in row["errors"]] for row in done]
    assert where == [[], ["body.transition"], [], [""], ["body.answers.zzz"], ["body.audience"]]
    again = (await told(api, "/bulk/writes", {"rows": rows[:3]}, token))["items"]
    assert again == done[:3]
    late = rows[2] | {"body": {"words": "Vu plus tard"}}
    (other,) = (await told(api, "/bulk/writes", {"rows": [late]}, token))["items"]
    assert (other["status"], other["errors"][0]["path"]) == (409, "version")
    refused = await told(api, "/bulk/writes", {"rows": [rows[0] | {"do": "erase"}]}, token, 422)
    assert refused["errors"][0]["path"].startswith("rows")
    await told(api, "/bulk/writes", {"rows": rows}, await api.token("requests:read"), 403)
    await told(api, "/bulk/writes", {"rows": rows}, await api.token("requests:write"), 403)


async def test_a_row_is_answered_again_as_at_first_by_its_token_alone(api, three):
    token, other = [await api.token("requests:read", "requests:write") for _ in range(2)]
    row = {"reference": three[0], "do": "note", "version": 1, "body": {"words": "Vu"}}
    first, twin = (await told(api, "/bulk/writes", {"rows": [row, row]}, token))["items"]
    assert first == twin == {"reference": three[0], "status": 200, "request": first["request"], "errors": []}
    path = f"/requests/{three[0]}"
    assert (await api.post(f"{path}/notes", {"words": "Autre"}, token)).status_code == 200
    for who, status in ((token, 200), (other, 409)):
        (again,) = (await told(api, "/bulk/writes", {"rows": [row]}, who))["items"]
        assert again["status"] == status
        assert status == 409 or again == first
    story = (await api.get(f"{path}/story", token)).json()["items"]
    assert [each["kind"] for each in story].count("note") == 2
    (gone,) = (await told(api, "/bulk/writes", {"rows": [row]}, await api.token("requests:read", "requests:write")))[
        "items"
    ]
    assert gone["status"] == 409


async def test_a_row_that_was_done_before_its_answer_was_kept_is_not_refused(api, three, monkeypatch):
    token = await api.token("requests:read", "requests:write")
    rows = [
        {"reference": three[0], "do": "move", "version": 1, "body": {"transition": "start"}},
        {"reference": three[1], "do": "move", "version": 1, "body": {"transition": "reopen"}},
    ]

    async def killed(*_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("parvis_bulk_actions.api.settle", killed)
        await told(api, "/bulk/writes", {"rows": rows}, token, 500)
    for _ in range(2):
        done, refused = (await told(api, "/bulk/writes", {"rows": rows}, token))["items"]
        assert (done["status"], done["request"]) == (200, {"version": 2, "state": "working"})
        assert (refused["status"], refused["errors"][0]["path"]) == (409, "body.transition")


async def test_a_row_that_was_only_begun_is_not_taken_for_another_one_that_was_done(api, three, monkeypatch):
    token = await api.token("requests:read", "requests:write")
    note, other, move, message, given = (
        {"reference": three[0], "do": do, "version": 1, "body": body}
        for do, body in (
            ("note", {"words": "Vu"}),
            ("note", {"words": "Pas vu"}),
            ("move", {"transition": "start"}),
            ("message", {"words": "Vu"}),
            ("assign", {"unit": "planning"}),
        )
    )

    async def killed(*_):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("parvis_bulk_actions.api.settle", killed)
        await told(api, "/bulk/writes", {"rows": [note, other, move, message, given]}, token, 500)
    done, *refused = (await told(api, "/bulk/writes", {"rows": [note, other, move, message, given]}, token))["items"]
    assert done["status"] == 200
    assert [each["status"] for each in refused] == [409, 409, 409, 409]


@pytest.mark.both_engines
async def test_the_same_call_twice_at_the_same_time_is_done_once_and_answered_twice(api, three):
    token = await api.token("requests:read", "requests:write")
    rows = [{"reference": each, "do": "note", "version": 1, "body": {"words": "Vu"}} for each in three]
    calls = [told(api, "/bulk/writes", {"rows": rows}, token) for _ in range(4)]
    for answer in await asyncio.gather(*calls):
        assert {each["status"] for each in answer["items"]} <= {200, 409}
    (again,) = [await told(api, "/bulk/writes", {"rows": rows}, token)]
    assert [each["status"] for each in again["items"]] == [200, 200, 200]
    for each in three:
        story = (await api.get(f"/requests/{each}/story", token)).json()["items"]
        assert [line["kind"] for line in story].count("note") == 1


async def test_what_rows_did_is_forgotten_after_a_week(api, three):
    token = await api.token("requests:read", "requests:write")
    rows = [{"reference": three[0], "do": "note", "version": 1, "body": {"words": "Vu"}}]
    await told(api, "/bulk/writes", {"rows": rows}, token)
    assert await forget_repeats(api.host) == 0
    async with transaction(api.host.engine):
        await WrittenRow.update({WrittenRow.at: clock.now() - timedelta(days=8)}, force=True)
    assert await forget_repeats(api.host) == 1
    (again,) = (await told(api, "/bulk/writes", {"rows": rows}, token))["items"]
    assert again["status"] == 409


async def test_a_key_of_another_unit_writes_nothing(api, three):
    elsewhere = await api.token("requests:read", "requests:write", unit="planning")
    rows = [
        {"reference": three[0], "do": do, "version": 1, "body": body}
        for do, body in (
            ("move", {"transition": "start"}),
            ("assign", {"unit": "planning"}),
            ("note", {"words": "Vu"}),
            ("message", {"words": "Bonjour"}),
        )
    ]
    done = (await told(api, "/bulk/writes", {"rows": rows}, elsewhere))["items"]
    assert all(each["status"] in (403, 404) and "request" not in each for each in done)
    token = await api.token("requests:read")
    assert (await api.get(f"/requests/{three[0]}", token)).json()["version"] == 1


def row(key, **given):
    body = {
        "type": "hole",
        "language": "fr",
        "answers": {"danger": False, "words": f"Trou {key}"},
        "place": HERE,
        "requester": ZOE,
    }
    return {"key": key, "request": body | given}


async def test_requests_are_filed_row_by_row_and_a_row_that_is_sent_again_is_filed_once(api):
    token = await api.token("requests:write")  # a program that only files
    sent = {
        "rows": [row("a"), row("b", type="nothing"), row("c", answers={"size": 1}), row("d", colour="red"), row("e")]
    }
    first = (await told(api, "/bulk/requests", sent, token))["items"]
    assert [(each["key"], each["status"]) for each in first] == [
        ("a", 201),
        ("b", 422),
        ("c", 422),
        ("d", 422),
        ("e", 201),
    ]
    paths = [{one["path"] for one in each["errors"]} for each in first]
    assert paths[1] == {"request.type"}
    assert "request.answers.danger" in paths[2]
    assert paths[3] == {"request.colour"}
    sent["rows"][1:4] = [row("b"), row("c")]
    again = (await told(api, "/bulk/requests", sent, token))["items"]
    assert [each["status"] for each in again] == [201, 201, 201, 201]
    kept = [again[number]["receipt"]["reference"] for number in (0, 3)]
    assert kept == [first[number]["receipt"]["reference"] for number in (0, 4)]
    other = (await told(api, "/bulk/requests", {"rows": [row("a", language="en")]}, token))["items"]
    assert (other[0]["status"], "receipt" in other[0]) == (422, False)
    reading = await api.token("requests:read")
    assert len(await references(api, reading)) == 4
    elsewhere = await api.token("requests:write")  # the keys of a token are its own
    assert (await told(api, "/bulk/requests", {"rows": [row("a")]}, elsewhere))["items"][0]["status"] == 201
    assert len(await references(api, reading)) == 5


async def test_rows_are_filed_by_tokens_alone_a_hundred_at_once(api):
    await told(api, "/bulk/requests", {"rows": [row("a")]}, None, 401)
    await told(api, "/bulk/requests", {"rows": [row("a")]}, await api.token("requests:read"), 403)
    token = await api.token("requests:write")
    for rows in ([], [row(str(number)) for number in range(101)], [{"key": "", "request": {}}], [{"request": {}}]):
        await told(api, "/bulk/requests", {"rows": rows}, token, 422)


async def test_two_calls_with_the_same_rows_at_once_file_them_once(api):
    token = await api.token("requests:write")
    sent = {"rows": [row(str(number)) for number in range(6)]}
    both = await asyncio.gather(*(told(api, "/bulk/requests", sent, token) for _ in range(3)))
    named = {tuple(each["receipt"]["reference"] for each in one["items"]) for one in both}
    assert len(named) == 1
    assert len(await references(api, await api.token("requests:read"))) == 6


async def test_a_key_is_text_that_every_database_keeps(api):
    token = await api.token("requests:write")
    for key in ("a\x00b", "a\nb", ""):
        sent = {"rows": [{"key": key, "request": {"type": "hole", "answers": {"danger": False}}}]}
        answer = await api.post("/bulk/requests", sent, token)
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "rows.0.key")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"place": {"lattitude": 1}}, "body.place.lattitude"),
        ({"answers": {}, "place": {"words": None}}, "body.place.words"),
    ],
)
async def test_what_a_row_does_not_take_is_named_wherever_it_stands(api, three, body, path):
    token = await api.token("requests:read", "requests:write")
    rows = [{"reference": three[0], "do": "correct", "version": 1, "body": body}]
    [done] = (await told(api, "/bulk/writes", {"rows": rows}, token))["items"]
    assert (done["status"], [each["path"] for each in done["errors"]]) == (422, [path])


async def test_corrections_are_made_row_by_row_against_the_version_that_was_seen(api, three):
    token = await api.token("requests:read", "requests:write")
    changes = [{"answers": {"danger": True}}, {"type": "nothing"}, {"answers": {"danger": True}, "lattitude": 1}]
    rows = [
        {"reference": reference, "do": "correct", "version": 1, "body": body}
        for reference, body in zip(three, changes, strict=True)
    ]
    done = (await told(api, "/bulk/writes", {"rows": rows}, token))["items"]
    assert [each["status"] for each in done] == [200, 422, 422]
    assert done[0]["request"]["version"] == 2
    assert [one["path"] for one in done[1]["errors"]] == ["body.type"]
    assert [one["path"] for one in done[2]["errors"]] == ["body.lattitude"]
    assert await references(api, token, type="hole", answers={"danger": True}) == {three[0], three[1]}
    (again,) = (await told(api, "/bulk/writes", {"rows": rows[:1]}, token))["items"]
    assert again == done[0]
    other = [rows[0] | {"body": {"answers": {"danger": False}}}]
    (late,) = (await told(api, "/bulk/writes", {"rows": other}, token))["items"]
    assert (late["status"], late["errors"][0]["path"]) == (409, "version")
