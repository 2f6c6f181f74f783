"""Who plays the steps of a story that are not plain moves."""

from parvis.modules import ModuleRegistry, Player, part

OWN = ("parvis_demo.opining",)


def players_of(modules: ModuleRegistry) -> tuple[Player, ...]:
    """The demo’s own, then those of every module that brings one to it."""
    files = (part(name) for name in (*OWN, *modules.packages("demo").values()))
    return tuple(player for file in files if (player := getattr(file, "PLAYER", None)) is not None)
