"""The command `parvis`: it serves, works, and tells how things stand.

Commands import what they need when they run, so that `--help` answers at once.
"""

import sys
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parvis.cli import (
    clock,
    connectors,
    modules,
    outbox,
    payments,
    people,
    plugins,
    rehearsing,
    requests,
    routing,
    running,
    settings,
    tokens,
)

if TYPE_CHECKING:
    from parvis.modules import Command

COMMANDS = (
    running.serve,
    running.work,
    running.migrate,
    plugins.plugins,
    modules.modules,
    outbox.outbox,
    settings.settings,
    people.people,
    tokens.tokens,
    requests.requests,
    clock.clock,
    routing.routing,
    payments.payments,
    connectors.connectors,
    rehearsing.rehearse,
)


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
    """Those of the house, and those of the modules that are installed; where both have one, the house's."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *brought()})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or brought().get(name)


@cache
def brought() -> dict[str, click.Command]:
    """The commands of modules by name."""
    from parvis.house.finding_modules import find_modules

    return {each.name: Later(each) for one in find_modules().modules for each in one.module.commands}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file; otherwise $PARVIS_SETTINGS, or parvis.toml here.",
)
@click.version_option(package_name="parvis", prog_name="parvis")
@click.pass_context
def parvis(context: click.Context, file: Path | None) -> None:
    """Citizen services of a town: requests from first word to last."""
    context.obj = file


for command in COMMANDS:
    parvis.add_command(command)


def main() -> None:
    """Run one command; what is expected to go wrong is said in a sentence, with exit code 1."""
    from parvis.cli.troubles import in_a_sentence

    try:
        parvis(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except in_a_sentence() as error:
        click.echo(f"parvis: {error}", err=True)
        sys.exit(1)
