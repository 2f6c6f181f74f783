"""The heartbeat: written as an intake writes, carried like any delivery, mailed where an address is given, dropped."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, ServiceRequest
from parvis.installation import standing
from parvis.outbox import heartbeat, line
from parvis.outbox.heartbeat import beats, can_write

BOX = "signal@ville.example"


async def test_a_heartbeat_is_carried_by_a_worker_and_disturbs_no_figure(make_town, connector):
    town = make_town(connector())
    assert await beats(mail_wanted=False) == heartbeat.Beats()
    await heartbeat.beat(town.host.engine)
    written = await beats(mail_wanted=False)
    assert written.written is not None
    assert not written.is_carried(clock.now())
    await town.relay().drain()
    carried = await beats(mail_wanted=False)
    assert carried.is_carried(clock.now())
    assert not carried.is_carried(clock.now() + timedelta(minutes=16))
    assert await standing() == ()
    assert await ServiceRequest.count() == 0
    row = await Delivery.select(Delivery.id).where(Delivery.subscriber == "heartbeat").first()
    assert (await line(row["id"])).event == "heartbeat"


async def test_a_heartbeat_by_mail_waits_for_the_mail_server_and_no_second_one_queues_behind_it(make_town, connector):
    town = make_town(connector())
    await heartbeat.beat(town.host.engine, BOX)
    await heartbeat.beat(town.host.engine, BOX)
    assert await Delivery.count().where(Delivery.subscriber == "channel:email") == 1
    assert not (await beats(mail_wanted=True)).is_mailed(clock.now())
    async with transaction(town.host.engine):
        await Delivery.update({Delivery.state: "done", Delivery.done_at: clock.now()}, force=True)
    assert (await beats(mail_wanted=True)).is_mailed(clock.now())
    assert (await beats(mail_wanted=False)).is_mailed(clock.now() + timedelta(days=1))
    await heartbeat.beat(town.host.engine, BOX)
    assert await Delivery.count().where(Delivery.subscriber == "channel:email") == 2


async def test_heartbeats_of_yesterday_are_dropped(make_town, connector):
    town = make_town(connector())
    await heartbeat.beat(town.host.engine, BOX)
    with clock.moved_to(clock.now() + timedelta(hours=25)):
        await heartbeat.beat(town.host.engine)
    assert await Delivery.count() == 1


async def test_trying_whether_an_intake_can_be_written_leaves_nothing(make_town, connector):
    town = make_town(connector())
    assert await can_write(town.host.engine)
    assert await Delivery.count() == 0
