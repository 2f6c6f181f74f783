"""A program makes a webhook, is told what it may know of, changes it, pauses it and deletes it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from standardwebhooks import webhooks as judge
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from parvis import clock
from parvis.people.tokens import revoke_token, token_of
from parvis_api_webhooks.collecting import collect
from parvis_api_webhooks.endpoints import endpoints_of
from parvis_api_webhooks.rounds import one_round
from parvis_api_webhooks.tables import WebhookDelivery

from .conftest import SCOPES, URL


async def until_calm(host):
    """Rounds as long as there is something to do."""
    while await one_round(host):
        pass


def believed(secret, sent, monkeypatch):
    """Whether the library of the standard believes a call, by the clock of the host."""

    class Now(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.now()

    monkeypatch.setattr(judge, "datetime", Now)
    try:
        Webhook(secret).verify(sent.content, dict(sent.headers))
    except WebhookVerificationError:
        return False
    return True


async def test_what_happens_is_told_in_order_signed_and_once(api, made, receiver, monkeypatch):
    await api.filed()
    webhook, token = await made()
    reference = (await api.filed())["reference"]
    await api.post(f"/requests/{reference}/moves", {"transition": "start", "version": 1}, token)
    await api.post(f"/requests/{reference}/notes", {"words": "Confidentiel"}, token)
    await until_calm(api.host)
    assert [each["type"] for each in receiver.told] == ["request.submitted", "request.moved"]
    assert {each["data"]["reference"] for each in receiver.told} == {reference}
    assert receiver.told[1]["data"]["change"] == {"transition": "start", "source": "received", "target": "working"}
    assert all(believed(webhook["secret"], each, monkeypatch) for each in receiver.requests)
    assert "Zoé" not in receiver.requests[0].content.decode()
    assert "zoe@" not in receiver.requests[0].content.decode()
    await until_calm(api.host)
    assert len(receiver.requests) == 2
    shown = (await api.get(f"/webhooks/{webhook['id']}", token)).json()
    assert shown["counts"] == {"waiting": 0, "claimed": 0, "done": 2, "dead": 0, "skipped": 0}
    assert "secret" not in shown
    assert webhook["secret"] not in (await api.get("/webhooks", token)).text
    told = (await api.get(f"/webhooks/{webhook['id']}/deliveries", token, limit=1)).json()
    assert [each["event"] for each in told["items"]] == ["moved"]
    more = await api.get(f"/webhooks/{webhook['id']}/deliveries", token, cursor=told["next_cursor"])
    assert [each["event"] for each in more.json()["items"]] == ["submitted"]
    assert more.json()["items"][0]["id"] == receiver.told[0]["id"]


@pytest.mark.parametrize(
    ("types", "told"), [(("hole",), {"hole"}), (("quarrel",), {"quarrel"}), ((), {"hole", "quarrel"})]
)
async def test_a_webhook_is_told_of_nothing_outside_the_limits_of_its_token(api, made, limited, receiver, types, told):
    webhook, _ = await made(await limited(types=types))
    assert webhook["types"] == list(types)
    await api.filed()
    await api.filed(type="quarrel", answers={"kind": "dog"})
    await until_calm(api.host)
    assert {each["data"]["request_type"] for each in receiver.told} == told


async def test_what_has_left_the_limits_since_is_not_told(api, made, limited, receiver):
    town = api.host.jurisdictions.jurisdiction("parvis")
    every = await limited()
    reference = (await api.filed())["reference"]
    unit = (await api.get(f"/requests/{reference}", every)).json()["unit"]
    other = next(
        code for code in town.units if code not in town.units_under(unit) and unit not in town.units_under(code)
    )
    webhook, token = await made(await limited(units=(unit,)))
    receiver.status = 503
    second = (await api.filed())["reference"]
    await until_calm(api.host)
    moved = await api.post(f"/requests/{second}/assignment", {"unit": other, "version": 1}, every)
    assert moved.status_code == 200, moved.text
    receiver.status, sent = 204, len(receiver.requests)
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        await until_calm(api.host)
        shown = (await api.get(f"/webhooks/{webhook['id']}", token)).json()
    assert len(receiver.requests) == sent
    assert shown["counts"]["skipped"] == 1


async def test_another_unit_s_token_neither_sees_nor_touches_it(api, made, limited):
    webhook, _ = await made(await limited(types=("hole",)))
    for strange in (
        await limited(types=("quarrel",)),
        await limited(units=("planning",)),
        await limited(jurisdiction="rivemont"),
    ):
        assert (await api.get("/webhooks", strange)).json() == {"items": [], "next_cursor": ""}
        here = f"/webhooks/{webhook['id']}"
        assert (await api.get(here, strange)).status_code == 404
        assert (await api.get(f"{here}/deliveries", strange)).status_code == 404
        for path, body in (
            ("deletion", None),
            ("test", None),
            ("secret", {}),
            ("replay", {"since": "2026-01-01T00:00:00Z"}),
        ):
            assert (await api.post(f"{here}/{path}", body, strange)).status_code == 404, path
        changed = await api.http.patch(f"/api/v1{here}", json={"version": 1, "paused": True}, headers=strange)
        assert changed.status_code == 404
    assert (await api.get("/webhooks")).status_code == 401
    assert (await api.get("/webhooks", await limited("requests:read"))).status_code == 403
    manages = await limited("webhooks:manage")
    assert (await api.post("/webhooks", {"title": "x", "url": URL}, manages)).status_code == 403


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"url": "http://observatory.example/in"}, "url"),
        ({"url": "https://me:secret@observatory.example/in"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "https://observatory.example/#x"}, "url"),
        ({"url": "https://" + "x" * 600}, "url"),
        ({"url": "https://" + "x" * 64 + ".example/in"}, "url"),
        ({"url": "https://observa tory.example/in"}, "url"),
        ({"title": " "}, "title"),
        ({"events": ["noted"]}, "events.0"),
        ({"events": []}, "events"),
        ({"types": ["hole", "nothing"]}, "types.1"),
        ({"types": ["quarrel"]}, "types.0"),
        ({"units": ["nowhere"]}, "units.0"),
        ({"needs": ["contact"]}, "needs"),
    ],
)
async def test_what_may_not_be_made_is_named(api, limited, given, path):
    token = await limited(types=("hole",))
    answer = await api.post("/webhooks", {"title": "Observatoire", "url": URL} | given, token)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"] == path
    assert (await api.get("/webhooks", token)).json() == {"items": [], "next_cursor": ""}


async def test_it_is_changed_against_its_version_paused_and_resumed_without_a_loss(api, made, receiver):
    webhook, token = await made()

    async def change(**given):
        return await api.http.patch(f"/api/v1/webhooks/{webhook['id']}", json=given, headers=token)

    paused = await change(version=1, paused=True, events=["submitted"])
    assert (paused.json()["paused"], paused.json()["paused_because"], paused.json()["version"]) == (True, "asked", 2)
    assert (await change(version=1, title="Autre")).status_code == 409
    assert (await change(title="Autre")).status_code == 422
    await api.filed()
    await until_calm(api.host)
    assert receiver.requests == []
    assert (await change(version=2, paused=False)).json()["paused"] is False
    await until_calm(api.host)
    assert len(receiver.requests) == 1


async def test_both_secrets_sign_until_the_overlap_is_over(api, made, receiver, monkeypatch):
    webhook, token = await made()
    with clock.moved_to(clock.now()) as moved:
        renewed = await api.post(f"/webhooks/{webhook['id']}/secret", {"overlap_hours": 2}, token)
        secret = renewed.json()["secret"]
        assert secret != webhook["secret"]
        await api.post(f"/webhooks/{webhook['id']}/test", None, token)
        assert [believed(each, receiver.requests[-1], monkeypatch) for each in (webhook["secret"], secret)] == [
            True
        ] * 2
        moved.forward(hours=3)
        answer = await api.post(f"/webhooks/{webhook['id']}/test", None, token)
        assert answer.json() == {"accepted": True, "answer": "HTTP 204"}
        signed = [believed(each, receiver.requests[-1], monkeypatch) for each in (webhook["secret"], secret)]
        assert signed == [False, True]


async def test_secrets_renewed_again_before_the_overlap_is_over_all_sign_until_then(api, made, receiver, monkeypatch):
    webhook, token = await made()
    path = f"/webhooks/{webhook['id']}/secret"
    with clock.moved_to(clock.now()) as moved:
        answers = await asyncio.gather(*(api.post(path, {"overlap_hours": 2}, token) for _ in range(2)))
        told = [webhook["secret"], *(each.json()["secret"] for each in answers)]
        await api.post(f"/webhooks/{webhook['id']}/test", None, token)
        assert [believed(each, receiver.requests[-1], monkeypatch) for each in told] == [True] * 3
        moved.forward(hours=3)
        await api.post(f"/webhooks/{webhook['id']}/test", None, token)
        assert [believed(each, receiver.requests[-1], monkeypatch) for each in told].count(True) == 1
        last = await api.post(path, {"overlap_hours": 0}, token)
        await api.post(f"/webhooks/{webhook['id']}/test", None, token)
        assert [believed(each, receiver.requests[-1], monkeypatch) for each in told] == [False] * 3
        assert believed(last.json()["secret"], receiver.requests[-1], monkeypatch)


async def test_a_change_of_another_version_speaks_of_the_webhook(api, made):
    webhook, token = await made()
    change = {"version": 7, "title": "Autre"}
    answer = await api.http.patch(
        f"/api/v1/webhooks/{webhook['id']}", json=change, headers=token | {"accept-language": "en"}
    )
    assert answer.status_code == 409
    assert answer.json()["detail"] == "The webhook has changed; it is now at version 1."
    assert answer.json()["errors"][0]["path"] == "version"


async def test_a_trial_is_answered_in_the_language_of_the_call(api, made, receiver):
    webhook, token = await made()
    receiver.status = 503
    said = {}
    for language in ("fr", "en"):
        answer = await api.post(f"/webhooks/{webhook['id']}/test", None, token | {"accept-language": language})
        said[language] = answer.json()["answer"]
    assert said == {"fr": "le système demande d’attendre (HTTP 503)", "en": "it asks to wait (HTTP 503)"}


async def test_what_is_collected_for_one_that_was_just_deleted_is_not_kept(api, made):
    webhook, token = await made()
    await api.filed()
    [endpoint] = await endpoints_of("parvis")
    assert (await api.post(f"/webhooks/{webhook['id']}/deletion", None, token)).is_success
    assert await collect(api.host, endpoint) == 0
    assert await WebhookDelivery.count() == 0


async def test_who_has_lost_the_token_is_told_nothing_any_more(api, made, receiver):
    webhook, token = await made()
    handle = (await token_of(api.host.engine, token["Authorization"].removeprefix("Bearer "))).handle
    await revoke_token(api.host.engine, handle)
    await api.filed()
    await until_calm(api.host)
    assert receiver.requests == []
    other = await api.token(*SCOPES)
    shown = (await api.get(f"/webhooks/{webhook['id']}", other)).json()
    assert (shown["paused"], shown["paused_because"], shown["counts"]["waiting"]) == (True, "token", 1)
    change = {"version": 1, "paused": False}
    resumed = await api.http.patch(f"/api/v1/webhooks/{webhook['id']}", json=change, headers=other)
    assert resumed.status_code == 200, resumed.text
    await until_calm(api.host)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [500, 429, 302, None])
async def test_failures_are_tried_again_later_and_slow_down(api, made, receiver, status):
    webhook, token = await made()
    receiver.status = status
    await api.filed()
    with clock.moved_to(clock.now()) as moved:
        await until_calm(api.host)
        assert len(receiver.requests) == 1
        for _ in range(8):
            moved.forward(seconds=20)
            await until_calm(api.host)
        assert 2 < len(receiver.requests) < 8
        receiver.status = 204
        moved.forward(hours=2)
        await until_calm(api.host)
        shown = (await api.get(f"/webhooks/{webhook['id']}", token)).json()
    assert (shown["counts"]["done"], shown["failures"]) == (1, 0)


async def test_an_endpoint_that_is_gone_or_fails_for_days_is_paused(api, made, receiver):
    webhook, token = await made()
    receiver.status = 410
    await api.filed()
    await until_calm(api.host)
    shown = (await api.get(f"/webhooks/{webhook['id']}", token)).json()
    assert (shown["paused_because"], shown["counts"]["waiting"], shown["counts"]["dead"]) == ("gone", 1, 0)
    receiver.status = 204
    resumed = {"version": shown["version"], "paused": False}
    assert (await api.http.patch(f"/api/v1/webhooks/{webhook['id']}", json=resumed, headers=token)).is_success
    await until_calm(api.host)
    assert (await api.get(f"/webhooks/{webhook['id']}", token)).json()["counts"]["done"] == 1
    assert (await api.post(f"/webhooks/{webhook['id']}/deletion", None, token)).is_success
    other, _ = await made(token)
    receiver.status = 500
    with clock.moved_to(clock.now()) as moved:
        await api.filed()
        await until_calm(api.host)
        moved.forward(days=6)
        await until_calm(api.host)
        shown = (await api.get(f"/webhooks/{other['id']}", token)).json()
    assert (shown["paused_because"], shown["counts"]["waiting"]) == ("failing", 1)


async def test_deleted_it_is_gone_with_its_deliveries(api, made, receiver):
    webhook, token = await made()
    await api.filed()
    assert (await api.post(f"/webhooks/{webhook['id']}/deletion", None, token)).json() == {"deleted": True}
    await until_calm(api.host)
    assert receiver.requests == []
    assert (await api.get(f"/webhooks/{webhook['id']}", token)).status_code == 404
    assert (await api.get("/webhooks/nonsense", token)).status_code == 404
