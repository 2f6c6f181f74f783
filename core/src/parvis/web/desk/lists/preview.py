"""One request beside the list in which it stands: its words, photos, next steps and the answer box."""

from collections.abc import Sequence
from typing import Any

from litestar.exceptions import NotFoundException, PermissionDeniedException
from msgspec import structs

from parvis.requests.lists.search import Row
from parvis.requests.references import normalise
from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.desk.lists.filtering import ListQuery
from parvis.web.desk.one_request.behind import DONE_TO
from parvis.web.desk.one_request.case import gather
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.showing import usual_parts
from parvis.web.desk.one_request.takers import takers_of
from parvis.web.done_messages import SAID, DoneMessage, done_message

CHOSEN = "apercu"  # in the address: the request that is shown beside the list
FOLLOWING = "suivante"  # the one after it in the list, where a script asks for the part alone
PART = "x-parvis-part"  # the header by which a script does


async def preview_of(room: DeskContext, asked: ListQuery, rows: Sequence[Row] | None = None) -> dict[str, Any]:
    """What the part beside the list shows of the request that the address chooses; nothing where there is none.

    A request that went meanwhile, or out of one's sight, is no mistake: the list stays.
    """
    reference = normalise(room.request.query_params.get(CHOSEN, ""))
    if reference is None:
        return {}
    try:
        record = await room.record(reference)
    except (NotFoundException, PermissionDeniedException):
        return {}
    following = normalise(room.request.query_params.get(FOLLOWING, "")) if rows is None else after(reference, rows)
    back = ListQuery(values={**asked.values, CHOSEN: (following or reference,)}).address("")[1:]
    case = structs.replace(await gather(room, record), back=back)
    return {
        **await usual_parts(room, case),
        "chosen": reference,
        "takers": await takers_of(room, case),
        "without_preview": asked.address(QUEUE),
    }


def after(reference: str, rows: Sequence[Row]) -> str:
    """The request below it in the list; above the last one the one before it."""
    listed = [row.reference for row in rows]
    if reference not in listed:
        return listed[0] if listed else ""
    at = listed.index(reference)
    return (listed[at + 1 : at + 2] or listed[:at][-1:] or [""])[0]


def done_to(room: DeskContext) -> tuple[str, DoneMessage | None]:
    """The request to which something was just done from beside the list, and what is said of it."""
    reference = normalise(room.request.query_params.get(DONE_TO, "")) or ""
    said = done_message(room.nouns(DoneMessage, SLOT), room.request.query_params.get(SAID, "")) if reference else None
    return reference, said
