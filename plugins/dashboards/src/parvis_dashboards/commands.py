"""`parvis open-data`: what everybody may have of the requests of a year."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.command("open-data")
@click.argument("file_out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="Code of the town.")
@click.option(
    "--year", required=True, type=click.IntRange(1990, 2200), help="Year in which the requests were received."
)
@click.pass_obj
def open_data(file: Path | None, file_out: Path, town: str, year: int) -> None:
    """Write the public requests of a year to FILE_OUT as CSV. The columns are described in docs/figures.md."""

    async def do(deployment: "Deployment") -> None:
        from parvis_dashboards.open_data import open_data as pieces

        there = deployment.host.jurisdictions.get(town)
        if there is None:
            raise Unusable(
                f"there is no town {town!r}; choose one of {', '.join(deployment.host.jurisdictions.by_code)}"
            )
        services = {
            request_type.code: request_type.title
            for request_type in deployment.host.plugins.types_of(there.plugins)
            if request_type.visibility.public
        }
        async for piece in pieces(there, services, year):
            out.write(piece.encode())

    with file_out.open("wb") as out:
        with_deployment(read(file), do)
    click.echo(f"{file_out}: {file_out.stat().st_size} bytes")
