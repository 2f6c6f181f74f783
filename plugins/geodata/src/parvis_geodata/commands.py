"""`parvis geodata`: look at a geographic file of the town, try it, take it as a version, undo it."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.jurisdictions import Jurisdiction
    from parvis_geodata.features import Source
    from parvis_geodata.mapping import FileMapping, Subject
    from parvis_geodata.proposing import Proposal
    from parvis_geodata.trying import Trial
    from parvis_geodata.versions import Line, Version, VersionedFile

A_PLACE = click.Path(exists=True, path_type=Path)
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
A_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
REFUSED = 3  # exit code where rows are refused, or the town could not be read with the file
SHORTEST_NAME = 3
RESTART = "restart `parvis serve` and `parvis work` so that it is used"
Decorated = Callable[..., Any]


def of_a_mapping(command: Decorated) -> Decorated:
    """Which file, by which mapping, and where the report goes."""
    for option in (
        click.option("--accept-overlaps", is_flag=True, help="Allow overlapping zones: a place belongs to the first."),
        click.option(
            "--language", type=click.Choice(["fr", "en"]), default="fr", help="Language of the summary and the report."
        ),
        click.option("--report", type=A_NEW_FILE, help="CSV report with the result of every row."),
        click.option("--mapping", "mapped", required=True, type=A_FILE, help="Mapping that `look` proposed."),
        click.option("--town", required=True, help="Code of the town."),
        click.argument("path", metavar="FILE", type=A_PLACE),
    ):
        command = option(command)
    return command


def of_a_subject(command: Decorated) -> Decorated:
    """Which file of a town is meant."""
    for option in (
        click.option("--of", "named", required=True, help="File of the town, such as zones or assets/LAYER."),
        click.option("--town", required=True, help="Code of the town."),
    ):
        command = option(command)
    return command


@click.group()
def geodata() -> None:
    """Import zones, assets, places and addresses from a town’s files: inspect, try, import, undo."""


@geodata.command()
@click.argument("path", metavar="FILE", type=A_PLACE)
@click.option("--town", required=True, help="Code of the town.")
@click.option("--as", "named", required=True, help="File of the town, such as zones or assets/LAYER.")
@click.option("--table", default="", help="Table to read, if the file has several.")
@click.option("--encoding", default="", help="Encoding of a shapefile or CSV, such as cp1252, if it is not detected.")
@click.option("--separator", default="", help="Separator of a CSV, if it is not detected.")
@click.option("--out", type=A_NEW_FILE, help="File for the mapping. Default: the screen.")
@click.pass_obj
def look(
    file: Path | None,
    path: Path,
    town: str,
    named: str,
    table: str,
    encoding: str,
    separator: str,
    out: Path | None,
) -> None:
    """Propose a mapping for FILE: shapefile (ZIP, folder or .shp), GeoPackage, GeoJSON or CSV."""
    if out is not None and out.exists():
        raise click.UsageError(f"{out} is there already: it may have been corrected by somebody")

    async def do(deployment: "Deployment") -> "Proposal":
        from parvis_geodata.mapping import subject_named
        from parvis_geodata.proposing import propose
        from parvis_geodata.sources import read_source

        there, subject = town_of(deployment, town), subject_named(named)
        source = read_source(path, layer=table, encoding=encoding, separator=separator)
        click.echo(_read_as(source), err=True)
        return propose(there, subject, source)

    from parvis_geodata.mapping import as_toml

    proposal = with_deployment(read(file), do)
    written = as_toml(proposal.mapping, proposal.comments)
    if out is None:
        click.echo(written, nl=False)
    else:
        out.write_text(written, "utf-8")
    for each in proposal.open:
        click.echo(f"to decide: {each}", err=True)


def _read_as(source: "Source") -> str:
    said = [
        source.form,
        source.layer,
        source.encoding,
        f"{len(source.features)} rows",
        f"{len(source.columns)} columns",
    ]
    return ", ".join(each for each in said if each)


@geodata.command("try")
@of_a_mapping
@click.pass_obj
def try_(
    file: Path | None,
    path: Path,
    town: str,
    mapped: Path,
    report: Path | None,
    language: str,
    accept_overlaps: bool,
) -> None:
    """Show the result for every row of FILE, without importing it. Exits 3 if some rows would be refused."""

    written = _mapping_text(mapped)

    async def do(deployment: "Deployment") -> "Trial":
        return await _tried(deployment, town, path, mapped, written, accept_overlaps)

    _tell(with_deployment(read(file), do), report, language)


@geodata.command()
@of_a_mapping
@click.option("--by", required=True, help="Who imports it. Kept with the version.")
@click.option("--without-refused", is_flag=True, help="Leave out the refused rows, and import the others.")
@click.pass_obj
def take(
    file: Path | None,
    path: Path,
    town: str,
    mapped: Path,
    report: Path | None,
    language: str,
    accept_overlaps: bool,
    by: str,
    without_refused: bool,
) -> None:
    """Put FILE into force as a new version. Exits 3, with nothing changed, if it cannot be imported."""

    written, source_digest = _mapping_text(mapped), _digest(path)

    async def do(deployment: "Deployment") -> "tuple[Trial, Line | None, str]":
        from parvis_geodata.trying import is_declared
        from parvis_geodata.versions import Line

        who = _name(by)
        trial = await _tried(deployment, town, path, mapped, written, accept_overlaps)
        if _digest(path) != source_digest:
            raise Unusable(f"{path.name} changed while it was being read: run this again")
        if trial.is_blocked or (trial.outcomes["refused"] and not without_refused):
            return trial, None, ""
        line = Line(
            what="taken",
            version=0,
            at=_now(),
            by=who,
            rows=len(trial.things),
            source=path.name,
            source_digest=source_digest,
            mapping=written,
        )
        there = town_of(deployment, town)
        taken = _versioned(deployment, there, trial.subject).take(trial.content, line)
        return trial, taken, "" if is_declared(there, trial.subject) else trial.subject.layer

    trial, taken, layer = with_deployment(read(file), do)
    _write(trial, report, language)
    if taken is None:
        sys.exit(REFUSED)
    click.echo(f"version {taken.version} of {trial.subject.name} is in force: {taken.rows} rows; {RESTART}")
    if layer:
        click.echo(
            f'there is no layer of this name yet: add [assets.{layer}] with name and file = "{layer}.geojson"', err=True
        )


@geodata.command()
@of_a_subject
@click.pass_obj
def versions(file: Path | None, town: str, named: str) -> None:
    """List the versions of a file: date, person, source, and which one is in force."""

    async def do(deployment: "Deployment") -> "tuple[Jurisdiction, list[Version]]":
        there = town_of(deployment, town)
        return there, _versioned(deployment, there, _subject(named)).versions()

    there, found = with_deployment(read(file), do)
    for each in found:
        click.echo(_line_of(there, each))


def _line_of(town: "Jurisdiction", version: "Version") -> str:
    from parvis.jurisdictions.calendars import local_day

    line, day = version.line, local_day(town.calendar, version.line.at).isoformat()
    said = f"{line.version}  {day}  " + (
        f"by {line.by}, {line.rows} rows of {line.source}" if line.by else "found there"
    )
    if not line.digest:
        said += ", no file"
    if version.undone is not None:
        said += f"; undone by {version.undone.by}, {local_day(town.calendar, version.undone.at).isoformat()}"
    return said + ("; in force" if version.is_in_force else "")


@geodata.command()
@of_a_subject
@click.option("--by", required=True, help="Who undoes it. Kept with the version.")
@click.pass_obj
def undo(file: Path | None, town: str, named: str, by: str) -> None:
    """Put the previous version back into force. Exits 3, with nothing changed, if the town cannot be read with it."""

    async def do(deployment: "Deployment") -> "tuple[Line, Line] | tuple[str, ...]":
        from parvis_geodata.trying import mistakes_with

        who, there, subject = _name(by), town_of(deployment, town), _subject(named)
        versioned = _versioned(deployment, there, subject)
        versioned.finish()
        content = versioned.before()
        if mistakes := mistakes_with(deployment.host, there, versioned.town_folder, subject, content):
            return tuple(each.line() for each in mistakes)
        return versioned.undo(who)

    done = with_deployment(read(file), do)
    if isinstance(done[0], str):
        click.echo("\n".join(("parvis: the town cannot be read with the previous version:", *map(str, done))), err=True)
        sys.exit(REFUSED)
    last, before = done
    click.echo(f"version {last.version} of {named} is undone, version {before.version} is in force; {RESTART}")


async def _tried(
    deployment: "Deployment", code: str, path: Path, mapped: Path, written: str, accept_overlaps: bool
) -> "Trial":
    from parvis_geodata.trying import try_out

    there = town_of(deployment, code)
    mapping, source = what_is_meant(there, path, mapped, written)
    accepted = ("overlaps",) if accept_overlaps else ()
    return await try_out(deployment.host, there, mapping, source, _folder(deployment, there), accepted)


def what_is_meant(town: "Jurisdiction", path: Path, mapped: Path, written: str) -> "tuple[FileMapping, Source]":
    """The rows of a file and the mapping for them, which names nothing that is not there."""
    from parvis_geodata.mapping import mistakes_in, read_mapping
    from parvis_geodata.sources import read_source

    mapping = read_mapping(written, str(mapped))
    source = read_source(path, layer=mapping.table, encoding=mapping.encoding, separator=mapping.separator)
    if mistakes := list(mistakes_in(mapping, source, town)):
        raise Unusable(f"{mapped} does not fit: " + "; ".join(mistakes))
    return mapping, source


def _mapping_text(mapped: Path) -> str:
    try:
        return mapped.read_text("utf-8")
    except UnicodeDecodeError:
        raise click.UsageError(f"{mapped} is not UTF-8: save it so") from None


def _tell(trial: "Trial", report: Path | None, language: str) -> None:
    """The summary on the screen; the exit code says whether it could be taken whole."""
    _write(trial, report, language)
    if trial.is_blocked or trial.outcomes["refused"]:
        sys.exit(REFUSED)


def _write(trial: "Trial", report: Path | None, language: str) -> None:
    from parvis_geodata.report import summary, write_report

    click.echo("\n".join(summary(trial, language)))
    if report is not None:
        write_report(report, trial, language)


def _versioned(deployment: "Deployment", town: "Jurisdiction", subject: "Subject") -> "VersionedFile":
    from parvis_geodata.trying import file_of
    from parvis_geodata.versions import VersionedFile

    folder = _folder(deployment, town)
    return VersionedFile(folder, subject, file_of(town, folder, subject))


def _folder(deployment: "Deployment", town: "Jurisdiction") -> Path:
    return Path(deployment.settings.territory) / town.code


def _subject(named: str) -> "Subject":
    from parvis_geodata.mapping import subject_named

    return subject_named(named)


def _now() -> Any:
    from parvis import clock

    return clock.now()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _name(typed: str) -> str:
    if len(typed.strip()) < SHORTEST_NAME:
        raise Unusable("--by needs a name of at least three letters, which is kept with the version")
    return typed.strip()


def town_of(deployment: "Deployment", code: str) -> "Jurisdiction":
    """The town of that code, which has the module."""
    towns = deployment.host.jurisdictions
    there = towns.get(code)
    if there is None:
        raise Unusable(f"there is no town {code!r}; choose one of {', '.join(towns.by_code)}")
    if "geodata" not in deployment.host.modules.of(there).on:
        raise Unusable(f"the module is off in {code}: parvis modules on geodata --town {code} --reason …")
    return there
