"""`parvis requests audit`: the auditor's pack of a town, for the whole of what there is."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.command()
@click.argument("file_out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="Code of the town.")
@click.option("--unit", default="", help="Code of a unit, with the units below it. Default: all units.")
@click.option(
    "--from", "first", required=True, type=click.DateTime(("%Y-%m-%d",)), help="First day, in the town’s time."
)
@click.option("--to", "last", required=True, type=click.DateTime(("%Y-%m-%d",)), help="Last day, in the town’s time.")
@click.pass_obj
def audit(file: Path | None, file_out: Path, town: str, unit: str, first: datetime, last: datetime) -> None:
    """Write the signed audit file of a town or unit for a period to FILE_OUT (see docs/audit.md)."""

    async def do(deployment: "Deployment") -> None:
        from parvis_audit_pack.asking import asked, town_files
        from parvis_audit_pack.packing import pack

        there = deployment.host.jurisdictions.get(town)
        if there is None:
            raise Unusable(
                f"there is no town {town!r}; choose one of {', '.join(deployment.host.jurisdictions.by_code)}"
            )
        if unit and there.unit(unit) is None:
            raise Unusable(f"{town} has no unit {unit!r}; choose one of {', '.join(there.units)}")
        if last < first:
            raise Unusable(f"the last day, {last.date()}, comes before the first, {first.date()}")
        wanted = asked(there, first=first.date(), last=last.date(), unit=unit, made_by="parvis requests audit")
        async for piece in pack(deployment.host, wanted, town_files(deployment.settings.territory, there)):
            out.write(piece)

    with file_out.open("wb") as out:
        with_deployment(read(file), do)
    click.echo(f"{file_out}: {file_out.stat().st_size} bytes")
