"""The types that the agent on the telephone may open, and the requests to which the caller may be added."""

from collections.abc import Sequence
from typing import Any

from parvis.modules import part
from parvis.requests.lists.nearby import Near
from parvis.requests.lists.search import Row
from parvis.requests.offered import declares, is_declared, type_of
from parvis.requests.records import find
from parvis.web.desk.context import DeskContext
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester

JOINING = "parvis_telephone.joining"


def type_for(room: DeskContext, code: str) -> RequestType | None:
    """The type of this code, if the agent on the telephone may open it."""
    found = type_of(room.host, room.town, code)
    is_theirs = found is None or not is_declared(found) or declares(room.host, room.viewer, room.town)
    return found if is_theirs else None


async def refused_to_join(
    room: DeskContext, into: str, request_type: RequestType, person: Requester
) -> Problems | None:
    """Why nobody is added to the other request, before one is opened for it that would stand alone."""
    other = await find(room.host, into)
    if other is None or not room.may("see", other):
        return None  # what they may not see is not there: theirs is opened by itself
    joining: Any = part(JOINING)
    reason = await joining.refused_to_join(room.host, room.viewer, request_type, other, person)
    return Problems(found=(Problem(path="", code="not_joined", message=reason),)) if reason else None


async def joinable(room: DeskContext, near: Sequence[Near], fitting: Sequence[Row]) -> frozenset[str]:
    """The requests on the page to which one press adds the caller."""
    found = {one.reference: one.type for one in near}
    found |= {one.reference: one.type for one in fitting}
    if not found or not joins(room):
        return frozenset()
    joining: Any = part(JOINING)
    added: frozenset[str] = await joining.joinable(room.host, room.town, room.scope("intake"), found)
    return added


def joins(room: DeskContext) -> bool:
    """Whether requests can go on with one another in this town."""
    return room.host.modules.of(room.town).has("merging")
