"""`parvis settings`: every setting with its value and origin, and the towns checked."""

import asyncio
import difflib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
from msgspec import structs

from parvis.cli.troubles import as_owned, is_there, read

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.settings import Mistake, Settings

FOR_TESTS = "PARVIS_TEST_"  # how this repository runs its tests


@click.command()
@click.pass_obj
def settings(file: Path | None) -> None:
    """Print the settings with secrets hidden. Exits 1 if they, the settings of plugins or the town files contain an
    error."""

    from parvis.deployment import compose, with_own_names
    from parvis.requests.known_towns import missed, unknown_default
    from parvis.requests.offered import brought
    from parvis.settings import listing

    known = read(file)
    for line in listing(known):
        click.echo(f"{line.key} = {line.value}    # {line.origin}")
    deployment = compose(
        structs.replace(known, strict=False), None, os.environ
    )  # everything is told, before anybody starts
    owned, unasked = as_owned(known.server_url, deployment.plugins)
    deployment = with_own_names(deployment, owned)
    jurisdictions, plugins = deployment.jurisdictions, deployment.plugins
    click.echo("")
    for town in jurisdictions.by_code.values():
        hosts = ", ".join(town.hosts) or "any host"
        click.echo(
            f"{town.code} · {town.name.fr} · {hosts} · {len(town.units)} units · {len(town.zones)} zones · "
            f"{len(brought(deployment.host, town))} request types · {town.language_regime}"
        )
    for folder in made_later(known):
        click.echo(f"the folder {folder} does not exist yet: it will be created")
    asks = not unasked and is_there(known.server_url)
    missing = asyncio.run(missed(known.server_url, jurisdictions)) if asks else unknown_default(jurisdictions)
    wrong = [*map(str, plugins.troubles), *(mistake.line() for mistake in (*missing, *deployment.loose_ends))]
    wrong += [
        mistake.line() for mistake in (*seen_on_this_machine(deployment), *strange_variables(deployment, os.environ))
    ]
    for each in wrong:
        click.echo(each, err=True)
    if unasked:
        click.echo(
            f"the owners of names and pending requests could not be checked in the database: {unasked}", err=True
        )
    sys.exit(1 if wrong else 0)


def made_later(known: "Settings") -> "list[Path]":
    """Folders that are not there and may be: a name typed wrong would be made as well, so they are named."""
    from parvis.settings_checks import SQLITE

    database = known.database_url
    inside = [Path(unquote(database.removeprefix(SQLITE))).parent] if database.startswith(SQLITE) else []
    return [folder for folder in dict.fromkeys([known.data, *inside]) if not folder.exists()]


def seen_on_this_machine(deployment: "Deployment") -> "Iterator[Mistake]":
    """What only the machine that serves can tell: whether the address to listen on is one of its own."""
    from parvis.settings import Mistake
    from parvis.settings_checks import not_here
    from parvis_sdk.file_stores import FilesAway

    settings = deployment.settings
    try:
        if settings.files.store:  # a folder is made when it is first needed
            deployment.host.files.check()
    except FilesAway as error:
        origin = settings.origins.get("files.store", "default")
        yield Mistake(
            file=origin, key="files.store", what=f"files cannot be kept: {error}", todo="check where they are stored"
        )
    yield from on_the_way(settings)
    if why := not_here(settings.host):
        origin = settings.origins.get("host", "default")
        what = f"'{settings.host}' is not an address of this machine ({why})"
        yield Mistake(file=origin, key="host", what=what, todo="write it like 127.0.0.1, or 0.0.0.0 for every address")


def on_the_way(settings: "Settings") -> "Iterator[Mistake]":
    """What a PostgreSQL, or a pooler before it, does not do as it has to."""
    from parvis.settings import Mistake
    from parvis.settings_checks import SQLITE

    if not settings.database_url.startswith(SQLITE):
        from parvis.db.postgres_hosts import no_copy, wrong_ways

        url, direct, replica = settings.database_url, settings.database_direct, settings.database_replica
        copied = asyncio.run(no_copy(url, replica)) if replica else ()
        for each in (*asyncio.run(wrong_ways(url, direct)), *copied):
            origin = settings.origins.get(each.key, "default")
            yield Mistake(file=origin, key=each.key, what=each.what, todo=each.todo)


def strange_variables(deployment: "Deployment", environ: Mapping[str, str]) -> "Iterator[Mistake]":
    """Variables of ours by their name that nothing reads. Those of a plugin in trouble are left to its own message."""
    from parvis.settings import Mistake

    known = variables_read(deployment)
    broken = {trouble.plugin for trouble in deployment.plugins.troubles} - {""}
    theirs = tuple(f"PARVIS_{name}_".upper() for name in broken)
    for name in sorted(environ):
        strange = name.startswith("PARVIS_") and name.removesuffix("_FILE") not in known
        if strange and not name.startswith((FOR_TESTS, *theirs)):
            near = difflib.get_close_matches(name, sorted(known), 3, 0.75)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            yield Mistake(file="environment", key=name, what="nothing reads this variable", todo=f"unset it{hint}")


def variables_read(deployment: "Deployment") -> set[str]:
    """Every variable that the host, its plugins or its modules read, without those that name a file."""
    from parvis.settings import FIELDS, NOT_SETTINGS, PREFIX
    from parvis.sign_in_sources import variables_of_sources

    own = {f"{PREFIX}{key.replace('.', '_')}".upper() for key in FIELDS if key != "plugins"}
    asked = {each.found.origin.name: each.settings for each in deployment.plugins.heard}
    asked |= {name: plugin.settings for name, plugin in deployment.plugins.by_name.items()}
    plugins = {
        f"{PREFIX}{name}_{field.encode_name}".upper()
        for name, settings in asked.items()
        if settings is not None
        for field in structs.fields(settings)
    }
    return own | plugins | variables_of_sources(deployment.host) | NOT_SETTINGS
