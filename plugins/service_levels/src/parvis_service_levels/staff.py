"""The people of the town who are written to about promises: those responsible for a unit, and what they may see."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from parvis.db import Engine
from parvis.people.agents import get_agent
from parvis.requests.visibility import Viewer
from parvis.unit_managers import Chief
from parvis.viewers import viewer_of


class Staff(NamedTuple):
    """Somebody of the town to write to, and what they may see."""

    email: str
    language: str
    viewer: Viewer


Chiefs = Callable[[str], Awaitable[Mapping[str, tuple[Chief, ...]]]]
"""Of a town, by unit: who answers for it; "" is the whole town."""


async def staff_of(engine: Engine, id: UUID) -> Staff | None:
    """How to write to somebody, and what they may see; nobody once the account is closed."""
    person = await get_agent(engine, id)
    if person is None or not person.active:
        return None
    return Staff(email=person.email, language=person.language, viewer=viewer_of(person))
