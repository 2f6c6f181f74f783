"""Whether histories are whole: those of requests that are named, or all of them."""

from collections.abc import AsyncIterator, Collection

from parvis.db.tables import ServiceRequest
from parvis.requests.history import broken_at
from parvis.requests.host import Host
from parvis.requests.records import find, record_of

BATCH = 500


async def broken_histories(host: Host, references: Collection[str] = ()) -> AsyncIterator[tuple[str, int]]:
    """The reference and the first bad entry of each history that is not whole: of those named, or of all."""
    if references:
        for typed in references:
            record = await find(host, typed)
            if record is None:
                yield typed, 0
            elif (number := await broken_at(record)) is not None:
                yield record.reference, number
        return
    last = ""
    while True:
        rows = (
            await ServiceRequest.select()
            .where(ServiceRequest.reference > last)
            .order_by(ServiceRequest.reference)
            .limit(BATCH)
        )
        if not rows:
            return
        for record in map(record_of, rows):
            if (number := await broken_at(record)) is not None:
                yield record.reference, number
        last = rows[-1]["reference"]
