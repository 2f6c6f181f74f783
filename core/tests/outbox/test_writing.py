"""What a commit writes into the outbox."""

import msgspec
import pytest

from parvis.db import HouseRuleBroken, transaction
from parvis.db.tables import Delivery
from parvis.outbox import counts, deliveries, listing


async def test_each_event_becomes_one_delivery_for_each_subscriber_that_wants_it(outbox):
    assert await outbox.write(outbox.submitted(), outbox.noted(), outbox.moved("plan")) == 4
    lines = await listing(["waiting"])
    assert [(line.subscriber, line.event) for line in reversed(lines)] == [
        ("erp.order", "submitted"),
        ("notify.tell", "submitted"),
        ("erp.order", "moved"),
        ("notify.tell", "moved"),
    ]


async def test_a_plugin_that_is_not_enabled_in_the_jurisdiction_hears_nothing(outbox):
    await outbox.write(plugins=("reports",))
    assert [line.subscriber for line in await listing()] == ["notify.tell"]


async def test_a_subscriber_hears_only_of_the_types_it_named(outbox):
    await outbox.write(type_code="graffiti")
    assert [line.subscriber for line in await listing()] == ["notify.tell"]


async def test_nothing_is_written_when_the_unit_fails(outbox, plugins):
    with pytest.raises(ValueError, match="the request could not be kept"):
        async with transaction(outbox.engine):
            await deliveries.write(
                plugins,
                [outbox.submitted()],
                request=deliveries.new_id(),
                reference="7K3M-9QXT-4",
                type_code="pothole",
                plugins=None,
            )
            raise ValueError("the request could not be kept")
    assert (await counts()).waiting == 0


async def test_a_delivery_can_only_be_written_in_the_unit_that_causes_it(outbox, plugins):
    with pytest.raises(HouseRuleBroken):
        await deliveries.write(
            plugins,
            [outbox.submitted()],
            request=deliveries.new_id(),
            reference="7K3M-9QXT-4",
            type_code="pothole",
            plugins=None,
        )


async def test_a_message_has_the_id_of_its_delivery(outbox):
    id = await outbox.message()
    [claimed] = await outbox.claim()
    message = msgspec.json.decode(claimed.event)["message"]
    assert (claimed.id, message["id"], message["reference"]) == (id, str(id), "7K3M-9QXT-4")
    assert (claimed.channel, claimed.plugin) == ("email", "")


async def test_the_words_and_the_receiver_of_a_message_are_gone_once_it_is_done(outbox):
    await outbox.message()
    [claimed] = await outbox.claim()
    assert await outbox.finish(claimed, "250 OK")
    [row] = await Delivery.select()
    assert "marie@example.org" not in str(row)
    assert "Reçu." not in str(row)
    [line] = await listing(["done"])
    assert (line.event, line.external_reference) == ("message_due", "250 OK")


async def test_an_erased_request_sends_no_message_any_more_and_keeps_none(outbox):
    request = deliveries.new_id()
    await outbox.message(request=request)
    await outbox.message(to="luc@example.org")
    async with transaction(outbox.engine):
        await deliveries.forget_request(request)
    rows = await Delivery.select().where(Delivery.request == request)
    assert "marie@example.org" not in str(rows)
    assert [line.state for line in await listing(["waiting", "skipped"])] == ["waiting", "skipped"]
