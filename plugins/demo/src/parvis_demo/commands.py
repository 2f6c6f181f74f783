"""`parvis demo`: a town with months of requests on this machine, served with its worker until Ctrl-C."""

import asyncio
import os
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read

if TYPE_CHECKING:
    from socket import socket

    from parvis.settings import Settings
    from parvis_demo.crews.system import Crews

SETTINGS_OF_ITS_OWN = "the demo has settings of its own"
FILE_VARIABLE = "PARVIS_SETTINGS"
SITE = Path("site")
READY = "ready"
SECRET = "secret"  # noqa: S105 - the name of a file


@click.command()
@click.option("--reset", is_flag=True, help="Erase everything in the folder and start over.")
@click.option("--host", default="127.0.0.1", envvar="PARVIS_HOST", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, envvar="PARVIS_PORT", show_default=True, help="Port to listen on.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".parvis-demo"),
    show_default=True,
    help="Where the demo keeps its data.",
)
@click.pass_obj
def demo(file: Path | None, /, reset: bool, host: str, port: int, folder: Path) -> None:
    """Create a demo town if there is none yet, and serve it."""
    if file is not None:
        raise click.UsageError(f"{SETTINGS_OF_ITS_OWN}: leave out --settings {file}")
    if named := os.environ.pop(FILE_VARIABLE, ""):  # nor by the processes that it begins
        click.echo(f"parvis: {SETTINGS_OF_ITS_OWN}; {FILE_VARIABLE}={named} is not read", err=True)
    from parvis.logs import begin_logging
    from parvis.serving import listen
    from parvis_demo.crews.connecting import road_crews
    from parvis_demo.payment_page import payment_page

    listening = listen(host, port)
    settings = _settings(folder, host, listening.getsockname()[1], reset=reset)
    begin_logging(settings)
    with payment_page(folder, settings.secret_key) as paying, road_crews(folder) as crews:
        settings.plugins.setdefault("hosted_payments", {}).update(paying)
        _serve(folder, settings, listening, crews)
    click.echo("À bientôt / See you soon.")


def _serve(folder: Path, settings: "Settings", listening: "socket", crews: "Crews | None") -> None:
    from parvis.app import create_app
    from parvis.serving import serve
    from parvis_demo.crews.connecting import CREWS, connected

    if (folder / READY).exists():
        asyncio.run(_bring_up_to_date(settings))
    else:
        asyncio.run(_prepare(settings, crews))
        (folder / READY).write_text("The demo town in this folder is complete.\n", "utf-8")
    if crews is not None:  # only now: months of calls to them would make the preparation longer
        settings = connected(settings, folder, crews)
    app = create_app(settings, environ=os.environ)
    app.state[CREWS] = crews
    click.echo(welcome(settings, crews))
    asyncio.run(serve(app, settings, sockets=[listening]))


def _settings(folder: Path, host: str, port: int, *, reset: bool) -> "Settings":
    from parvis.example_towns import town_folder
    from parvis_demo.keys import make_keys
    from parvis_demo.of_crews import crews_of_the_demo

    try:
        _refuse_what_is_no_demo(folder)
        if folder.exists() and (reset or not (folder / READY).exists()):
            _forget(folder)
        folder.mkdir(parents=True, exist_ok=True)
        secret = folder / SECRET
        if not secret.exists():
            secret.write_text(secrets.token_urlsafe(48), "utf-8")
            secret.chmod(0o600)
        keys = make_keys(folder / "keys", tuple(home.name for home in town_folder().iterdir() if home.is_dir()))
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise Unusable(
            f"the folder {folder} cannot be written ({error.strerror}): make it writable or name another with --folder"
        ) from error
    return read(
        None,
        territory=town_folder(),
        secret_key=secret.read_text("utf-8").strip(),
        data=folder,
        database=os.environ.get("PARVIS_DATABASE", ""),
        host=host,
        port=port,
        demo=True,
        worker=True,
        log_level="warning",
        plugins={"notify": {"mode": "mailbox"}, **crews_of_the_demo(), **guides_of_the_demo()},
        **{"signing.keys": keys},
    )


def guides_of_the_demo() -> dict[str, dict[str, str]]:
    """The site of the documentation, where it was built beside the demo: `tox run -e docs` makes it."""
    there = SITE.resolve()
    return {"guides": {"folder": str(there)}} if (there / "index.html").is_file() and find_spec("parvis_guides") else {}


def _refuse_what_is_no_demo(folder: Path) -> None:
    """The data of a real town has no secret beside it, and must survive a folder named by mistake."""
    if any((folder / name).exists() for name in ("parvis.sqlite", "files")) and not (folder / SECRET).exists():
        raise Unusable(f"the folder {folder} contains other data: choose another folder with --folder")


def _forget(folder: Path) -> None:
    from parvis_demo.crews.connecting import FILES

    # Only what the demo itself made: a folder named by mistake loses nothing else.
    for name in ("files", "cache", "keys"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (READY, SECRET, "payments.json", *FILES, "parvis.sqlite", "parvis.sqlite-wal", "parvis.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)


async def _bring_up_to_date(settings: "Settings") -> None:
    """Migrate the data of an earlier version; refuse that of a later one.

    A demo that is started again after weeks gets today's time and the modules that came since; in a town an operator
    would be asked.
    """
    from parvis.cli.running import migrated
    from parvis.db import DatabaseTooNew
    from parvis.db.binding import running
    from parvis.outbox.clock_watch import confirm
    from parvis.plugins.module_discovery import find_modules, working
    from parvis.switches import Switchboard
    from parvis_demo.prepare import switch_on

    try:
        await migrated(settings.database_url)
    except DatabaseTooNew as error:
        raise Unusable(f"{error}; or start over with --reset") from error
    modules = working(find_modules())
    async with running(settings.database_url, modules=modules) as engine:
        await confirm(engine, "parvis demo")
        await switch_on(engine, Switchboard(modules))


async def _prepare(settings: "Settings", crews: "Crews | None") -> None:
    from parvis.deployment import open_deployment
    from parvis.worker.relay import Relay
    from parvis_demo.crews.connecting import tell_of_some
    from parvis_demo.prepare import prepare

    async with open_deployment(settings, migrating=True, environ=os.environ) as deployment:
        relay = Relay(deployment.host)
        with click.progressbar(length=1, label="Préparation de la ville / Preparing the town") as bar:

            def tell(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            prepared = await prepare(deployment.host, deliver=relay.drain, tell=tell)
        if crews is not None:
            await tell_of_some(deployment.host)
    click.echo(f"{prepared.requests} requêtes / requests, {prepared.accounts} comptes / accounts")


def welcome(settings: "Settings", crews: "Crews | None") -> str:
    """Where everything is, and with which accounts."""
    from parvis_demo.accounts import demo_accounts

    root = settings.address
    lines = [
        "",
        f"  Portail / Portal                 {root}/fr/   {root}/en/",
        f"  Une autre ville / Another town   http://localhost:{settings.port}/fr/",
        f"  Bureau / Desk                    {root}/bureau",
        f"  Exploitation / Operators         {root}/exploitation",
        f"  Courriels / Mailbox              {root}/demo/courriels",
        *([f"  Équipes de voirie / Road crews   {root}/demo/equipes"] if crews is not None else []),
        *([f"  Documentation                    {root}/documentation"] if "guides" in settings.plugins else []),
        f"  API                              {root}/api/v1/openapi.json",
        "",
    ]
    accounts = demo_accounts()
    wide = max(len(account.email) for account in accounts)
    long = max(len(account.password) for account in accounts)
    for account in accounts:
        elsewhere = all(grant.jurisdiction != "parvis" for grant in account.grants)
        where = f" (http://localhost:{settings.port}/bureau)" if elsewhere else ""
        lines.append(f"  {account.email:<{wide}}  {account.password:<{long}}  {account.says.fr}{where}")
    return "\n".join([*lines, "", "  Ctrl-C pour arrêter / to stop", ""])
