"""Two plugins that claim one name: both are named, and neither wins."""

from collections.abc import Iterable
from typing import Any

from parvis.house.origins import Origin
from parvis.house.register import named
from parvis.house.trouble import Trouble
from parvis_sdk.text import Text

WORDS = {
    "request_types": Text(fr="le type de demande", en="the request type"),
    "channels": Text(fr="le canal", en="the channel"),
    "connectors": Text(fr="le connecteur", en="the connector"),
    "locators": Text(fr="le localisateur", en="the locator"),
    "payments": Text(fr="le prestataire de paiement", en="the payment provider"),
}
BOTH = Text(fr="toutes deux revendiquent {noun} {name}", en="both claim {noun} {name}")
NEITHER = Text(fr="aucun des deux n’est offert", en="neither is offered")
ONE_OF_THEM = Text(
    fr="désinstallez l’une des deux, ou changez ce nom dans l’une", en="uninstall one of them, or rename it in one"
)


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
            what=BOTH.format(noun=WORDS[hook], name=repr(name)),
            so_what=NEITHER,
            now_what=ONE_OF_THEM,
            plugin=found[0][0].name,
        )
        for name, found in by_name.items()
        if len(found) > 1
    ]
    return alone, troubles
