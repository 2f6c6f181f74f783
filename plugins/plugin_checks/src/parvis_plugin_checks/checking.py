"""`parvis plugins check`: every trouble of what is installed, or of a folder or wheel before it is."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec

from parvis.troubles import Trouble, said
from parvis_plugin_checks.apart import NothingToLookAt, looked_at
from parvis_plugin_checks.owned import noted_owners
from parvis_sdk.testing.laid_out import LaidOut, is_apart

PLACE = re.compile(r"([\w./-]+\.py):(\d+)")
TROUBLED = 1


@click.command()
@click.argument("target", required=False)
@click.option("--strict", is_flag=True, help="Complaints that leave nothing out count as well.")
@click.option("--json", "as_json", is_flag=True, help="A list of troubles for machines, and nothing else.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", show_default=True, help="Of the troubles.")
@click.pass_obj
def check(file: Path | None, target: str | None, strict: bool, as_json: bool, language: str) -> None:
    """Every trouble of every plugin and module: who, where, what, so what, now what.

    TARGET is a folder or a wheel that is not installed: it is looked at in a process of its own, among the plugins that
    are, without the settings of this installation; the database is asked by this process alone, whose each name is.
    Or the name of one plugin. Exit code 1 where there is any trouble, 2 where there is nothing to look at.
    """
    if target and is_apart(target):
        owners, unasked = noted_owners(file)
        laid, looked = looked_at(Path(target), language, owners)
        troubles, well = looked.troubles, f"{laid.distribution}, no trouble"
        told = [as_data(each, language, laid) for each in troubles]
    else:
        troubles, unasked, well = of_installed(file, target)
        told = [as_data(each, language) for each in troubles]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        for trouble in troubles:
            click.echo(trouble.to(language))
    if unasked:
        click.echo(
            f"the owners of names and pending requests could not be checked in the database: {unasked}", err=True
        )
    if any(trouble.severe or strict for trouble in troubles):
        sys.exit(TROUBLED)
    if not as_json:
        click.echo(well)


def of_installed(file: Path | None, name: str | None) -> tuple[tuple[Trouble, ...], str, str]:
    """The troubles of what is installed, or of one plugin; why the database was not asked; the words for none."""
    from parvis.cli.plugins import plugin_registry_of, with_database
    from parvis.deployment import modules_of
    from parvis.module_conflicts import without_clashes
    from parvis.plugins.unread_systems import unread_systems
    from parvis_plugin_checks.looking_closer import closer_look
    from parvis_plugin_checks.shadowed_commands import shadowed_commands

    plugin_registry, unasked = with_database(file, plugin_registry_of(file))
    modules = without_clashes(modules_of(None, None))
    closer = (*closer_look(plugin_registry, languages_of_towns(file)), *shadowed_commands(plugin_registry, modules))
    troubles = (*plugin_registry.troubles, *closer, *unread_systems(plugin_registry, modules), *modules.troubles)
    if name is None:
        counted = f"{len(plugin_registry.by_name)} plugins, {len(modules.modules)} modules, no trouble"
        return troubles, unasked, counted
    own = tuple(each for each in troubles if each.plugin == name)
    if not own and name not in plugin_registry.by_name and modules.named(name) is None:
        raise NothingToLookAt(f"no plugin or module is called {name!r}; parvis plugins list names those that work")
    return own, unasked, f"{name}, no trouble"


def languages_of_towns(file: Path | None) -> tuple[str, ...]:
    """The languages that the towns of this installation speak; French where there is none yet, or none to be read."""
    from parvis.cli.troubles import read
    from parvis.jurisdictions import JurisdictionError
    from parvis.jurisdictions.loading import load_jurisdictions
    from parvis.settings import SettingsError

    try:
        towns = load_jurisdictions(read(file).territory).by_code.values()
    except (SettingsError, JurisdictionError):
        return ("fr",)
    return tuple(dict.fromkeys(language for town in towns for language in town.languages))


def as_data(trouble: Trouble, language: str, laid: LaidOut | None = None) -> dict[str, Any]:
    """A trouble for machines; its file as it is named from where the folder is, for one that was looked at."""
    place = PLACE.search(trouble.where)
    path = place[1] if place else ""
    if place and laid:
        path = next((str(at) for at in candidates(path, laid) if at.is_file()), path)
    return {
        "who": trouble.who,
        "where": trouble.where,
        "what": said(trouble.what, language),
        "so_what": said(trouble.so_what, language),
        "now_what": said(trouble.now_what, language),
        "file": path,
        "line": int(place[2]) if place else 0,
        "plugin": trouble.plugin,
        "severe": trouble.severe,
    }


def candidates(path: str, laid: LaidOut) -> Iterable[Path]:
    source = laid.source or Path()
    return (source / "src" / path, source / path)
