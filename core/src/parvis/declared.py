"""What the files of a package declare, read from them: a noun written there is listed nowhere else."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

Noun = TypeVar("Noun")
_WALKED: dict[str, tuple[ModuleType, ...]] = {}


def declared(noun: type[Noun], *places: str) -> tuple[Noun, ...]:
    """Every noun of this kind that a file of these packages holds under a name, alone or in a tuple; each one once."""
    found: dict[int, Noun] = {}
    for file in (file for place in places for file in files_of(place)):
        for value in vars(file).values():
            if isinstance(value, tuple):
                found.update((id(each), each) for each in value if isinstance(each, noun))
            elif isinstance(value, noun):
                found[id(value)] = value
    return tuple(found.values())


def files_of(place: str) -> tuple[ModuleType, ...]:
    """The package of this name, and every file below it, which a process looks for once."""
    package = importlib.import_module(place)
    if place not in _WALKED or _WALKED[place][0] is not package:
        _WALKED[place] = (package, *_below(package))
    return _WALKED[place]


def _below(package: ModuleType) -> Iterator[ModuleType]:
    if hasattr(package, "__path__"):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)
