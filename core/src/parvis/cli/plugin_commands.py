"""`parvis <plugin> <command>`: the commands that plugins declare, made of their data when one is typed."""

import asyncio
import os
from collections.abc import Callable, Iterator, MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from parvis.http_client import Clients
    from parvis.plugins import Plugin
    from parvis.plugins.trying import Failure, Success
    from parvis_sdk.commands import Argument, Command

SORTS: dict[str, Any] = {"text": str, "number": int, "day": click.DateTime(["%Y-%m-%d"])}


NOBODY_READS = 141  # as of a process that the shell ends for it


class PluginExit(SystemExit):
    """The end of a plugin’s command, and of the process whatever threads of the plugin go on."""


class Output:
    """What a command writes; `is_cut` once nobody reads it any more, such as `head` after ten lines."""

    is_cut = False

    def write(self, words: str) -> None:
        from parvis_sdk.cleaning import clean

        try:
            click.echo(clean(str(words)))
        except BrokenPipeError:
            self.is_cut = True
            raise


def commands_of(name: str) -> click.Group | None:
    """The group of the commands of a plugin; None where no plugin of that name is installed. Nothing is loaded yet."""
    from importlib.metadata import entry_points

    from parvis.plugins.discovery import GROUP

    return PluginCommands(name) if name in entry_points(group=GROUP).names else None


def language_here() -> str:
    """The language of the person at the terminal, by their environment."""
    words = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "fr" if words.lower().startswith("fr") else "en"


class PluginCommands(click.Group):
    """The commands of one plugin, which is asked for them once, when one is typed, or their list."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(self._declared(context))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return self._declared(context).get(name)

    def _declared(self, context: click.Context) -> MutableMapping[str, click.Command]:
        if not self.commands:
            self.commands = dict(self._asked(context))
        return self.commands

    def _asked(self, context: click.Context) -> Iterator[tuple[str, click.Command]]:
        from parvis.cli.plugins import plugin_registry_of, with_database

        # Whose name belongs to another distribution by what the database knows runs nothing under it.
        plugins, _ = with_database(context.obj, plugin_registry_of(context.obj))
        ours = [(plugin, each) for plugin, each in plugins.declared("commands") if plugin.name == self.name]
        if not ours:
            why = [f"\n{each}" for each in plugins.troubles if each.plugin == self.name]
            raise click.ClickException(f"the plugin {self.name} has no commands here{''.join(why)}")
        yield from ((each.code, _typed(plugin, each)) for plugin, each in ours)


def _typed(plugin: "Plugin", command: "Command") -> click.Command:
    language = language_here()
    return click.Command(
        command.code,
        params=[_parameter(each, language) for each in command.arguments],
        callback=_running(plugin, command, language),
        help="\n\n".join([command.title.to(language), *_places(command, language)]),
        short_help=command.title.to(language),
    )


def _parameter(argument: "Argument", language: str) -> click.Parameter:
    from parvis_sdk.commands import is_option, must_be_typed

    words = f"--{argument.name.replace('_', '-')}"
    if argument.kind == "yes":
        return click.Option([words, argument.name], is_flag=True, help=argument.help.to(language))
    sort = click.Choice(argument.choices) if argument.choices else SORTS[argument.kind]
    shared: dict[str, Any] = {"type": sort, "required": must_be_typed(argument)}
    shared |= {"default": None if argument.default is None else str(argument.default)}
    if is_option(argument):
        return click.Option([words, argument.name], help=argument.help.to(language), show_default=True, **shared)
    return click.Argument([argument.name], **shared)


def _places(command: "Command", language: str) -> list[str]:
    """What is typed by its place: click has no help for it."""
    from parvis_sdk.commands import is_option

    return [f"{each.name.upper()}: {each.help.to(language)}" for each in command.arguments if not is_option(each)]


def _running(plugin: "Plugin", command: "Command", language: str) -> Callable[..., None]:
    def run(**typed: Any) -> None:
        given = {name: value.date() if isinstance(value, datetime) else value for name, value in typed.items()}
        try:
            code = asyncio.run(_run(plugin, command, given, language))
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        raise PluginExit(code)

    return run


async def _run(plugin: "Plugin", command: "Command", given: dict[str, Any], language: str) -> int:
    from parvis.plugins.trying import Failure
    from parvis_sdk.cleaning import clean
    from parvis_sdk.commands import code_mistake

    output = Output()
    tried = await _tried(plugin, command, given, language, output)
    if output.is_cut:
        return NOBODY_READS
    if isinstance(tried, Failure):
        said = (str(plugin.origin), f"command {command.code!r}", tried.where, tried.to(language))
        raise click.ClickException(clean(" · ".join(part for part in said if part)))
    if mistake := code_mistake(tried.value):
        raise click.ClickException(f"{plugin.origin} · command {command.code!r} · {mistake.to(language)}")
    return tried.value or 0


async def _tried(
    plugin: "Plugin", command: "Command", given: dict[str, Any], language: str, output: "Output"
) -> "Success[int | None] | Failure":
    """The run itself, on a thread of the plugin: one that blocks is left there when its time is over."""
    from parvis import clock
    from parvis.plugins.guarding import guard_of
    from parvis.plugins.registry import module_of
    from parvis.plugins.threads import PluginThreads
    from parvis.plugins.trying import attempt
    from parvis_sdk.commands import CommandRun
    from parvis_sdk.connectors import Connection, Pace

    clients, threads = _clients(), PluginThreads()

    async def run() -> int | None:
        http = clients.of(plugin.name, Pace(seconds=command.seconds), guard_of(plugin))
        lent = Connection(http=http, now=clock.now())
        return await command.run(CommandRun(arguments=given, write=output.write, connection=lent, language=language))

    try:
        module = module_of(plugin.module)
        return await attempt(run, command.seconds, function=command.run, module=module, threads=threads)
    finally:
        await clients.close()
        await threads.close()


def _clients() -> "Clients":
    from parvis.cli.troubles import read
    from parvis.http_client import Clients
    from parvis.settings import SettingsError

    try:
        return Clients(read(click.get_current_context().obj).outgoing)
    except SettingsError:
        return Clients()  # a command works where no town is, too
