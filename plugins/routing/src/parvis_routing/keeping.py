"""What the core is told at the start: in towns that have this module, it decides whose each request is."""

from collections.abc import Iterator

from parvis.composition import Startup
from parvis.people.agents import able_to_work
from parvis.requests.routing import RequestRouter
from parvis_routing.deciding import route, units_of_rules
from parvis_routing.kept import NAME
from parvis_routing.persons import Assignable


def given(startup: Startup) -> Iterator[object]:
    """The rules in force, and which of the persons that they name may be given requests."""
    yield RequestRouter(module=NAME, route=route, units=units_of_rules)
    yield Assignable(able_to_work)
