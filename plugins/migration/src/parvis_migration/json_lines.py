"""`parvis requests import`: requests of another system whose steps and answers are said by the codes of their type."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.command("import")
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="The jurisdiction that they belong to.")
@click.option("--source", required=True, help="The system that they come from: its numbers are known by this name.")
@click.pass_obj
def import_(file: Path | None, lines: Path, town: str, source: str) -> None:
    """Bring in requests of another system, one JSON object a line (see docs/operations.md).

    Nobody is written to. The same lines of the same source, brought in again, change nothing. Exits 1 when a line was
    refused; the others are in.
    """

    async def do(deployment: "Deployment") -> int:
        from parvis_migration.importing import ImportedRequest, bring_in
        from parvis_sdk.problems import Problems

        there = deployment.host.jurisdictions.get(town)
        if there is None:
            raise Unusable(
                f"there is no town {town!r}; choose one of {', '.join(deployment.host.jurisdictions.by_code)}"
            )
        done, refused = 0, 0
        with lines.open("rb") as source_lines:
            for number, line in enumerate(source_lines, start=1):
                if not line.strip():
                    continue
                try:
                    answer = await bring_in(
                        deployment.host, there, source, msgspec.json.decode(line, type=ImportedRequest)
                    )
                except msgspec.DecodeError as error:
                    click.echo(f"line {number}: {error}", err=True)
                    refused += 1
                    continue
                if isinstance(answer, Problems):
                    for each in answer.found:
                        click.echo(f"line {number}: {each.path}: {each.message.en or each.message.fr}", err=True)
                    refused += 1
                else:
                    done += 1
        click.echo(f"{done} in, {refused} refused")
        return refused

    if with_deployment(read(file), do):
        sys.exit(1)
