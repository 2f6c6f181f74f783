"""What towns put in force by versions: said by the modules that keep it, each under the name PROCEDURES."""

from typing import Any

from parvis.modules import ModuleRegistry, part
from parvis.requests.rulesets.versions import Ruleset


def procedures_by_owner(modules: ModuleRegistry) -> tuple[tuple[str, Ruleset[Any]], ...]:
    """Those of every module that is installed, on in some town or not, with its name."""
    named = modules.packages("procedures").items()
    return tuple((owner, kept) for owner, name in named for kept in part(name).PROCEDURES)
