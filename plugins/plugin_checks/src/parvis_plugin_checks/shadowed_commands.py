"""Plugins whose commands nobody can type, as the command line has a command of their name already."""

from collections.abc import Iterator

from parvis.modules import ModuleRegistry
from parvis.plugins.registry import PluginRegistry
from parvis.troubles import Trouble
from parvis_sdk.text import Text

OF_HOST = frozenset(
    "serve work migrate plugins modules outbox settings people tokens requests clock towns".split()  # noqa: SIM905
)
OF_MODULES = frozenset(("backup", "connectors", "demo", "files", "migration", "rehearse", "restore"))
"""Told in guides: where the module that brings one is not installed, nobody else’s stands there."""
SHADOWED = Text(
    fr="«\u00a0parvis {name}\u00a0» est une commande de {owner}", en="“parvis {name}” is a command of {owner}"
)
NOT_TYPED = Text(fr="ses commandes ne peuvent pas être utilisées", en="its commands cannot be used")
RENAME = Text(fr="donnez un autre nom à l’entrée du groupe parvis", en="give its entry point another name")


def shadowed_commands(plugins: PluginRegistry, modules: ModuleRegistry) -> Iterator[Trouble]:
    """A complaint for each of them."""
    taken = dict.fromkeys(OF_HOST | OF_MODULES, "Parvis")
    taken |= {each.name: one.name for one in modules.modules for each in one.module.commands if not each.group}
    for plugin in plugins.by_name.values():
        if plugin.commands and plugin.name in taken:
            yield Trouble(
                who=str(plugin.origin),
                where="commands()",
                what=SHADOWED.format(name=plugin.name, owner=taken[plugin.name]),
                so_what=NOT_TYPED,
                now_what=RENAME,
                plugin=plugin.name,
                severe=False,
            )
