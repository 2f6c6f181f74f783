"""`parvis plugins run`: a portal and a desk with one plugin and a pretend town, begun anew whenever a file changes."""

import multiprocessing
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

import click

from parvis_sdk.new_plugin.command import spoken
from parvis_sdk.testing.laid_out import LaidOut, NoPlugin, laid_out, surroundings
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_demo.trial.town import Trial

WATCHED = {".py", ".toml", ".html", ".txt", ".po", ".json", ".csv", ".geojson"}
UNWATCHED = {"__pycache__", "node_modules", "build", "dist"}
LOOK = 0.2  # seconds between two looks at the files
LAST_WORDS = 3.0  # seconds that a process gets to end
WELCOME = Text(
    fr="""
  Portail             {root}/fr/
  Bureau, sans mot de passe, sur cette machine seulement
                      {root}{way_in}
  Courriels           {root}/demo/courriels
  Exploitation        {root}/exploitation

  Ctrl-C pour arrêter\u00a0: la ville disparaît.
""",
    en="""
  Portal              {root}/en/
  Desk, without a password, on this machine alone
                      {root}{way_in}
  Mailbox             {root}/demo/courriels
  Operators           {root}/exploitation

  Ctrl-C to stop: the town is gone then.
""",
)
CHANGED = Text(fr="{file} a changé", en="{file} has changed")
ENDED = Text(
    fr="le processus s’est terminé (code {code})\u00a0: changez un fichier pour recommencer",
    en="the process ended (code {code}): change a file to begin again",
)


@click.command("run")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
@click.option("--port", default=8000, show_default=True, help="Port to listen on, on this machine only.")
@click.option(
    "--language", type=click.Choice(["fr", "en"]), help="Language of the output. Default: the language of the terminal."
)
def run(folder: Path, port: int, language: str | None) -> None:
    """Serve the plugin in FOLDER in a fictitious town, and show what each event does, until stopped.

    A change of a file begins the plugin anew; requests, and who is signed in, stay. Nothing is installed, and of the
    environment only what is set for the plugin itself is read.
    """
    try:
        serve_folder(folder, port, language or spoken(os.environ))
    except NoPlugin as error:
        raise NotServed(str(error)) from error


class NotServed(click.ClickException):
    """What was named is no plugin, or its town could not be made; the message says why."""

    exit_code = 2


def serve_folder(folder: Path, port: int, language: str) -> None:
    """Serve the plugin of a folder until stopped; `NoPlugin` where it is none."""
    from parvis.serving import listen
    from parvis_demo.trial.town import Trial, trial_settings

    listening = listen("127.0.0.1", port)
    listening.listen()  # from now on, requests that arrive while the plugin restarts wait
    with tempfile.TemporaryDirectory(prefix="parvis-plugin-") as place, laid_out(folder) as plugin:
        click.echo(plugin.distribution)
        own = {key: value for key, value in surroundings(plugin, os.environ).items() if key.startswith("PARVIS_")}
        settings = trial_settings(Path(place), listening.getsockname()[1], own)
        session = Path(place, "session")
        trial = Trial(settings=settings, environ=own, session=session, way_in=way_in(), language=language)
        everything_made(trial)
        preparing = copied(prepare_trial, trial, plugin)
        preparing.join()
        if preparing.exitcode:
            raise NoPlugin(f"the pretend town could not be made (code {preparing.exitcode})")
        click.echo(WELCOME.format(root=settings.address, way_in=trial.way_in).to(language))
        with suppress(KeyboardInterrupt):
            keep_serving(trial, folder, listening)
    click.echo()


def way_in() -> str:
    """The address that opens the desk, which nobody can guess."""
    return f"/essai/{secrets.token_urlsafe(12)}"


def everything_made(trial: "Trial") -> None:
    """Import and make all that a process on trial needs but the plugin, so that each begins as a copy of this one."""
    import_module("parvis_demo.trial.process").make_app(trial)


def copied(do: Callable[..., None], *given: object) -> BaseProcess:
    """A process that begins as a copy of this one."""
    sys.stdout.flush()
    process = multiprocessing.get_context("fork").Process(target=do, args=given)
    process.start()
    return process


def prepare_trial(trial: "Trial", plugin: LaidOut) -> None:
    import_module("parvis_demo.trial.process").prepare_trial(trial, plugin)


def serve_trial(trial: "Trial", folder: Path, listening: socket, began: float) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # a change while it begins ends it without a trace
    with laid_out(folder) as plugin:
        import_module("parvis_demo.trial.process").serve_trial(trial, plugin, listening, began)


def keep_serving(trial: "Trial", folder: Path, listening: socket) -> None:
    """Serve until a signal comes; at each change of a file the process is ended, and a new one begun."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    process: BaseProcess | None = None
    seen: dict[Path, tuple[int, int]] = {}
    with ExitStack() as stack:
        stack.callback(lambda: ended(process))
        while True:
            if (there := dict(files_in(folder))) != seen:
                if seen:
                    click.echo(CHANGED.format(file=changed(seen, there).relative_to(folder)).to(trial.language))
                seen, began = there, time.monotonic()
                ended(process)
                process = copied(serve_trial, trial, folder, listening, began)
            elif process is not None and process.exitcode is not None:
                click.echo(ENDED.format(code=process.exitcode).to(trial.language))
                process = None
            time.sleep(LOOK)


def ended(process: BaseProcess | None) -> None:
    """End a process: asked first, then made to."""
    if process is None:
        return
    process.terminate()
    process.join(LAST_WORDS)
    process.kill()
    process.join()


def files_in(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """The files of a plugin, each with when it was written and how long it is."""
    for place, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".") and each not in UNWATCHED]
        for name in names:
            path = Path(place, name)
            if path.suffix in WATCHED and path.is_file():
                yield path, (path.stat().st_mtime_ns, path.stat().st_size)


def changed(before: dict[Path, tuple[int, int]], after: dict[Path, tuple[int, int]]) -> Path:
    """The first file that is new, gone or other than it was."""
    return min(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
