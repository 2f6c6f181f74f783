"""The hearings of a town for programs."""

from datetime import datetime

from msgspec import Struct

from parvis.api.calls import Call, Given
from parvis.api.operations import operation
from parvis.requests.visibility import scope_of
from parvis_public_hearing.hearings import hearings_in


class HearingShape(Struct, frozen=True, kw_only=True):
    """One hearing: about which request, when, where, and whether it was held."""

    reference: str
    code: str
    state: str
    starts_at: datetime
    place: str


@operation("GET /public-hearings", "Public hearings, in the order of their days", scope="hearings:read", tag="hearings")
async def list_hearings(call: Given[Call]) -> list[HearingShape]:
    scope = scope_of(call.viewer, call.town.code, call.host.jurisdictions, "see")
    found = await hearings_in(call.town.code, scope)
    return [HearingShape(**{name: getattr(each, name) for name in HearingShape.__struct_fields__}) for each in found]
