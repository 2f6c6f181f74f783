"""`parvis plugins`: which plugins are installed, what they bring, and what is wrong with them."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from parvis.house import House
    from parvis_sdk.events import Event


@click.group()
def plugins() -> None:
    """What is plugged in."""


def _house(file: Path | None) -> "House":
    """The house as this town's settings furnish it; whatever else is wrong with them does not matter here."""
    from parvis.host import built_in_plugins
    from parvis.house import find_plugins, open_house, settings_from
    from parvis.settings import Reading, settings_file

    tables = Reading(settings_file(os.environ, file), os.environ).values.get("plugins", {})
    found, troubles = find_plugins(built_in_plugins())
    return open_house(found, settings_from(tables, os.environ), troubles)


@plugins.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """One line for each plugin that works."""
    house = _house(file)
    for plugin in house.plugins.values():
        counts = {
            "request types": len(plugin.request_types),
            "subscriptions": len(plugin.subscriptions),
            "channels": len(plugin.channels),
            "locators": len(plugin.locators),
            "payment providers": len(plugin.payments),
        }
        brings = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        click.echo(f"{plugin.origin}  {brings or 'nothing'}")
    if house.troubles:
        click.echo(f"{len(house.troubles)} in trouble: parvis plugins check", err=True)


@plugins.command()
@click.option("--strict", is_flag=True, help="Complaints that leave nothing out count as well.")
@click.pass_obj
def check(file: Path | None, strict: bool) -> None:
    """Every trouble of every plugin: who, where, what, so what, now what. Exits 1 when there is any."""
    house = _house(file)
    for trouble in house.troubles:
        click.echo(str(trouble))
    if any(trouble.severe or strict for trouble in house.troubles):
        sys.exit(1)
    click.echo(f"{len(house.plugins)} plugins, no trouble")


@plugins.command()
@click.argument("name")
@click.option("--language", default="fr", show_default=True)
@click.pass_obj
def show(file: Path | None, name: str, language: str) -> None:
    """Everything one plugin declares, with the diagrams of its workflows."""
    house = _house(file)
    plugin = house.plugins.get(name)
    if plugin is None:
        raise click.ClickException(f"no plugin '{name}' works here; parvis plugins list names those that do")
    click.echo(str(plugin.origin))
    for code in plugin.request_types:
        kind = house.request_types[code]
        click.echo(f"\n{code} · {kind.title.to(language)} · version {kind.version}")
        for field in kind.form.fields():
            click.echo(
                f"  {field.code} ({type(field).__name__}, {field.privacy.sensitivity}): {field.label.to(language)}"
            )
        click.echo(kind.workflow.diagram(language))
    for each in plugin.subscriptions:
        subscribed = house.subscription(f"{name}.{each}") or house.subscription(each)
        if subscribed is not None:
            click.echo(f"\nhears {_heard(subscribed.subscription.events, subscribed.subscription.needs)}")
    for each in plugin.connectors:
        connector = house.connectors[each]
        click.echo(f"\n{each} tells {connector.address} of {_heard(connector.events, connector.needs)}")


def _heard(events: "tuple[type[Event], ...]", needs: "tuple[str, ...]") -> str:
    return f"{', '.join(event.__name__ for event in events)}; needs {', '.join(needs) or 'nothing personal'}"
