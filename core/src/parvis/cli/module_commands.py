"""Commands that modules bring beside those of the core."""

from functools import cache
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import click

from parvis.cli.plugin_commands import commands_of

if TYPE_CHECKING:
    from parvis.modules import Command


BROUGHT_BY = {
    "plugins check": "parvis-plugin-checks",
    "plugins show": "parvis-plugin-checks",
    "plugins rate": "parvis-plugin-checks",
    "rehearse": "parvis-plugin-checks",
    "plugins run": "parvis-demo",
    "demo": "parvis-demo",
    "connectors": "parvis-connectors",
    "backup": "parvis-backups",
    "files": "parvis-file-moves",
    "migration": "parvis-migration",
    "requests import": "parvis-migration",
    "restore": "parvis-backups",
    "towns archive": "parvis-disposal",
    "towns end": "parvis-disposal",
}
"""The distribution of each command that people type from a guide, told where it is not installed."""


class Later(click.Command):
    """A command of a module, which is told by its line of help and read when it runs."""

    def __init__(self, brought: "Command") -> None:
        super().__init__(brought.name, short_help=brought.summary)
        self.written = brought.written

    def make_context(self, info_name: str | None, args: list[str], *given: Any, **more: Any) -> click.Context:
        return self.load().make_context(info_name, args, *given, **more)

    def load(self) -> click.Command:
        """The command as the module wrote it."""
        command: click.Command = EntryPoint(name=str(self.name), value=self.written, group="").load()
        return command


class Commands(click.Group):
    """Those of the core, and those that installed modules bring to this group; where both have one, the core's.

    Behind them, each plugin has a group of its own.
    """

    def __init__(self, *given: Any, within: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self.within = within

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *brought(self.within)})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        found = super().get_command(context, name) or brought(self.within).get(name)
        if found is None and (distribution := BROUGHT_BY.get(f"{self.within} {name}".strip())):
            raise click.UsageError(f"the command {name!r} is not installed: pip install {distribution}", context)
        return found or (commands_of(name) if not self.within else None)


@cache
def brought(within: str) -> dict[str, click.Command]:
    """The commands that modules bring to a group of the core, or beside its groups, by name."""
    from parvis.plugins.module_discovery import find_modules

    commands = (each for one in find_modules().modules for each in one.module.commands)
    return {each.name: Later(each) for each in commands if each.group == within}
