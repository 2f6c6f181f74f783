"""Serving the application inside this process, so that one signal ends pages, streams and relay in good order."""

import asyncio
import signal
import socket
from collections.abc import Callable
from types import FrameType

import structlog
import uvicorn
from litestar import Litestar

from parvis import __version__
from parvis.host import look_at_database
from parvis.settings import Settings
from parvis.web.wire import Wire

log = structlog.get_logger("parvis")
OPEN_CONNECTIONS = 1_000
KEEP_ALIVE = 15


class Server(uvicorn.Server):
    """uvicorn, which tells the application at once that the end has come and takes a second signal for the same one."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            self.on_stop()
            super().handle_exit(sig, frame)


class PortTaken(Exception):
    """Another program listens where we should."""


async def serve(app: Litestar, settings: Settings, *, sockets: list[socket.socket] | None = None) -> None:
    """Serve until a signal comes; returns when everything has ended.

    What is wrong with the database is raised first: inside the server it would be a trace in the log and exit code 0.
    """
    await look_at_database(app.state.host)
    loop = asyncio.get_running_loop()

    def on_stop() -> None:
        loop.call_soon_threadsafe(app.state.stopping.set)

    listening = sockets or [listen(settings.host, settings.port)]
    server = Server(configuration(app, settings), on_stop)
    for caught in (signal.SIGTERM, signal.SIGINT):
        # Before uvicorn listens to signals, and after: at its end it raises again what it caught.
        signal.signal(caught, server.handle_exit)
    where = "{}:{}".format(*listening[0].getsockname()[:2])
    log.info("serving", where=where, address=settings.address, worker=settings.worker, version=__version__)
    await server.serve(sockets=listening)
    log.info("stopped", where=where)


def configuration(app: Litestar, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Wire,
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
        raise PortTaken(
            f"cannot listen on {host}:{port} ({error.strerror}): stop what listens there, or choose another with --port"
        ) from error
    sock.set_inheritable(True)
    return sock
