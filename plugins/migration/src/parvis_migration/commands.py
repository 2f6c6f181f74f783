"""`parvis migration`: look at a file of another system, try it, bring it in, take a batch back."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.jurisdictions import Jurisdiction
    from parvis_migration.attached import OldFiles
    from parvis_migration.mapping import FieldMapping
    from parvis_migration.proposing import Proposal
    from parvis_migration.running import Done
    from parvis_migration.sources import Source
    from parvis_migration.trying import Trial
    from parvis_migration.undoing import Undone

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
A_PLACE = click.Path(exists=True, path_type=Path)
A_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
REFUSED = 3  # exit code where rows were refused: the others are, or would be, in; or where requests stay
SHORTEST_NAME = 3
Decorated = Callable[..., Any]


def of_a_file(command: Decorated) -> Decorated:
    """What says which file is meant, and how it is to be read where that cannot be found."""
    for option in (
        click.option("--town", required=True, help="The jurisdiction that the requests belong to."),
        click.option("--sheet", default="", help="The sheet of a workbook; the first where nothing is said."),
        click.option("--separator", default="", help="Between the cells of a CSV, where it is not found."),
        click.option("--encoding", default="", help="Of a CSV, where it is not found, such as cp1252."),
        click.argument("path", metavar="FILE", type=A_FILE),
    ):
        command = option(command)
    return command


def of_a_report(command: Decorated) -> Decorated:
    """Where the report goes, and in which language."""
    for option in (
        click.option("--files", "attached", type=A_PLACE, help="The folder or ZIP of the files that rows name."),
        click.option("--language", type=click.Choice(["fr", "en"]), default="fr", help="Of summary and report."),
        click.option("--report", type=A_NEW_FILE, help="A CSV with every row, and what is to be known of it."),
        click.option("--mapping", "mapped", required=True, type=A_FILE, help="The mapping that `look` proposed."),
    ):
        command = option(command)
    return command


@click.group()
def migration() -> None:
    """Import the requests of another system: inspect its file, try it, import it, undo a batch."""


@migration.command()
@of_a_file
@click.option("--source", default="", help="The name of the old system; that of the file where nothing is said.")
@click.option("--out", type=A_NEW_FILE, help="Where the mapping is written; on the screen where nothing is said.")
@click.pass_obj
def look(
    file: Path | None, path: Path, encoding: str, separator: str, sheet: str, town: str, source: str, out: Path | None
) -> None:
    """Propose a mapping for FILE: CSV, XLSX, ODS, JSON, JSON lines or GeoJSON, also with .gz. Nothing is written."""
    if out is not None and out.exists():
        raise click.UsageError(f"{out} is there already: it may have been corrected by somebody")

    async def do(deployment: "Deployment") -> "Proposal":
        from parvis_migration.proposing import propose
        from parvis_migration.sources import read_source

        there = town_of(deployment, town)
        rows = read_source(path, encoding=encoding, separator=separator, sheet=sheet)
        click.echo(_read_as(rows), err=True)
        return propose(deployment.host, there, rows, source or path.name.partition(".")[0])

    proposal = with_deployment(read(file), do)
    _write_mapping(proposal, out)


def _write_mapping(proposal: "Proposal", out: Path | None) -> None:
    from parvis_migration.mapping import as_toml

    written = as_toml(proposal.mapping, proposal.comments)
    if out is None:
        click.echo(written)
    else:
        out.write_text(written, "utf-8")
    for each in proposal.open:
        click.echo(f"to decide: {each}", err=True)


@migration.command("try")
@of_a_file
@of_a_report
@click.pass_obj
def try_(
    file: Path | None,
    path: Path,
    encoding: str,
    separator: str,
    sheet: str,
    town: str,
    mapped: Path,
    report: Path | None,
    language: str,
    attached: Path | None,
) -> None:
    """Say what would become of every row of FILE; nothing is written. Exits 3 where rows would be refused."""

    async def do(deployment: "Deployment") -> "Trial":
        from parvis_migration.report import told_in
        from parvis_migration.trying import try_out

        there = town_of(deployment, town)
        rows, mapping = what_is_meant(deployment, there, path, encoding, separator, sheet, mapped)
        with told_in(report, language) as told:
            return await try_out(deployment.host, there, mapping, rows, told, _old_files(attached))

    _tell(with_deployment(read(file), do), language)


def _tell(trial: "Trial", language: str) -> None:
    """The summary on the screen; the exit code says whether rows were refused."""
    from parvis_migration.report import summary

    click.echo("\n".join(summary(trial, language)))
    if trial.outcomes["refused"]:
        sys.exit(REFUSED)


@migration.command()
@of_a_file
@of_a_report
@click.option("--by", required=True, help="Who brings it in; kept with the batch.")
@click.option("--most", type=click.IntRange(min=0), default=0, help="So many requests at most; the next run goes on.")
@click.pass_obj
def run(
    file: Path | None,
    path: Path,
    encoding: str,
    separator: str,
    sheet: str,
    town: str,
    mapped: Path,
    report: Path | None,
    language: str,
    attached: Path | None,
    by: str,
    most: int,
) -> None:
    """Bring FILE in as one batch. Stopped or killed, the same command goes on. Exits 3 where rows were refused."""

    async def do(deployment: "Deployment") -> "Done":
        from parvis_migration.bringing import Order
        from parvis_migration.report import told_in
        from parvis_migration.running import run_through

        there = town_of(deployment, town)
        rows, mapping = what_is_meant(deployment, there, path, encoding, separator, sheet, mapped)
        order = Order(file=path, digest=digest, mapping_text=written, by=_name(by), most=most)
        with told_in(report, language) as told:
            tell, old = partial(click.echo, err=True), _old_files(attached)
            return await run_through(deployment.host, there, mapping, rows, order, tell, told, old)

    from parvis_migration.bringing import digest_of

    digest, written = digest_of(path), mapped.read_text("utf-8")
    done = with_deployment(read(file), do)
    click.echo(f"{done.batch}: {done.requests} requests" + ("" if done.is_over else "; run this again for the rest"))
    _tell(done.trial, language)


@migration.command()
@click.option("--town", required=True, help="The jurisdiction whose batches are listed.")
@click.pass_obj
def batches(file: Path | None, town: str) -> None:
    """List the import batches of a town: file, number of requests, person and outcome."""

    async def do(deployment: "Deployment") -> list[str]:
        from parvis_migration.running import lines_of_batches

        return [each async for each in lines_of_batches(town_of(deployment, town))]

    for line in with_deployment(read(file), do):
        click.echo(line)


@migration.command()
@click.argument("batch")
@click.option("--town", required=True, help="The jurisdiction that it belongs to.")
@click.option("--seen-by", default="", metavar="NAME", help="Who has seen this list: its requests may be due from now.")
@click.pass_obj
def due(file: Path | None, batch: str, town: str, seen_by: str) -> None:
    """What of BATCH is past its retention. None of it is due for destruction before somebody has seen this list."""

    async def do(deployment: "Deployment") -> list[str]:
        from parvis import clock
        from parvis_migration.running import lines_of_due, say_seen

        there, at = town_of(deployment, town), clock.now()
        lines = [each async for each in lines_of_due(there, batch)]
        if seen_by:
            await say_seen(deployment.host, there, batch, _name(seen_by), at)
        return lines

    for line in with_deployment(read(file), do):
        click.echo(line)


@migration.command()
@click.argument("batch")
@click.option("--town", required=True, help="The jurisdiction that it belongs to.")
@click.option("--by", required=True, help="Who takes it back; kept with the batch.")
@click.pass_obj
def undo(file: Path | None, batch: str, town: str, by: str) -> None:
    """Take BATCH back. Requests that somebody has worked on since stay and are listed; then it exits 3."""

    async def do(deployment: "Deployment") -> "Undone":
        from parvis_migration.undoing import undo

        return await undo(deployment.host, town_of(deployment, town), batch, _name(by))

    done = with_deployment(read(file), do)
    click.echo(f"{done.gone} requests taken back, {len(done.stay)} stay")
    for reference in done.stay:
        click.echo(f"  {reference} was worked on here")
    if done.stay:
        sys.exit(REFUSED)


def _name(typed: str) -> str:
    if len(typed.strip()) < SHORTEST_NAME:
        raise Unusable("the name of a person stands beside what is done: three letters at least")
    return typed.strip()


def _old_files(place: Path | None) -> "OldFiles | None":
    from parvis_migration.attached import OldFiles

    return OldFiles(place) if place else None


def town_of(deployment: "Deployment", code: str) -> "Jurisdiction":
    """The town of that code, which has the module."""
    towns = deployment.host.jurisdictions
    there = towns.get(code)
    if there is None:
        raise Unusable(f"there is no jurisdiction {code!r}: one of {', '.join(towns.by_code)}")
    if "migration" not in deployment.host.modules.of(there).on:
        raise Unusable(f"the module is off in {code}: parvis modules on migration --town {code} --reason …")
    return there


def what_is_meant(
    deployment: "Deployment",
    town: "Jurisdiction",
    path: Path,
    encoding: str,
    separator: str,
    sheet: str,
    mapped: Path,
) -> "tuple[Source, FieldMapping]":
    """The rows of a file and the mapping for them, which names nothing that is not there."""
    from parvis.requests.offered import types_of
    from parvis_migration.mapping import mistakes_in, read_mapping
    from parvis_migration.sources import read_source

    mapping = read_mapping(mapped)
    rows = read_source(path, encoding=encoding, separator=separator, sheet=sheet)
    types = {each.code: each for each in types_of(deployment.host, town)}
    if mistakes := list(mistakes_in(mapping, rows.columns, town, types)):
        raise Unusable(f"{mapped} does not fit: " + "; ".join(mistakes))
    return rows, mapping


def _read_as(source: "Source") -> str:
    form = f", {source.encoding}, cells parted by {source.separator!r}" if source.separator else ""
    return (
        f"{source.kind}{form}: {len(source.rows)} rows, {len(source.columns)} columns, {len(source.broken)} unreadable"
    )
