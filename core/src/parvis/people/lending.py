"""Taking over from a colleague: what is delegated, and what that lends, written down in one unit."""

from uuid import UUID

from parvis import delegations
from parvis.delegations import Delegation
from parvis.people.granting import note_lent


async def delegate(delegation: Delegation, *, by: str) -> None:
    """Inside a unit: somebody takes over; where it `lends`, the history of roles says to whom and until when."""
    await delegations.write(delegation)
    if delegation.deputy and delegation.lends:
        await note_lent(delegation.agent, delegation.deputy, delegation.ends_at, by=by)


async def end_delegation(id: UUID, *, by: str) -> Delegation | None:
    """Inside a unit: it ends now, and with it what it lent; None where it was not there any more."""
    ended = await delegations.end(id)
    if ended is not None and ended.lends:
        await note_lent(ended.agent, ended.deputy, ended.ends_at, by=by, did="ended")
    return ended
