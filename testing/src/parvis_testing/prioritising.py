"""Sets the priority of a request without the page."""

from parvis.requests.changing import change
from parvis.requests.records import find
from parvis.requests.work.priorities import plan_priority


async def prioritise(host, reference, priority, *, actor):
    """The request afterwards, changed or not."""

    async def plan(here):
        return plan_priority(host, here, priority)

    await change(host, reference, plan, actor=actor)
    return await find(host, reference)
