"""A priority given by the door of the desk: a batch, also of one."""

from parvis.access_scope import Reach
from parvis.identifiers import new_id
from parvis.requests.many.batches import BatchTarget, begin, go_on
from parvis.requests.many.many import Prioritise
from parvis.requests.records import find
from parvis.requests.visibility import Viewer


async def prioritise(host, reference, priority, *, actor):
    """The request as it has become, whether or not that was a change."""
    record, id = await find(host, reference), new_id()
    reach = Reach(permissions=frozenset({"see", "assign"}), jurisdiction=record.jurisdiction, unit="")
    chosen = [BatchTarget(reference=record.reference, version=record.version)]
    await begin(host, id, record.jurisdiction, Prioritise(priority=priority), chosen, actor=actor)
    await go_on(host, id, Viewer(kind="agent", id=actor.id, reaches=(reach,)))
    return await find(host, reference)
