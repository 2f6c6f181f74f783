"""Two plugins that claim one name: both are named, and neither wins."""

from collections.abc import Iterable
from typing import Any

from parvis.house.origins import Origin
from parvis.house.register import named
from parvis.house.trouble import Trouble

WORDS = {
    "request_types": "request type",
    "channels": "channel",
    "connectors": "connector",
    "locators": "locator",
    "payments": "payment provider",
}


def clashes(hook: str, claims: Iterable[tuple[Origin, Any]]) -> tuple[dict[str, Any], list[Trouble]]:
    """The nouns that one plugin alone claims, by name, and a trouble for each name that several claim."""
    by_name: dict[str, list[tuple[Origin, Any]]] = {}
    for origin, noun in claims:
        by_name.setdefault(named(noun), []).append((origin, noun))
    alone = {name: found[0][1] for name, found in by_name.items() if len(found) == 1}
    troubles = [
        Trouble(
            who=" and ".join(str(origin) for origin, _ in found),
            where=f"{hook}()",
            what=f"both claim the {WORDS[hook]} {name!r}",
            so_what="neither is offered",
            now_what="uninstall one of them, or rename it in one",
            plugin=found[0][0].name,
        )
        for name, found in by_name.items()
        if len(found) > 1
    ]
    return alone, troubles
