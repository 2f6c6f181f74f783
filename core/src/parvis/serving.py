"""Serving the application inside this process, with a worker beside it, so that one signal ends all in good order."""

import asyncio
import signal
import socket
from collections.abc import Callable
from types import FrameType

import structlog
import uvicorn
from litestar import Litestar

from parvis import __version__
from parvis.deployment import look_at_database
from parvis.lasting import stay_alive, tell
from parvis.settings import Settings
from parvis.settings_checks import not_here
from parvis.web.wire import Wire
from parvis.working import WorkerProcess

log = structlog.get_logger("parvis")
OPEN_CONNECTIONS = 1_000
KEEP_ALIVE = 15
LAST_COMERS = 0.05  # seconds for those who are in line at the door as it is closed
LAST_WORDS = 1.0  # seconds for those who have just come in to say what they want


class Configuration(uvicorn.Config):
    """How we serve; `draining` says that callers are answered and then asked to use another connection."""

    draining = False


class Server(uvicorn.Server):
    """uvicorn, which goes on answering for a while once it is told to stop, and tells the application of the end."""

    config: Configuration

    def __init__(
        self,
        config: Configuration,
        on_stop: Callable[[], None] = lambda: None,
        *,
        drain: float = 0,
        on_ready: Callable[[], None] = lambda: None,
        on_drain: Callable[[], None] = lambda: None,
        held_open: bool = False,
    ) -> None:
        super().__init__(config)
        self.on_stop, self.on_ready, self.on_drain = on_stop, on_ready, on_drain
        self.drain, self.held_open = drain, held_open
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, let those speak who have just come in, then end."""
        if not self.held_open:
            # Nobody gets in line any more; who stands there is let in, for closing the door would send them away.
            for sock in sockets or ():
                sock.listen(0)
            await asyncio.sleep(LAST_COMERS)
        for server in self.servers:
            server.close()
        for _ in range(round(LAST_WORDS / LAST_COMERS)):
            await asyncio.sleep(LAST_COMERS)
            if all(getattr(each, "cycle", self) is not None for each in self.server_state.connections):
                break
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit or (self.config.draining and sig == signal.SIGTERM):
            return
        if self.drain and self.loop and not self.config.draining and sig == signal.SIGTERM:
            self.config.draining = True
            self.loop.call_soon_threadsafe(self.on_drain)
            self.loop.call_soon_threadsafe(self.loop.call_later, self.drain, self.stop, sig)
        else:
            self.stop(sig)

    def stop(self, sig: int) -> None:
        """The end itself: streams are ended, answers under way are finished."""
        if not self.should_exit:
            self.on_stop()
            super().handle_exit(sig, None)


class PortTaken(Exception):
    """Nobody can listen where we should, or another program does."""


async def serve(
    app: Litestar, settings: Settings, *, sockets: list[socket.socket] | None = None, held_open: bool = False
) -> None:
    """Serve until a signal comes; returns when everything has ended. Sockets may be `held_open` by somebody else.

    What is wrong with the database is raised first: inside the server it would be a trace in the log and exit code 0.
    """
    await look_at_database(app.state.deployment)
    ending = asyncio.Event()
    listening = sockets or [listen(settings.host, settings.port)]
    where = "{}:{}".format(*listening[0].getsockname()[:2])
    server = server_of(app, settings, ending, where, held_open=held_open)
    for caught in (signal.SIGTERM, signal.SIGINT):
        # Before uvicorn listens to signals, and after: at its end it raises again what it caught.
        signal.signal(caught, server.handle_exit)
    log.info("serving", where=where, address=settings.address, worker=settings.worker, version=__version__)
    beside = asyncio.create_task(WorkerProcess(settings).run(ending)) if settings.worker else None
    alive = asyncio.create_task(stay_alive())
    try:
        await server.serve(sockets=listening)
    finally:
        ending.set()
        if beside is not None:
            await beside
        alive.cancel()
    log.info("stopped", where=where)


def server_of(app: Litestar, settings: Settings, ending: asyncio.Event, where: str, *, held_open: bool) -> Server:
    """The server of this application, which reports to its starter and sets `ending` when it is told."""
    loop = asyncio.get_running_loop()

    def on_ready() -> None:
        app.state.ready = True
        tell("READY=1", f"STATUS=serving {where}")

    def on_drain() -> None:
        app.state.ready = False
        tell("STOPPING=1", "STATUS=draining")
        log.info("draining", where=where, seconds=settings.drain)

    def on_stop() -> None:
        app.state.ready = False
        tell("STOPPING=1")
        loop.call_soon_threadsafe(app.state.stopping.set)
        loop.call_soon_threadsafe(ending.set)

    config = configuration(app, settings)
    drain = settings.drain
    return Server(config, on_stop, drain=drain, on_ready=on_ready, on_drain=on_drain, held_open=held_open)


def configuration(app: Litestar, settings: Settings) -> Configuration:
    return Configuration(
        app,
        http=Wire,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        limit_concurrency=OPEN_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=settings.grace,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket on that address; bound before anything starts, so that a taken port is known at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, or asyncio would hold back the end of each answer until its start is confirmed: 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        todo = "stop what listens there, or choose another with --port"
        if not_here(host):
            todo = "this is not an address of this machine; correct `host`, or choose another with --host"
        raise PortTaken(f"cannot listen on {host}:{port} ({error.strerror}): {todo}") from error
    sock.set_inheritable(True)
    return sock
