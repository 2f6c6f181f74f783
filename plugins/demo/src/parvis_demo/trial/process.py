"""The process that serves a plugin on trial: begun anew at each change, from one that has imported all the rest."""

import asyncio
import importlib
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import entry_points
from socket import socket
from typing import Any

import click
import msgspec
from litestar import Litestar, Request, get
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from parvis.app import create_app, take_up
from parvis.deployment import built_in_plugins, compose
from parvis.logs import begin_logging
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.plugins.trying import Failure, caught
from parvis.serving import serve
from parvis.troubles import said
from parvis.web.sign_in.keys import key_cookie
from parvis.worker.dispatch import message_in
from parvis.worker.loop import run_worker
from parvis.worker.relay import Relay, TriedDelivery
from parvis_demo.trial.town import Trial, prepare, write_town
from parvis_sdk.events import AnyEvent
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.testing.laid_out import GROUP, LaidOut
from parvis_sdk.text import Text

READY = Text(fr="{plugin}\u00a0: {brings}, en {seconds}\u00a0s", en="{plugin}: {brings}, in {seconds} s")
SENT = Text(fr="message à {to}\u00a0: {subject}", en="message to {to}: {subject}")
NOTHING = Text(fr="rien", en="nothing")
INSTEAD_OF_ANSWER: dict[str, Text] = {
    "later": Text(fr="sera essayé encore\u00a0: {what}", en="will be tried again: {what}"),
    "refused": Text(fr="refusé\u00a0: {what}", en="refused: {what}"),
}
BROKE = Text(fr="FAUTE\u00a0: {what}", en="FAULT: {what}")
BRINGS = ("request_types", "subscriptions", "connectors", "channels", "locators", "payments")


LAST_DELIVERIES = 1.0  # seconds that what is under way gets to end, when a file has changed
MADE: list[Litestar] = []  # by the process whose copies serve it, each with the plugin as it is then


def make_app(trial: Trial) -> None:
    """Make the application without the plugin: what takes longest, and is the same each time."""
    write_town(trial.settings.territory, ())
    MADE.append(create_app(trial.settings, environ=trial.environ, beside=[partial(worked_beside, trial)]))


def prepare_trial(trial: Trial, plugin: LaidOut) -> None:
    """Make the town, which offers the services of this plugin, or whatever is installed where it has none."""
    found_first(plugin)
    begin_logging(trial.settings)
    found, troubles = find_plugins(built_in_plugins())
    registry = load_plugins(found, settings_from({}, trial.environ), troubles)
    has_services = any(registry.by_name[name].request_types for name in plugin.names if name in registry.by_name)
    write_town(trial.settings.territory, plugin.names if has_services else ())
    asyncio.run(prepare(trial))


def serve_trial(trial: Trial, plugin: LaidOut, listening: socket, began: float) -> None:
    """Import the plugin as it is now, and serve the town until a signal comes."""
    found_first(plugin)
    begin_logging(trial.settings)
    [app] = MADE
    deployment = compose(trial.settings, None, trial.environ, app.state.deployment.modules)
    take_up(app, deployment)
    for trouble in deployment.plugins.troubles:
        if trouble.plugin in plugin.names:
            click.secho(f"! {trouble.to(trial.language)}", fg="red")
    app.register(way_in(trial))
    for name in plugin.names:
        if name in deployment.plugins.by_name:
            brought = [each for hook in BRINGS for each in getattr(deployment.plugins.by_name[name], hook)]
            seconds = f"{time.monotonic() - began:.1f}"
            words = READY.format(plugin=name, brings=", ".join(brought) or NOTHING, seconds=seconds)
            click.secho(words.to(trial.language), fg="green")
    asyncio.run(serve(app, trial.settings, sockets=[listening], held_open=True))


def found_first(plugin: LaidOut) -> None:
    """Let Python find the plugin as its files are now, also where an earlier one is installed and was imported."""
    sys.path[:0] = [str(each) for each in plugin.folders]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    packages = {each.module.partition(".")[0] for each in entry_points(group=GROUP) if each.name in plugin.names}
    for name in [each for each in sys.modules if each.partition(".")[0] in packages]:
        del sys.modules[name]


def way_in(trial: Trial) -> Any:
    """The address that opens the desk without a password: known to the terminal, and answered on this machine alone."""

    @get("/essai/{given:str}")
    async def come_in(request: Request[Any, Any, Any], given: str) -> Redirect:
        if not secrets.compare_digest(f"/essai/{given}".encode(), trial.way_in.encode()):
            raise NotFoundException
        return Redirect("/bureau", status_code=303, cookies=[key_cookie(request, trial.session.read_text("utf-8"))])

    return come_in


@asynccontextmanager
async def worked_beside(trial: Trial, app: Litestar) -> AsyncIterator[None]:
    """Deliver in this very process, so that what each event did is told as it happens; ended before the database is."""
    watching, working = asyncio.create_task(end_with(os.getppid())), asyncio.create_task(work(trial, app))
    try:
        yield
    finally:
        app.state.stopping.set()
        watching.cancel()
        await asyncio.wait({working}, timeout=LAST_DELIVERIES)
        working.cancel()
        await asyncio.gather(watching, working, return_exceptions=True)


async def end_with(parent: int) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110  nobody tells a process that its parent is gone
        await asyncio.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


async def work(trial: Trial, app: Litestar) -> None:
    host, stopping = app.state.deployment.host, app.state.stopping
    while not stopping.is_set():
        relay = Relay(host, watched=lambda tried: say(tried, trial.language, click.echo))
        ended = await caught(partial(run_worker, host, stopping, relay=relay))
        if isinstance(ended, Failure):  # whatever broke off is shown, and what waits is delivered all the same
            click.echo(f"{ended.where} {ended}", err=True)
            await asyncio.sleep(1)


def say(tried: TriedDelivery, language: str, echo: Callable[[str], None]) -> None:
    """One line for each delivery, and one for each thing that its handler answered, or the fault with its line."""
    claimed, answer = tried.claimed, tried.answer
    if claimed.is_heartbeat or (tried.origin.built_in and not claimed.is_message and isinstance(answer, Outcome)):
        return
    took = f"{tried.seconds * 1000:.0f} ms"
    echo(f"{claimed.reference}  {happened(claimed, language)} -> {claimed.subscriber}  {took}")
    for line in answered(answer, language):
        echo(f"    {line}")


def happened(claimed: Any, language: str) -> str:
    """The event in a few words: its kind, and the move or the fact."""
    if claimed.is_message:
        message = message_in(claimed)
        return SENT.format(to=message.to, subject=message.subject).to(language)
    event: Any = msgspec.json.decode(claimed.event, type=AnyEvent)
    details = (getattr(event, name, "") for name in ("transition", "fact", "source", "target"))
    return " ".join([type(event).__name__, *(each for each in details if isinstance(each, str) and each)])


def answered(answer: Outcome | Failure, language: str) -> Iterator[str]:
    if isinstance(answer, Failure):
        words = INSTEAD_OF_ANSWER.get(answer.kind, BROKE).format(what=said(answer.what, language)).to(language)
        yield f"{words}  ({answer.where})" if answer.where else words
        return
    told = {name: value for name in answer.__struct_fields__ if (value := getattr(answer, name))}
    for name, value in told.items():
        yield f"{name}: {value.to(language) if isinstance(value, Text) else msgspec.json.encode(value).decode()}"
    if not told:
        yield NOTHING.to(language)
