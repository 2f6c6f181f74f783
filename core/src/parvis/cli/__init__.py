"""The command `parvis`: it serves, works, and tells how things stand.

Commands import what they need when they run, so that `--help` answers at once.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from parvis.cli import clock, modules, outbox, people, plugins, requests, running, settings, tokens, towns
from parvis.cli.module_commands import Commands
from parvis.cli.plugin_commands import PluginExit

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
    towns.towns,
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file. Default: $PARVIS_SETTINGS, then ./parvis.toml.",
)
@click.version_option(package_name="parvis", prog_name="parvis")
@click.pass_context
def parvis(context: click.Context, file: Path | None) -> None:
    """Run the citizen services of a town: settings, database, pages, plugins and accounts.

    A plugin may have commands of its own: `parvis <plugin> --help` lists them.
    """
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
    except PluginExit as leaving:
        for stream in (sys.stdout, sys.stderr):
            with suppress(BrokenPipeError):
                stream.flush()
        os._exit(int(leaving.code or 0))  # a thread that the plugin left would be waited for
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except in_a_sentence() as error:
        click.echo(f"parvis: {error}", err=True)
        sys.exit(1)
