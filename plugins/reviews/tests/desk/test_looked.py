"""Opening a task is logged as looking at its request."""

from parvis.requests.access_log import AccessLog, looks_at
from parvis_reviews.review_tasks import tasks_of


async def test_a_task_is_a_look_at_its_request(desk, reviewing):
    record = (await reviewing())[0]
    [task, *_] = await tasks_of(record.id)
    manager = await desk.signed_in("manager", name="Hélène Roy")
    assert (await manager.get(f"/bureau/taches/{task.id}")).status_code == 200
    await desk.host.of(AccessLog).write(desk.host.engine)
    assert ("Hélène Roy", "page") in [(line.name, line.what) for line in (await looks_at(record.id))[0]]
