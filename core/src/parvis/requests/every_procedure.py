"""What towns put in force by versions: said by whoever keeps it, the core's rooms first."""

from typing import Any

from parvis.modules import ModuleRegistry, part
from parvis.requests.procedures.kept import Kept

CORE = ("parvis.requests.routing.kept",)
"""The rooms that keep procedures; each says them under the name PROCEDURES."""


def procedures_by_owner(modules: ModuleRegistry) -> tuple[tuple[str, Kept[Any]], ...]:
    """Those of the core, with the owner "", then those of every module that is installed, on in some town or not."""
    named = [*(("", name) for name in CORE), *modules.packages("procedures").items()]
    return tuple((owner, kept) for owner, name in named for kept in part(name).PROCEDURES)
