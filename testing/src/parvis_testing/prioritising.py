"""A priority given to one request, without the page on which somebody gives it."""

from parvis.requests.changing import change
from parvis.requests.records import find
from parvis.requests.work.priorities import plan_priority


async def prioritise(host, reference, priority, *, actor):
    """The request as it has become, whether or not that was a change."""

    async def plan(here):
        return plan_priority(host, here, priority)

    await change(host, reference, plan, actor=actor)
    return await find(host, reference)
