"""What the core is told at the start: in towns that have this module, it says what is promised."""

from collections.abc import Iterator
from functools import partial

from parvis.house import House
from parvis.requests.levels.in_force import LevelKeeper
from parvis.requests.procedures.kept import in_force
from parvis_service_levels.kept import LEVELS


def given(house: House) -> Iterator[object]:
    """The versions that were put in force at the desk."""
    yield LevelKeeper(module="service_levels", in_force=partial(in_force, LEVELS))
