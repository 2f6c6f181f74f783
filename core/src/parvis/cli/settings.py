"""`parvis settings`: every setting with its value and origin, and the towns checked."""

import os
import sys
from pathlib import Path

import click

from parvis.cli.troubles import read


@click.command()
@click.pass_obj
def settings(file: Path | None) -> None:
    """Print the settings, secrets hidden, and check the towns and what they name."""

    from parvis.host import furnish
    from parvis.settings import listing
    from parvis.territory import load_territory, loose_ends

    known = read(file)
    for line in listing(known):
        click.echo(f"{line.key} = {line.value}    # {line.origin}")
    territory = load_territory(known.territory)
    house = furnish(known, None, os.environ)
    click.echo("")
    for town in territory.jurisdictions.values():
        hosts = ", ".join(town.hosts) or "any host"
        click.echo(
            f"{town.code} · {town.name.fr} · {hosts} · {len(town.units)} units · {len(town.zones)} zones · "
            f"{len(house.types_of(town.plugins))} request types · {town.language_regime}"
        )
    ends = loose_ends(
        territory,
        types=tuple(house.request_types),
        plugins=tuple(house.plugins),
        locators=tuple(house.locators),
        payments=tuple(house.payments),
        kinds=tuple(house.request_types.values()),
    )
    for end in ends:
        click.echo(end.line(), err=True)
    sys.exit(1 if ends else 0)
