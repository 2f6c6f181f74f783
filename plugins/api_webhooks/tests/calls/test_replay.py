"""Events are replayed from a moment or after a delivery, completely, also when processes are killed on the way."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import Entry
from parvis.identifiers import new_id
from parvis.requests.records import find
from parvis_api_webhooks import collecting
from parvis_api_webhooks.collecting import go_on_with_replay
from parvis_api_webhooks.endpoints import endpoints_of
from parvis_api_webhooks.tables import WebhookDelivery

from .test_webhooks import until_calm

MANY = 10_000


async def replay(api, webhook, token, **given):
    return await api.post(f"/webhooks/{webhook['id']}/replay", given, token)


async def test_from_a_moment_before_it_was_made_all_that_it_may_know_is_told(api, made, limited, receiver):
    with clock.moved_to(clock.now()) as moved:
        begun = clock.now()
        first = (await api.filed())["reference"]
        await api.filed(type="quarrel", answers={"kind": "dog"})
        moved.forward(days=2)
        webhook, token = await made(await limited(types=("hole",)))
        second = (await api.filed())["reference"]
        await until_calm(api.host)
        assert [each["data"]["reference"] for each in receiver.told] == [second]
        told = receiver.told[0]["id"]
        answer = await replay(api, webhook, token, since=f"{begun - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}")
        assert answer.status_code == 202, answer.text
        assert answer.json()["replay"] == {"deliveries": 0, "over": False}
        await until_calm(api.host)
        again = [each["data"]["reference"] for each in receiver.told[1:]]
        assert sorted(again) == sorted((first, second))
        assert told in {each["id"] for each in receiver.told[1:]}  # the receiver knows it again
        shown = (await api.get(f"/webhooks/{webhook['id']}", token)).json()
        assert shown["replay"] == {"deliveries": 2, "over": True}


async def test_after_a_delivery_only_what_came_later_is_told_again(api, made, receiver):
    webhook, token = await made()
    references = [(await api.filed())["reference"] for _ in range(3)]
    await until_calm(api.host)
    by_reference = {each["data"]["reference"]: each["id"] for each in receiver.told}
    assert (await replay(api, webhook, token, after=by_reference[references[0]])).status_code == 202
    await until_calm(api.host)
    assert {each["data"]["reference"] for each in receiver.told[3:]} == set(references[1:])


@pytest.mark.parametrize("given", [{}, {"since": "yesterday"}, {"after": "x"}, {"until": 1}])
async def test_a_replay_that_says_not_from_where_is_refused(api, made, given):
    webhook, token = await made()
    assert (await replay(api, webhook, token, **given)).status_code == 422
    both = {"since": "2026-01-01T00:00:00Z", "after": webhook["id"]}
    assert (await replay(api, webhook, token, **both)).status_code == 422


async def test_ten_thousand_are_made_in_pieces_and_whoever_is_killed_in_the_middle_loses_and_doubles_none(
    api, made, monkeypatch, receiver
):
    webhook, token = await made()
    record = await find(api.host, (await api.filed())["reference"])
    begun = clock.now() - timedelta(seconds=1)
    row = (await Entry.select().where(Entry.request == record.id))[0]
    async with transaction(api.host.engine):
        for start in range(0, MANY, 500):
            await insert_values(
                Entry,
                *({**row, "id": new_id(), "number": start + number + 2} for number in range(500)),
            )
    await replay(api, webhook, token, since=f"{begun:%Y-%m-%dT%H:%M:%SZ}")

    async def step():
        [endpoint] = await endpoints_of("parvis")
        return await go_on_with_replay(api.host, endpoint)

    assert [await step() for _ in range(3)] == [500] * 3
    insert, calls = collecting._insert, []

    async def killed(*given):
        await insert(*given)
        calls.append(given)
        raise SystemExit(9)

    monkeypatch.setattr(collecting, "_insert", killed)
    with pytest.raises(SystemExit):
        await step()
    monkeypatch.setattr(collecting, "_insert", insert)
    assert await WebhookDelivery.count() == 1500  # nothing of the piece that was cut off
    while await step():
        pass
    rows = await WebhookDelivery.select(WebhookDelivery.entry, WebhookDelivery.state)
    assert len(rows) == len({each["entry"] for each in rows}) == MANY + 1
    assert {each["state"] for each in rows} == {"waiting"}
    [endpoint] = await endpoints_of("parvis")
    assert (endpoint.replayed, endpoint.replay_until) == (MANY + 1, None)


async def test_two_workers_that_go_on_with_one_replay_make_each_delivery_once(api, made):
    webhook, token = await made()
    for _ in range(3):
        await api.filed()
    await replay(api, webhook, token, since="2026-01-01T00:00:00Z")
    [endpoint] = await endpoints_of("parvis")
    assert await go_on_with_replay(api.host, endpoint) == 3
    assert await go_on_with_replay(api.host, endpoint) == 0
    assert await WebhookDelivery.count() == 3
