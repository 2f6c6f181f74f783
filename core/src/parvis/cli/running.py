"""Commands that run Parvis: serve its pages, work through its outbox, bring its database up to date."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import click

from parvis.cli.troubles import read


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--worker/--no-worker", default=None, help="Also run a worker in this process, or not.")
@click.pass_obj
def serve(file: Path | None, /, **given: Any) -> None:
    """Serve the pages and the API until stopped, with a worker in the same process by default."""
    from parvis.lasting import composing, run

    with composing():
        from parvis.app import create_app
        from parvis.lasting import handed_over
        from parvis.logs import begin_logging
        from parvis.serving import listen
        from parvis.serving import serve as serve_app

        settings = read(file, **{key: value for key, value in given.items() if value is not None})
        begin_logging(settings)
        held = handed_over(os.environ)
        listening = held or [listen(settings.host, settings.port)]
        app = create_app(settings, environ=os.environ)
    run(serve_app(app, settings, sockets=listening, held_open=bool(held)))


@click.command()
@click.pass_obj
def work(file: Path | None) -> None:
    """Run a worker until stopped: deliver the outbox and run scheduled tasks. Several workers can run at once."""
    from parvis.lasting import run
    from parvis.logs import begin_logging
    from parvis.working import work as work_until_told

    settings = read(file)
    begin_logging(settings)
    if run(work_until_told(settings)):
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program, anew


@click.command()
@click.option(
    "--stopped",
    is_flag=True,
    help="Also take the steps that the previous version cannot run with. Stop that version first.",
)
@click.pass_obj
def migrate(file: Path | None, stopped: bool) -> None:
    """Create the database or upgrade it to this version. The previous version can keep serving meanwhile."""
    settings = read(file)
    steps = asyncio.run(migrated(settings.server_url, others_serve=not stopped))
    click.echo("\n".join(steps) if steps else "the database is up to date")


async def migrated(url: str, *, others_serve: bool = False) -> tuple[str, ...]:
    """Take the steps that the database lacks, those of the installed modules too; which were taken."""
    from parvis.db.binding import bind, open_engine
    from parvis.db.migrating import left_behind
    from parvis.db.migrating import migrate as steps_of
    from parvis.deployment import modules_of

    modules = modules_of(None, None)
    for trouble in modules.troubles:
        click.echo(str(trouble), err=True)
    engine = open_engine(url)
    bind(engine, modules=modules)
    try:
        taken = await steps_of(engine, modules, others_serve=others_serve)
        for name in await left_behind(modules):
            click.echo(f"the tables of the module {name} were not changed, because it is not installed", err=True)
        return taken
    finally:
        await engine.close()
