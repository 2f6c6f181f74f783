"""What we hold and what another system holds of a period, side by side; a difference is mended on demand."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.outbox import listing, memory
from parvis.plugins.trying import Failure
from parvis.requests import numbers_there
from parvis_connectors.comparing import compare, mend, resend
from parvis_sdk.connectors import Theirs
from parvis_sdk.errors import Later
from parvis_sdk.events import Resent
from parvis_sdk.subscriptions import Outcome


@pytest.fixture
async def sides(make_town, connector):
    """Makes a town with two requests, known as WO-1 and WO-2; `theirs` says what the other side lists."""
    heard = []

    async def order(event, request, connection):
        heard.append(type(event))
        return Outcome(external_reference=request.external_references.get("orders") or f"WO-{len(heard)}")

    theirs = []

    async def listed(connection, since, until):
        if theirs and isinstance(theirs[0], Exception):
            raise theirs[0]
        return tuple(theirs)

    town = make_town(connector(order, listed=listed))
    references = []
    for _ in range(2):  # two at once reach the other side in any order
        references.append((await town.submit()).reference)
        await town.relay().drain()
    return town, references, theirs, heard


async def differences(town):
    now = clock.now()
    return await compare(town.host, town.connector(), now - timedelta(days=1), now + timedelta(minutes=1))


async def test_what_is_on_both_sides_is_no_difference(sides):
    town, references, theirs, _ = sides
    theirs += [Theirs(external_reference=f"WO-{n}", reference=each) for n, each in enumerate(references, 1)]
    assert await differences(town) == ()


async def test_what_was_lost_there_is_sent_again(sides):
    town, (_, lost), theirs, heard = sides
    theirs += [Theirs(external_reference="WO-1")]
    [difference] = await differences(town)
    assert (difference.kind, difference.reference, difference.external_reference) == ("missing_there", lost, "WO-2")
    assert await mend(town.host, town.connector(), difference)
    await town.relay().drain()
    assert heard[-1] is Resent


async def test_what_they_hold_of_ours_under_another_number_is_known_afterwards(sides, news):
    town, (first, _), theirs, _ = sides
    theirs += [
        Theirs(external_reference="WO-1"),
        Theirs(external_reference="WO-2"),
        Theirs(external_reference="WO-9", reference=first),
        Theirs(external_reference="XX-1"),
    ]
    ours, nobodys = await differences(town)
    assert (ours.kind, ours.reference, ours.can_mend) == ("unknown_here", first, True)
    assert (nobodys.external_reference, nobodys.can_mend) == ("XX-1", False)
    assert await mend(town.host, town.connector(), ours)
    assert not await mend(town.host, town.connector(), nobodys)
    assert (await town.record(first)).external_references == {"orders": "WO-9"}


async def known_as(reference, number):
    """As it was written before answers were compared: whatever the other system said."""
    row = ServiceRequest.reference == reference
    await ServiceRequest.update({ServiceRequest.external_references: f'{{"orders": "{number}"}}'}).where(row)


async def test_a_request_that_holds_the_live_order_of_another_one_is_seen_and_let_go_of(sides, database):
    town, (first, second), theirs, heard = sides
    async with transaction(database):
        await known_as(second, "WO-1")
        await memory.remember("orders", "order", {"id": "1"}, reference=second)
    theirs += [Theirs(external_reference=f"WO-{n}", reference=each) for n, each in enumerate((first, second), 1)]
    found = [(each.kind, each.reference, each.external_reference) for each in await differences(town)]
    assert found == [("foreign", second, "WO-1"), ("unknown_here", second, "WO-2")]
    for each in await differences(town):
        assert await mend(town.host, town.connector(), each)
    assert (await town.record(first)).external_references == {"orders": "WO-1"}
    assert (await town.record(second)).external_references == {"orders": "WO-2"}
    assert "order" not in await memory.recall_all("orders", reference=second)
    await town.relay().drain()
    assert heard[-1] is Resent
    assert await differences(town) == ()


async def test_a_number_that_two_requests_hold_is_seen_even_where_its_system_names_neither(sides, database):
    town, (first, second), theirs, _ = sides
    async with transaction(database):
        await known_as(second, "WO-1")
        await numbers_there.known_as("orders", "WO-1", second)
    theirs += [Theirs(external_reference="WO-1")]
    found = {(each.kind, each.reference, each.external_reference) for each in await differences(town)}
    assert found == {("foreign", first, "WO-1"), ("foreign", second, "WO-1")}


async def test_news_that_never_arrived_is_taken_in(sides, news):
    town, (first, _), theirs, _ = sides
    missed = news("closed-1", external_reference="WO-1", move="start")
    theirs += [Theirs(external_reference="WO-1", update=missed), Theirs(external_reference="WO-2")]
    [difference] = await differences(town)
    assert (difference.kind, difference.reference) == ("behind_here", first)
    assert await mend(town.host, town.connector(), difference)
    assert (await town.record(first)).state == "working"
    assert await differences(town) == ()


async def test_a_system_that_is_away_cannot_be_compared_with(sides):
    town, _, theirs, _ = sides
    theirs.append(Later("closed"))
    found = await differences(town)
    assert isinstance(found, Failure)
    assert found.what == "closed"


async def test_only_what_concerns_the_connector_is_sent_again(sides):
    town, (first, _), _, _ = sides
    assert await resend(town.host, town.connector(), first)
    assert not await resend(town.host, town.connector(), "7K3M-9QXT-4")
    assert [line.event for line in await listing(["waiting"])] == ["resent"]


async def test_what_it_was_told_of_and_made_nothing_for_is_no_difference(make_town, connector):
    async def only_when_asked(event, request, connection):
        return Outcome(external_reference="WO-1") if isinstance(event, Resent) else None

    async def listed(connection, since, until):
        return ()

    town = make_town(connector(only_when_asked, listed=listed))
    reference = (await town.submit()).reference
    await town.relay().drain()
    assert await differences(town) == ()
    assert await resend(town.host, town.connector(), reference)
    await town.relay().drain()
    assert [each.kind for each in await differences(town)] == ["missing_there"]
