"""`parvis plugins`: which plugins are installed, what they bring, and what is wrong with them."""

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.plugins import PluginRegistry
    from parvis_sdk.events import Event

KINDS = ("plugins", "request_types", "themes", "channels", "connectors", "locators", "payments")


@click.group()
def plugins() -> None:
    """What is plugged in."""


def _registry(file: Path | None) -> "PluginRegistry":
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


def _with_database(file: Path | None, plugin_registry: "PluginRegistry") -> "tuple[PluginRegistry, str]":
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
    """One line for each plugin that works."""
    plugin_registry = _registry(file)
    for plugin in plugin_registry.by_name.values():
        counts = {
            "request types": len(plugin.request_types),
            "subscriptions": len(plugin.subscriptions),
            "channels": len(plugin.channels),
            "locators": len(plugin.locators),
            "payment providers": len(plugin.payments),
        }
        brings = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        click.echo(f"{plugin.origin}  {brings or 'nothing'}")
    if plugin_registry.troubles:
        click.echo(f"{len(plugin_registry.troubles)} in trouble: parvis plugins check", err=True)


@plugins.command()
@click.option("--strict", is_flag=True, help="Complaints that leave nothing out count as well.")
@click.pass_obj
def check(file: Path | None, strict: bool) -> None:
    """Every trouble of every plugin and module: who, where, what, so what, now what. Exits 1 when there is any."""
    from parvis.deployment import modules_of
    from parvis.module_conflicts import without_clashes
    from parvis.plugins.unread_systems import unread_systems

    plugin_registry, unasked = _with_database(file, _registry(file))
    modules = without_clashes(modules_of(None, None))
    troubles = (*plugin_registry.troubles, *unread_systems(plugin_registry, modules), *modules.troubles)
    for trouble in troubles:
        click.echo(str(trouble))
    if unasked:
        click.echo(f"the database was not asked whose each name is, and which requests wait: {unasked}", err=True)
    if any(trouble.severe or strict for trouble in troubles):
        sys.exit(1)
    click.echo(f"{len(plugin_registry.by_name)} plugins, {len(modules.modules)} modules, no trouble")


@plugins.command("take-over")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.argument("plugin")
@click.option("--reason", required=True, help="Why; kept with the decision.")
@click.pass_obj
def take_over(file: Path | None, kind: str, name: str, plugin: str, reason: str) -> None:
    """Decide that a name, and with it the requests of a type, belong to another plugin from now on.

    KIND is what is taken over: plugins, themes, request_types, channels, connectors, locators or payments. Who decided
    it (the account of this machine), when and why is kept, and shown by `parvis plugins owners` and on the operators’
    page of plugins. Restart serve and work.
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
        return f"{kind} {name}: {made.before} -> {made.after}, {count} requests; restart to serve it"

    click.echo(with_deployment(read(file), do))


@plugins.command()
@click.pass_obj
def owners(file: Path | None) -> None:
    """To which distribution each name belongs, and every takeover with its reason."""
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


@plugins.command()
@click.argument("name")
@click.option("--language", default="fr", show_default=True)
@click.pass_obj
def show(file: Path | None, name: str, language: str) -> None:
    """Everything one plugin declares, with the diagrams of its workflows."""
    plugin_registry = _registry(file)
    plugin = plugin_registry.by_name.get(name)
    if plugin is None:
        raise click.ClickException(f"no plugin '{name}' works here; parvis plugins list names those that do")
    click.echo(str(plugin.origin))
    for code in plugin.request_types:
        request_type = plugin_registry.request_types[code]
        click.echo(f"\n{code} · {request_type.title.to(language)} · version {request_type.version}")
        for field in request_type.form.fields():
            click.echo(
                f"  {field.code} ({type(field).__name__}, {field.privacy.sensitivity}): {field.label.to(language)}"
            )
        click.echo(request_type.workflow.diagram(language))
    for each in plugin.subscriptions:
        subscribed = plugin_registry.subscription(f"{name}.{each}") or plugin_registry.subscription(each)
        if subscribed is not None:
            click.echo(f"\nhears {_heard(subscribed.subscription.events, subscribed.subscription.needs)}")
    for each in plugin.connectors:
        connector = plugin_registry.connectors[each]
        click.echo(f"\n{each} tells {connector.address} of {_heard(connector.events, connector.needs)}")


def _heard(events: "tuple[type[Event], ...]", needs: "tuple[str, ...]") -> str:
    return f"{', '.join(event.__name__ for event in events)}; needs {', '.join(needs) or 'nothing personal'}"
