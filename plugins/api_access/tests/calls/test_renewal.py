"""Keys of a token: renewed with an overlap, ended together, and each told apart from its token."""

import asyncio
from datetime import datetime, timedelta

import pytest

from parvis import clock
from parvis.people import tokens as tokens_of_people
from parvis.people.tokens import (
    TokenLimits,
    another_key,
    drop_keys,
    make_token,
    revoke_key,
    revoke_token,
    token_of,
    tokens,
)
from parvis_api_access.heard import ending_soon
from parvis_testing.modules import every_scope

READ, RENEW = "requests:read", "token:renew"


def key_in(token):
    return token["Authorization"].removeprefix("Bearer ")


def sent(key):
    return {"Authorization": f"Bearer {key}"}


async def test_a_token_renews_itself_and_the_key_of_before_ends_after_the_overlap(api, limited):
    with clock.moved_to(clock.now()) as moved:
        first = await limited(READ, RENEW, types=("hole",), ends_at=clock.now() + timedelta(days=30))
        moved.forward(days=20)
        answer = await api.post("/token/renewal", {"overlap_hours": 2}, first)
        assert answer.status_code == 200, answer.text
        second = sent(answer.json()["token"])
        one, other = [(await api.get("/token", each)).json() for each in (first, second)]
        assert one["handle"] == other["handle"]
        assert (other["types"], other["scopes"]) == (["hole"], [READ, RENEW])
        moved.forward(hours=3)
        assert (await api.get("/token", first)).status_code == 401
        assert (await api.get("/token", second)).status_code == 200
        moved.forward(days=29)
        assert (await api.get("/token", second)).status_code == 200
        moved.forward(days=1)
        refused = await api.get("/token", second)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == 'Bearer realm="parvis", error="invalid_token"'


async def test_a_renewal_whose_answer_was_lost_is_asked_for_again_and_lasts_as_long(api, limited):
    first = await limited(READ, RENEW, ends_at=clock.now() + timedelta(days=30))
    lost = await api.post("/token/renewal", {"overlap_hours": 1}, first)
    again = await api.post("/token/renewal", {"overlap_hours": 1}, first)
    for answer in (lost, again):
        left = datetime.fromisoformat(answer.json()["ends_at"]) - clock.now()
        assert timedelta(days=29) < left <= timedelta(days=30), answer.text
    assert (await api.get("/token", sent(lost.json()["token"]))).status_code == 200


async def test_renewals_side_by_side_all_last_as_long(api, limited):
    first = await limited(READ, RENEW, ends_at=clock.now() + timedelta(days=30))
    every = await asyncio.gather(*(api.post("/token/renewal", {"overlap_hours": 1}, first) for _ in range(5)))
    told = [datetime.fromisoformat(each.json()["ends_at"]) - clock.now() for each in every]
    assert all(timedelta(days=29) < each <= timedelta(days=30) for each in told), told


async def test_who_is_killed_while_renewing_ends_no_key(api, limited, monkeypatch):
    first = await limited(READ, RENEW, ends_at=clock.now() + timedelta(days=30))
    before = (await api.get("/token", first)).json()["ends_at"]

    async def killed(given):
        raise SystemExit(9)

    monkeypatch.setattr(tokens_of_people, "_insert", killed)
    handle = (await token_of(api.host.engine, key_in(first))).handle
    with pytest.raises(SystemExit):
        await another_key(api.host.engine, handle, as_before=True, others_end=clock.now() + timedelta(hours=1))
    assert (await api.get("/token", first)).json()["ends_at"] == before


async def test_a_client_is_told_where_it_asks_for_another_access_token(api):
    root, token = await make_token(
        api.host.engine,
        name="Pont",
        jurisdiction="parvis",
        scopes=(READ, RENEW),
        limits=TokenLimits(is_client=True),
        added=every_scope(api.host)["added"],
    )
    key, _ = await another_key(api.host.engine, token.handle, ends_at=clock.now() + timedelta(hours=1))
    refused = await api.post("/token/renewal", {}, sent(key))
    assert (refused.status_code, "/oauth/token" in refused.json()["detail"]) == (409, True)
    assert root not in refused.text


async def test_only_a_token_that_may_and_that_ends_renews_itself(api, limited):
    ends = clock.now() + timedelta(days=30)
    refused = await api.post("/token/renewal", {}, await limited(READ, ends_at=ends))
    assert refused.status_code == 403
    assert 'error="insufficient_scope", scope="token:renew"' in refused.headers["www-authenticate"]
    assert (await api.post("/token/renewal", {}, await limited(READ, RENEW))).status_code == 409
    may = await limited(READ, RENEW, ends_at=ends)
    assert (await api.post("/token/renewal", {"overlap_hours": 721}, may)).status_code == 422
    assert (await api.post("/token/renewal", {"days": 9999}, may)).status_code == 422


async def test_revoked_a_token_ends_with_all_its_keys(api, limited):
    engine, first = api.host.engine, await limited(READ)
    handle = (await token_of(engine, key_in(first))).handle
    second, _ = await another_key(engine, handle, ends_at=None)
    third, _ = await another_key(engine, handle, ends_at=None, scopes=())
    assert (await token_of(engine, third)).scopes == ()
    await revoke_key(engine, second)
    await revoke_key(engine, key_in(first))  # its own key is no further one, and ends by its handle alone
    assert await token_of(engine, second) is None
    assert await token_of(engine, key_in(first)) is not None
    assert await revoke_token(engine, handle)
    assert [await token_of(engine, each) for each in (key_in(first), second, third)] == [None] * 3
    assert await another_key(engine, handle, ends_at=None) is None
    assert [each.revoked for each in await tokens(engine)] == [True]


async def test_what_is_over_is_forgotten_but_not_when_it_was_used(api, limited):
    engine = api.host.engine
    with clock.moved_to(clock.now()) as moved:
        root = await token_of(engine, key_in(await limited(READ)))
        key, _ = await another_key(engine, root.handle, ends_at=clock.now() + timedelta(hours=1))
        moved.forward(minutes=59)
        used = clock.now()
        await token_of(engine, key)
        moved.forward(days=1)
        assert await drop_keys(engine, clock.now()) == 1
        [left] = await tokens(engine)
        assert left.used_at == used
        assert left.ends_at is None


@pytest.mark.parametrize(("days", "told"), [(13, True), (15, False), (None, False)])
async def test_operators_are_told_of_a_token_that_ends_soon(api, limited, days, told):
    ends = None if days is None else clock.now() + timedelta(days=days)
    token = await token_of(api.host.engine, key_in(await limited(READ, ends_at=ends)))
    assert [each.handle for each in await ending_soon(api.host)] == ([token.handle] if told else [])
    await revoke_token(api.host.engine, token.handle)
    assert await ending_soon(api.host) == ()
