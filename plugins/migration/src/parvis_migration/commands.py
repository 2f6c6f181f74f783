"""`parvis migration`: look at what another system gives, try it, bring it in, take a batch back."""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from parvis.cli.troubles import read, with_deployment
from parvis_sdk.text import Text

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
A_FOLDER = click.Path(file_okay=False, path_type=Path)
A_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
A_DAY = click.DateTime(["%Y-%m-%d"])
REFUSED = 3  # exit code where rows were refused: the others are, or would be, in; or where requests stay
SHORTEST_NAME = 3
Decorated = Callable[..., Any]
READ_AS = Text(
    fr="{kind}{form}\u00a0: {rows} lignes, {columns} colonnes, {broken} illisibles",
    en="{kind}{form}: {rows} rows, {columns} columns, {broken} unreadable",
)
FORM = Text(fr=", {encoding}, cellules séparées par {separator}", en=", {encoding}, cells parted by {separator}")
TO_DECIDE = Text(fr="à décider\u00a0: {what}", en="to decide: {what}")
BROUGHT = Text(fr="{batch}\u00a0: {requests} requêtes{rest}", en="{batch}: {requests} requests{rest}")
THE_REST = Text(fr="; relancez la même commande pour la suite", en="; run this again for the rest")
NO_REST = Text(fr="", en="")
TAKEN_BACK = Text(
    fr="requêtes retirées\u00a0: {gone}; qui restent\u00a0: {stay}", en="requests taken back: {gone}; that stay: {stay}"
)
WORKED_ON = Text(fr="  {reference} a été traitée ici", en="  {reference} was worked on here")


class Asked(Struct, frozen=True, kw_only=True):
    """Where rows come from: a file and how it is read, or an Open311 server and between which dates."""

    place: str
    town: str
    sheet: str
    separator: str
    encoding: str
    since: datetime | None
    until: datetime | None
    jurisdiction_id: str
    suffix: str
    keep: Path | None
    is_anew: bool

    @property
    def is_address(self) -> bool:
        return self.place.startswith(("http://", "https://"))


def speaking(command: Decorated) -> Decorated:
    """What it says, why it does not do as asked too, is said in the language that is wanted."""

    @wraps(command)
    def in_language(*words: Any, language: str, **more: Any) -> Any:
        from parvis_migration.refusals import spoken_in

        with spoken_in(language):
            return command(*words, language=language, **more)

    chosen = click.option("--language", type=click.Choice(["fr", "en"]), default="fr", help="Language of the output.")
    return chosen(in_language)


def of_a_source(command: Decorated) -> Decorated:
    """What says where rows come from, and how they are read where that cannot be found."""

    @wraps(command)
    def with_source(*words: Any, **more: Any) -> Any:
        return command(*words, asked=Asked(**{name: more.pop(name) for name in Asked.__struct_fields__}), **more)

    for option in (
        click.option("--town", required=True, help="Code of the town of the requests."),
        click.option("--sheet", default="", help="Sheet of a workbook. Default: the first that is not hidden."),
        click.option("--separator", default="", help="Separator of a CSV, if it is not detected."),
        click.option("--encoding", default="", help="Encoding of a CSV, such as cp1252, if it is not detected."),
        click.option("--since", type=A_DAY, help="Open311 server: first day of its requests."),
        click.option("--until", type=A_DAY, help="Open311 server: day after the last. Default: now."),
        click.option(
            "--jurisdiction-id", default="", help="Open311 server with several towns: code of the town there."
        ),
        click.option(
            "--format",
            "suffix",
            type=click.Choice(["", "json", "xml"]),
            default="",
            help="Open311 server: format of its answers.",
        ),
        click.option(
            "--keep",
            type=A_FOLDER,
            help="Open311 server: folder for its requests, so that an interrupted run can continue.",
        ),
        click.option(
            "--again", "is_anew", is_flag=True, help="Open311 server: ask again, even if --keep has everything."
        ),
        click.argument("place", metavar="FILE|ADDRESS"),
    ):
        with_source = option(with_source)
    return with_source


def of_a_report(command: Decorated) -> Decorated:
    """Where the report goes, and the files that rows name."""
    for option in (
        click.option("--files", "attached", type=A_PLACE, help="Folder or ZIP of the files that rows name."),
        click.option("--report", type=A_NEW_FILE, help="CSV report with the result of every row."),
        click.option("--mapping", "mapped", required=True, type=A_FILE, help="Mapping that `look` proposed."),
    ):
        command = option(command)
    return command


@click.group()
def migration() -> None:
    """Import the requests of another system: inspect its file, try it, import it, undo a batch."""


@migration.command()
@of_a_source
@click.option("--source", default="", help="Name of the old system. Default: the name of the file.")
@click.option("--out", type=A_NEW_FILE, help="File for the mapping. Default: the screen.")
@speaking
@click.pass_obj
def look(file: Path | None, asked: Asked, source: str, out: Path | None, language: str) -> None:
    """Propose a mapping for FILE (CSV, XLSX, ODS, JSON, JSON lines or GeoJSON, also with .gz) or for an Open311 server.

    Nothing is written.
    """
    if out is not None and out.exists():
        raise click.UsageError(f"{out} is there already: it may have been corrected by somebody")

    async def do(deployment: "Deployment") -> "Proposal":
        from parvis_migration.proposing import propose

        there = town_of(deployment, asked.town)
        rows = await rows_of(deployment, asked, language)
        click.echo(_read_as(rows).to(language), err=True)
        for each in rows.told:
            click.echo(each.to(language), err=True)
        return propose(deployment.host, there, rows, source or _name_of(asked), language)

    proposal = with_deployment(read(file), do)
    _write_mapping(proposal, out, language)


def _write_mapping(proposal: "Proposal", out: Path | None, language: str) -> None:
    from parvis_migration.mapping import as_toml

    written = as_toml(proposal.mapping, proposal.comments)
    if out is None:
        click.echo(written)
    else:
        out.write_text(written, "utf-8")
    for each in proposal.open:
        click.echo(TO_DECIDE.format(what=each).to(language), err=True)


@migration.command("try")
@of_a_source
@of_a_report
@speaking
@click.pass_obj
def try_(
    file: Path | None, asked: Asked, mapped: Path, report: Path | None, language: str, attached: Path | None
) -> None:
    """Show the result for every row, without importing it. Exits 3 if some rows would be refused."""

    async def do(deployment: "Deployment") -> "Trial":
        from parvis_migration.report import told_in
        from parvis_migration.trying import try_out

        there = town_of(deployment, asked.town)
        rows, mapping = await what_is_meant(deployment, there, asked, mapped, language)
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
@of_a_source
@of_a_report
@click.option("--by", required=True, help="Who imports it. Kept with the batch.")
@click.option(
    "--most", type=click.IntRange(min=0), default=0, help="Maximum number of requests; run again to continue."
)
@speaking
@click.pass_obj
def run(
    file: Path | None,
    asked: Asked,
    mapped: Path,
    report: Path | None,
    language: str,
    attached: Path | None,
    by: str,
    most: int,
) -> None:
    """Import the rows as one batch. If it is interrupted, run it again to continue. Exits 3 if rows were refused."""

    async def do(deployment: "Deployment") -> "Done":
        from parvis_migration.bringing import Order
        from parvis_migration.report import told_in
        from parvis_migration.running import run_through

        there = town_of(deployment, asked.town)
        rows, mapping = await what_is_meant(deployment, there, asked, mapped, language)
        order = Order(named=named, digest=digest, mapping_text=written, by=_name(by), most=most)
        with told_in(report, language) as told:
            old = _old_files(attached)
            return await run_through(deployment.host, there, mapping, rows, order, _telling(language), told, old)

    named, digest = _named_and_digest(asked)
    written = mapped.read_text("utf-8", "replace")
    done = with_deployment(read(file), do)
    rest = NO_REST if done.is_over else THE_REST
    click.echo(BROUGHT.format(batch=done.batch, requests=done.requests, rest=rest).to(language))
    _tell(done.trial, language)


@migration.command()
@click.option("--town", required=True, help="Code of the town.")
@speaking
@click.pass_obj
def batches(file: Path | None, town: str, language: str) -> None:
    """List the import batches of a town: file, number of requests, person and outcome."""

    async def do(deployment: "Deployment") -> list[Text]:
        from parvis_migration.running import lines_of_batches

        return [each async for each in lines_of_batches(town_of(deployment, town))]

    for line in with_deployment(read(file), do):
        click.echo(line.to(language))


@migration.command()
@click.argument("batch")
@click.option("--town", required=True, help="Code of the town.")
@click.option(
    "--seen-by", default="", metavar="NAME", help="Who has reviewed this list. Its requests can then fall due."
)
@speaking
@click.pass_obj
def due(file: Path | None, batch: str, town: str, seen_by: str, language: str) -> None:
    """List the requests of BATCH past their retention. None falls due for destruction until this list is reviewed."""

    async def do(deployment: "Deployment") -> list[Text]:
        from parvis import clock
        from parvis_migration.running import lines_of_due, say_seen

        there, at = town_of(deployment, town), clock.now()
        lines = [each async for each in lines_of_due(there, batch)]
        if seen_by:
            await say_seen(deployment.host, there, batch, _name(seen_by), at)
        return lines

    for line in with_deployment(read(file), do):
        click.echo(line.to(language))


@migration.command()
@click.argument("batch")
@click.option("--town", required=True, help="Code of the town.")
@click.option("--by", required=True, help="Who undoes it. Kept with the batch.")
@speaking
@click.pass_obj
def undo(file: Path | None, batch: str, town: str, by: str, language: str) -> None:
    """Undo BATCH. Requests that someone has worked on since are kept and listed; the command then exits 3."""

    async def do(deployment: "Deployment") -> "Undone":
        from parvis_migration.undoing import undo

        return await undo(deployment.host, town_of(deployment, town), batch, _name(by))

    done = with_deployment(read(file), do)
    click.echo(TAKEN_BACK.format(gone=done.gone, stay=len(done.stay)).to(language))
    for reference in done.stay:
        click.echo(WORKED_ON.format(reference=reference).to(language))
    if done.stay:
        sys.exit(REFUSED)


def _name(typed: str) -> str:
    from parvis_migration.refusals import refused

    if len(typed.strip()) < SHORTEST_NAME:
        raise refused(
            "un nom de personne accompagne ce qui est fait\u00a0: au moins trois lettres",
            "--by needs a name of at least three letters, which is kept with the version",
        )
    return typed.strip()


def _old_files(place: Path | None) -> "OldFiles | None":
    from parvis_migration.attached import OldFiles

    return OldFiles(place) if place else None


def _telling(language: str) -> Callable[[Text], None]:
    """Says beside the output how far it is."""
    return lambda said: click.echo(said.to(language), err=True)


def town_of(deployment: "Deployment", code: str) -> "Jurisdiction":
    """The town of that code, which has the module."""
    from parvis_migration.refusals import refused

    towns = deployment.host.jurisdictions
    there = towns.get(code)
    if there is None:
        known = ", ".join(towns.by_code)
        raise refused(
            "il n’y a pas de ville «\u00a0{code}\u00a0»\u00a0: l’une de {known}",
            "there is no jurisdiction “{code}”: one of {known}",
            code=code,
            known=known,
        )
    if "migration" not in deployment.host.modules.of(there).on:
        raise refused(
            "le module n’est pas en service à {code}\u00a0: parvis modules on migration --town {code} --reason …",
            "the module is off in {code}: parvis modules on migration --town {code} --reason …",
            code=code,
        )
    return there


async def rows_of(deployment: "Deployment", asked: Asked, language: str) -> "Source":
    """The rows of a file, or of a server, which is asked for them."""
    from parvis_migration.sources import read_source

    if asked.is_address:
        return await _gathered(deployment, asked, language)
    return read_source(_file(asked), encoding=asked.encoding, separator=asked.separator, sheet=asked.sheet)


async def _gathered(deployment: "Deployment", asked: Asked, language: str) -> "Source":
    import tempfile

    from parvis_migration.addresses import client_of
    from parvis_migration.gathering import Gathered, Server, gather

    endpoint, tell = _endpoint(asked), _telling(language)
    with (
        tempfile.TemporaryDirectory(prefix="parvis-") as passing,
        Gathered(asked.keep or Path(passing), endpoint, is_anew=asked.is_anew) as gathered,
    ):
        for each in gathered.state.told:
            tell(each)
        return await gather(Server(client_of(deployment.host), endpoint), gathered, tell)


def _endpoint(asked: Asked) -> Any:
    from datetime import UTC

    from parvis_migration.gathering import endpoint_at

    since, until = (each and each.replace(tzinfo=UTC) for each in (asked.since, asked.until))
    return endpoint_at(
        asked.place, since=since, until=until, jurisdiction_id=asked.jurisdiction_id, suffix=asked.suffix
    )


def _named_and_digest(asked: Asked) -> tuple[str, str]:
    """What a batch says of where its rows come from, and what stands for it."""
    from parvis_migration.bringing import digest_of

    return (
        (asked.place, _endpoint(asked).digest)
        if asked.is_address
        else (Path(asked.place).name, digest_of(_file(asked)))
    )


def _file(asked: Asked) -> Path:
    from parvis_migration.refusals import refused

    path = Path(asked.place)
    if not path.is_file():
        raise refused("il n’y a pas de fichier {path}", "there is no file {path}", path=path)
    return path


def _name_of(asked: Asked) -> str:
    """A name for the old system where nobody gave one: of its file, or of its server."""
    from urllib.parse import urlsplit

    return urlsplit(asked.place).hostname or "open311" if asked.is_address else Path(asked.place).name.partition(".")[0]


async def what_is_meant(
    deployment: "Deployment", town: "Jurisdiction", asked: Asked, mapped: Path, language: str
) -> "tuple[Source, FieldMapping]":
    """The rows and the mapping for them, which names nothing that is not there."""
    from parvis.requests.offered import types_of
    from parvis_migration.mapping_mistakes import fitting, read_mapping

    mapping = read_mapping(mapped)
    rows = await rows_of(deployment, asked, language)
    types = {each.code: each for each in types_of(deployment.host, town)}
    return rows, fitting(mapping, mapped, rows.columns, town, types)


def _read_as(source: "Source") -> Text:
    form: Text | str = ""
    if source.separator:
        form = FORM.format(encoding=source.encoding, separator=repr(source.separator))
    return READ_AS.format(
        kind=source.kind, form=form, rows=len(source.rows), columns=len(source.columns), broken=len(source.broken)
    )
