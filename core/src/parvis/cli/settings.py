"""`parvis settings`: every setting with its value and origin, and the towns checked."""

import os
import sys
from pathlib import Path

import click

from parvis.cli.troubles import read


@click.command()
@click.pass_obj
def settings(file: Path | None) -> None:
    """Print the settings, secrets hidden; exit code 1 when anything in them, in those of plugins or in the towns is
    wrong."""

    from parvis.host import compose
    from parvis.settings import listing

    known = read(file)
    for line in listing(known):
        click.echo(f"{line.key} = {line.value}    # {line.origin}")
    host = compose(known, None, os.environ)
    territory, house = host.territory, host.house
    click.echo("")
    for town in territory.jurisdictions.values():
        hosts = ", ".join(town.hosts) or "any host"
        click.echo(
            f"{town.code} · {town.name.fr} · {hosts} · {len(town.units)} units · {len(town.zones)} zones · "
            f"{len(house.types_of(town.plugins))} request types · {town.language_regime}"
        )
    wrong = [*map(str, house.troubles), *(end.line() for end in host.loose_ends)]
    for each in wrong:
        click.echo(each, err=True)
    sys.exit(1 if wrong else 0)
