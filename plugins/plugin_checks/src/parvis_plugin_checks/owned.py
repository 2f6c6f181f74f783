"""Whose each name is: what the database has noted, and what the plugins that are installed declare."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs
from packaging.utils import canonicalize_name

from parvis.cli.troubles import read
from parvis.plugins.name_conflicts import PLUGINS, THEMES, TYPES, WORDS, Owner
from parvis.plugins.registry import PluginRegistry, named
from parvis_sdk.plugin_mistakes import addresses_of


def noted_owners(file: Path | None) -> tuple[tuple[Owner, ...], str]:
    """The owners that the database of this installation knows; with why it could not be asked, where it could not."""
    from parvis.db import DatabaseTrouble
    from parvis.settings import SettingsError

    try:
        url = read(file).database_url
    except SettingsError:
        return (), ""  # plugins are looked at where no town is, too
    path = url.partition("sqlite:///")[2]
    if path and not Path(path).exists():
        return (), ""
    try:
        return asyncio.run(_asked(url)), ""
    except DatabaseTrouble as error:
        return (), str(error)


async def _asked(url: str) -> tuple[Owner, ...]:
    from parvis.db.binding import running
    from parvis.db.migrating import check_version
    from parvis.requests.claims import claims

    async with running(url) as engine:
        await check_version(engine)
        return tuple(each.owner for each in await claims())


def declared_owners(registry: PluginRegistry, newcomer: str) -> Iterator[Owner]:
    """Of what all but one distribution declare, whose each name is: what is installed comes before what is not."""
    for one in registry.heard:
        origin = one.found.origin
        if canonicalize_name(origin.distribution) == canonicalize_name(newcomer):
            continue
        own = Owner(kind=PLUGINS, name=origin.name, plugin=origin.name, distribution=origin.distribution)
        yield own
        for kind, nouns in one.lists.items():
            for noun in nouns if kind in WORDS else ():
                addresses = addresses_of(noun) if kind == TYPES else ()
                yield structs.replace(own, kind=kind, name=named(noun), addresses=addresses)
        for request_type in one.lists[TYPES]:
            yield structs.replace(own, kind=THEMES, name=request_type.theme.code, theme=request_type.theme)
