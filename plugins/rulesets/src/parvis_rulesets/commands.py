"""What the commands of any rule set of a town do: print what is in force as a file, read one, name its faults."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.jurisdictions import Jurisdiction
    from parvis_rulesets.editing import Body, Fault
    from parvis_rulesets.versions import Ruleset


def town_of(deployment: "Deployment", code: str) -> "Jurisdiction":
    there = deployment.host.jurisdictions.get(code)
    if there is None:
        raise Unusable(f"there is no town {code!r}; choose one of {', '.join(deployment.host.jurisdictions.by_code)}")
    return there


async def print_in_force(kept: "Ruleset[Body]", deployment: "Deployment", town: str) -> None:
    from parvis_rulesets.files import written_as_file
    from parvis_rulesets.versions import in_force

    standing = await in_force(kept, deployment.host, town_of(deployment, town))
    click.echo(f"# version {standing.version}" if standing.version else "# of the town's files")
    click.echo(written_as_file(kept, standing.body), nl=False)


def read_procedure(kept: "Ruleset[Body]", path: Path) -> "Body":
    from parvis_rulesets.files import Unreadable, read_file

    try:
        return read_file(kept, path.read_bytes())
    except Unreadable as error:
        raise Unusable(f"{path}: {error}") from error


def print_faults(faults: Iterable["Fault"], part: str, whole: str) -> bool:
    """Each on a line of its own; whether any keeps the rule set from being put in force."""
    blocked = False
    for fault in faults:
        where = f"{part} {fault.number}" if fault.number else whole
        click.echo(f"{where}: {fault.what.to('en')}{'' if fault.blocks else ' (never holds)'}")
        blocked = blocked or fault.blocks
    return blocked
