"""What a handler finds: no more than its scope, nothing that is not granted at that moment, never what is withheld."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.identifiers import new_id
from parvis.outbox import listing
from parvis_proposals.granting import declared_scopes
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.finding import FARTHEST, MOST, MOST_CALLS, MOST_VALUES, OutsideScope
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text

from ..things_town import FAR, SCOPE


def looking(**asked):
    """A subscription that looks for this, and what it found, call by call."""
    came = []

    @on(Submitted, types=("found",), finds=(SCOPE,), name="look")
    async def look(event, request, finder):
        wanted = {key: value(request) if callable(value) else value for key, value in asked.items()}
        came.append(await finder.find(**wanted))

    return look, came


async def found(town, came):
    """What is found once a thing is reported as found."""
    await town.report("found")
    await town.relay.drain()
    return came[-1]


async def test_what_is_found_holds_what_the_scope_says_and_nothing_more(having):
    look, came = looking(type="lost")
    town = await having(look)
    await town.grant()
    lost = await town.report("lost", serial="AB-12", words="À Zoé", health="Asthme")
    (one,) = await found(town, came)
    assert (one.reference, one.type, one.state, one.phase) == (lost.reference, "lost", "received", "received")
    assert one.answers == {"colour": "red", "serial": "AB-12"}
    assert one.place == lost.place
    assert one.submitted_at == lost.submitted_at


async def test_nothing_is_found_before_the_scope_is_granted_nor_once_it_is_revoked(having):
    look, came = looking(type="lost")
    town = await having(look)
    await town.report("lost")
    assert await found(town, came) == ()
    await town.grant()
    assert len(await found(town, came)) == 1
    await town.grant(granted=False)
    assert await found(town, came) == ()
    here = town.host.jurisdictions.jurisdiction("parvis")
    (scope,) = await declared_scopes(town.host, (here,))
    assert scope.standing == "revoked"
    assert [(each.granted, each.by_name) for each in scope.decisions] == [(False, "Olivier Roy"), (True, "Olivier Roy")]


async def test_a_grant_does_not_hold_for_what_another_version_declares(having):
    look, came = looking(type="lost")
    town = await having(look)
    await town.grant()

    @on(Submitted, types=("found",), finds=(SCOPE, type(SCOPE)(types=("other",))), name="look")
    async def wider(event, request, finder):
        came.append(await finder.find())

    town = await having(wider)
    await town.report("lost")
    assert await found(town, came) == ()
    (scope,) = await declared_scopes(town.host, (town.host.jurisdictions.jurisdiction("parvis"),))
    assert scope.standing == "changed"


async def test_a_grant_does_not_hold_for_a_version_that_hears_of_more_or_is_told_more(having):
    def heard(**more):
        events = more.pop("events", (Submitted,))

        @on(*events, **{"types": ("found",), "finds": (SCOPE,), "name": "look"} | more)
        async def look(event, request, finder):
            return None

        return look

    town = await having(heard())
    await town.grant()
    here = town.host.jurisdictions.jurisdiction("parvis")
    for more in ({}, {"types": ("found", "other")}, {"needs": ("contact",)}, {"events": (Submitted, Moved)}):
        town = await having(heard(**more))
        (scope,) = await declared_scopes(town.host, (here,))
        assert scope.standing == ("changed" if more else "granted"), more


async def test_nothing_is_found_where_the_module_is_off(having):
    look, came = looking(type="lost")
    town = await having(look, state="off")
    await town.report("lost")
    assert await found(town, came) == ()


async def test_requests_of_another_town_erased_merged_or_kept_from_somebody_are_never_found(having):
    look, came = looking(type="lost")
    town = await having(look)
    await town.grant()
    away = (
        {ServiceRequest.erased_at: clock.now()},
        {ServiceRequest.merged_into: new_id()},
        {ServiceRequest.kept_from: '["ana"]'},
        {ServiceRequest.jurisdiction: "rivemont"},
    )
    for columns in away:
        record = await town.report("lost")
        async with transaction(town.host.engine):
            await ServiceRequest.update(columns).where(ServiceRequest.id == record.id)
    assert await found(town, came) == ()


async def test_a_search_goes_by_place_day_and_answers(having):
    where = {"near": lambda request: (request.place, 500), "since": clock.now() - timedelta(days=2)}
    look, came = looking(type="lost", answers={"colour": ("red", "green"), "serial": " ab-12 "}, **where)
    town = await having(look)
    await town.grant()
    right = await town.report("lost", serial="AB-12")
    await town.report("lost", serial="AB-12", place=FAR)
    await town.report("lost", serial="AB-12", colour="blue")
    await town.report("lost", serial="AB-13")
    old = await town.report("lost", serial="AB-12")
    async with transaction(town.host.engine):
        long_ago = {ServiceRequest.submitted_at: clock.now() - timedelta(days=3)}
        await ServiceRequest.update(long_ago).where(ServiceRequest.id == old.id)
    assert [each.reference for each in await found(town, came)] == [right.reference]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"type": "other"}, "type='other' is in no scope"),
        ({"type": "lost", "answers": {"health": "x"}}, "the answer 'health' is not in the scope"),
        ({"type": "lost", "near": (None, FARTHEST + 1)}, "beyond the limits"),
        ({"type": "lost", "answers": {"serial": ["AB-12"] * (MOST_VALUES + 1)}}, "holds 201 values; the most is 200"),
    ],
)
async def test_what_is_not_declared_fails_by_its_line(having, asked, said):
    look, _ = looking(**asked)
    town = await having(look)
    await town.grant()
    await town.report("found")
    await town.relay.drain()
    (line,) = await listing()
    assert said in str(line.trouble)


async def test_a_handler_searches_so_often_and_is_told_so_many(having):
    said = []

    @on(Submitted, types=("found",), finds=(SCOPE,))
    async def look(event, request, finder):
        for _ in range(MOST_CALLS):
            said.append(len(await finder.find(type="lost")))
        try:
            await finder.find(type="lost")
        except OutsideScope as refused:
            return Outcome(note=Text(fr=str(refused)))

    town = await having(look)
    await town.grant()
    for _ in range(MOST + 2):
        await town.report("lost")
    record = await town.report("found")
    await town.relay.drain()
    assert said == [MOST] * MOST_CALLS
    assert await town.notes(record) == [f"find() was called more than {MOST_CALLS} times in one run"]
