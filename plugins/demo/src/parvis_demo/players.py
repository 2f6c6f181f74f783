"""Who plays the steps of a story that a module looks after."""

from parvis.modules import ModuleRegistry, Player, part


def players_of(modules: ModuleRegistry) -> tuple[Player, ...]:
    """Those of every module that brings one to the demo."""
    files = (part(name) for name in modules.packages("demo").values())
    return tuple(player for file in files if (player := getattr(file, "PLAYER", None)) is not None)
