"""`parvis plugins changes`: what a new version of a plugin would change here, before it is installed."""

import asyncio
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
import msgspec

from parvis.cli.troubles import read
from parvis_plugin_checks.apart import NothingToLookAt, asked_apart, laid_out
from parvis_plugin_checks.comparing import AREAS, OTHERWISE, Change, changes_between
from parvis_sdk.testing.laid_out import GROUP, LaidOut, normal

ORDER = (OTHERWISE, *(area for area, _ in AREAS))


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), help="A folder or wheel; otherwise what is installed.")
@click.option("--json", "as_json", is_flag=True, help="The same for machines.")
@click.pass_obj
def changes(file: Path | None, target: Path, against: Path | None, as_json: bool) -> None:
    """What a new version changes: types, questions, moves, rights, letters, settings, exits and hooks.

    TARGET is a folder or a wheel. It and what is there are asked in processes of their own, with their usual settings.
    Open requests keep the declaration that they were made with, and are counted: the moves of a type that goes rest.
    """
    with laid_out(target) as plugin:
        after = asked_apart(plugin, "whole", "fr")
    if against is not None:
        with laid_out(against) as other:
            before = asked_apart(other, "whole", "fr").declared
    else:
        before = installed(plugin)
    if not after.declared:
        raise NothingToLookAt("\n".join(each.to("en") for each in after.troubles) or f"{target} is no plugin here")
    found = {
        name: list(changes_between(before.get(name, {}), after.declared.get(name, {})))
        for name in dict.fromkeys((*before, *after.declared))
    }
    waiting = open_requests(file)
    touched = {code: waiting[code] for code in sorted(types_in(found)) if waiting.get(code)}
    if as_json:
        told = {"plugin": plugin.distribution, "changes": found, "open_requests": touched}
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return
    for line in lines_of(plugin.distribution, found, touched):
        click.echo(line)


def installed(plugin: LaidOut) -> dict[str, Any]:
    """What the distribution that is installed declares; nothing where it is not."""
    name = plugin.distribution.partition(" ")[0]
    points = [
        each for each in entry_points(group=GROUP) if each.dist is not None and normal(each.dist.name) == normal(name)
    ]
    if not points or points[0].dist is None:
        return {}
    about = f"{points[0].dist.name} {points[0].dist.version}"  # in the spelling of what is installed
    here = LaidOut(names=tuple(each.name for each in points), distribution=about, folders=())
    return asked_apart(here, "whole", "fr").declared


def types_in(found: Mapping[str, list[Change]]) -> set[str]:
    """The codes of the types in which anything differs."""
    return {
        each.where.split()[1] for all_of in found.values() for each in all_of if each.where.startswith("request_types ")
    }


def open_requests(file: Path | None) -> dict[str, int]:
    """How many requests of each type are not closed; none where there is no database to be asked."""
    from parvis.db import DatabaseTrouble
    from parvis.settings import SettingsError

    try:
        url = read(file).database_url
        path = url.partition("sqlite:///")[2]
        return {} if path and not Path(path).exists() else asyncio.run(_counted(url))
    except (SettingsError, DatabaseTrouble):
        return {}


async def _counted(url: str) -> dict[str, int]:
    from parvis.db.binding import running
    from parvis.db.migrating import check_version
    from parvis.db.tables import ServiceRequest

    async with running(url) as engine:
        await check_version(engine)
        rows = await ServiceRequest.raw(
            "SELECT type, COUNT(*) AS count FROM service_request WHERE phase <> 'closed' GROUP BY type"
        )
    return {row["type"]: int(row["count"]) for row in rows}


def lines_of(about: str, found: Mapping[str, list[Change]], touched: Mapping[str, int]) -> list[str]:
    """For people: by area, then the open requests of each type that is touched."""
    told = [about]
    for name, all_of in found.items():
        told.append(f"\n{name}: {len(all_of)} changes" if all_of else f"\n{name}: nothing changes")
        for area in ORDER:
            those = [each for each in all_of if each.area == area]
            told += [f"  {area}"] * bool(those) + [f"    {each}" for each in those]
    gone = {
        each.where.split()[1]
        for all_of in found.values()
        for each in all_of
        if each.how == "removed" and each.where.startswith("request_types ") and each.where.count(" ") == 1
    }
    for code, count in touched.items():
        fate = "their moves rest until it is back" if code in gone else "they keep the declaration they were made with"
        told.append(f"\n{count} open requests of {code}: {fate}")
    return told
