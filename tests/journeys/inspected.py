"""Works of the demo that are inspected: where a visit is planned, where one found something to correct."""

from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import Record, find
from parvis.requests.references import key_for
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_inspections.visits import visits_of


async def visits_by_state(host: Host) -> dict[str, tuple[Record, str, str, str]]:
    """By the state of a visit: its request with its key, its own id and its day."""
    works = Filters(types=("construction",), states=("in_works",))
    rows = (await queue(host, SYSTEM_VIEWER, "parvis", works, sort="oldest", limit=20, count=False)).rows
    found: dict[str, tuple[Record, str, str, str]] = {}
    for row in rows:
        record = await find(host, row.reference)
        assert record is not None
        for visit in await visits_of(record.id):
            key = key_for(host.secret, record.id)
            found.setdefault(visit.state, (record, key, str(visit.id), visit.day))
    assert {"planned", "failed", "wanted"} <= found.keys(), found.keys()
    return found
