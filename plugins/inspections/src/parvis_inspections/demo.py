"""In the demo, works that have begun: the demo alone asks for this, so its code is not looked for before."""

from typing import Any

from parvis.modules import part
from parvis.people.agents import Person
from parvis.requests.host import Host


async def show(host: Host, staff: tuple[Person, ...]) -> None:
    """The round of an inspector, and visits that wait for a day."""
    works: Any = part("parvis_inspections.demo_works")
    await works.arrange_visits(host, staff)
