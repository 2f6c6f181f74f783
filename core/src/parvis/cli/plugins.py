"""`parvis plugins`: which plugins are installed, what they bring, and what is wrong with them."""

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.module_commands import Commands

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.plugins import PluginRegistry

KINDS = (
    "plugins",
    "request_types",
    "themes",
    "channels",
    "connectors",
    "locators",
    "payments",
    "virus_scanners",
    "identity_providers",
    "file_stores",
    "document_renderers",
)


@click.group(cls=Commands, within="plugins")
def plugins() -> None:
    """List, check and try plugins."""


def plugin_registry_of(file: Path | None) -> "PluginRegistry":
    """The plugin registry as these settings make it; whatever else is wrong with them does not matter here."""
    from parvis.deployment import built_in_plugins
    from parvis.plugins.discovery import find_plugins
    from parvis.plugins.loading import load_plugins
    from parvis.plugins.plugin_settings import settings_from
    from parvis.plugins.threads import ended_from_below
    from parvis.settings import SettingsReader, settings_file

    tables = SettingsReader(settings_file(os.environ, file), os.environ).values.get("plugins", {})
    with ended_from_below():
        found, troubles = find_plugins(built_in_plugins())
        return load_plugins(found, settings_from(tables, os.environ), troubles)


def with_database(file: Path | None, plugin_registry: "PluginRegistry") -> "tuple[PluginRegistry, str]":
    """The registry as its database knows whose each name is; with why it could not be asked, where it could not."""
    from parvis.cli.troubles import as_owned, read
    from parvis.settings import SettingsError

    try:
        url = read(file).database_url
    except SettingsError:
        return plugin_registry, ""  # plugins are looked at where no town is, too
    return as_owned(url, plugin_registry)


@plugins.command("new", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def new(words: tuple[str, ...]) -> None:
    """Make a plugin from five answers: the sdk's own command `parvis-plugin new`, which needs no host."""
    from parvis_sdk.new_plugin.command import main

    if code := main(["new", *words]):
        sys.exit(code)


@plugins.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """List the plugins that work, with what they bring."""
    plugin_registry = plugin_registry_of(file)
    for plugin in plugin_registry.by_name.values():
        nouns = [each for each in plugin.__struct_fields__ if each not in ("origin", "module", "settings")]
        counts = {each.replace("_", " "): len(getattr(plugin, each)) for each in nouns}
        brings = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        click.echo(f"{plugin.origin}  {brings or 'nothing'}")
    if plugin_registry.troubles:
        click.echo(f"{len(plugin_registry.troubles)} with errors: run `parvis plugins check`", err=True)


@plugins.command("take-over")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.argument("plugin")
@click.option("--reason", required=True, help="Reason, kept with the decision.")
@click.pass_obj
def take_over(file: Path | None, kind: str, name: str, plugin: str, reason: str) -> None:
    """Transfer a name, and with it the requests of a type, to another plugin.

    KIND is what is taken over: plugins, themes, request_types, channels, connectors, locators, payments,
    virus_scanners, identity_providers, file_stores or document_renderers. Who decided it (the account of this machine),
    when and why is kept, and shown by `parvis plugins owners` and on the operators’ page of plugins. Restart serve and
    work.
    """
    from parvis.cli.troubles import Unusable, read, with_deployment
    from parvis.requests.claims import NotToBeHad, take_over

    async def do(deployment: "Deployment") -> str:
        try:
            claim = await take_over(
                deployment.host.engine, deployment.plugins, kind, name, plugin, by=getpass.getuser(), reason=reason
            )
        except NotToBeHad as error:
            raise Unusable(str(error)) from error
        made, count = claim.decisions[-1], claim.owner.requests
        return f"{kind} {name}: {made.before} -> {made.after}, {count} requests; restart to apply it"

    click.echo(with_deployment(read(file), do))


@plugins.command()
@click.pass_obj
def owners(file: Path | None) -> None:
    """List which distribution owns each name, and every takeover with its reason."""
    from parvis.cli.troubles import read, with_deployment
    from parvis.requests.claims import claims

    async def do(deployment: "Deployment") -> None:
        for claim in await claims():
            owner = claim.owner
            waits = f", {owner.requests} requests" if owner.requests else ""
            click.echo(f"{owner.kind} {owner.name}  {owner}{waits}")
            for each in claim.decisions:
                click.echo(f"  {each.at:%Y-%m-%d %H:%M} UTC {each.by}: {each.before} -> {each.after}, {each.reason}")

    with_deployment(read(file), do)
