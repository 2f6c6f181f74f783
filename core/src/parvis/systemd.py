"""What systemd tells a process, and is told by it: sockets that it holds open, that one is ready, alive, or ending.

Orchestrators that speak the same protocol are told as well; without any, nothing is said. See sd_notify(3).
"""

import asyncio
import os
import socket
from collections.abc import MutableMapping

NOTIFY, WATCHDOG = "NOTIFY_SOCKET", "WATCHDOG_USEC"
FIRST_SOCKET = 3  # of those that are handed over
OWN = (NOTIFY, WATCHDOG, "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")


def tell(*words: str) -> None:
    """Tell these words, such as `READY=1`; who listens no more is no reason to stop."""
    address = os.environ.get(NOTIFY, "")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)  # who does not listen keeps nobody waiting
        try:
            line.connect(name)
            line.sendall("\n".join(words).encode())
        except OSError:
            return


async def stay_alive() -> None:
    """Say again and again that the loop turns, as often as the unit asks for; until cancelled."""
    every = int(os.environ.get(WATCHDOG, "") or 0) / 1_000_000 / 2
    while every:
        tell("WATCHDOG=1")
        await asyncio.sleep(every)


def handed_over(environ: MutableMapping[str, str]) -> list[socket.socket]:
    """The sockets that were opened for this process; they stay open for those who come while it is started anew."""
    if environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(environ.get("LISTEN_FDS", "") or 0)
    return [socket.socket(fileno=number) for number in range(FIRST_SOCKET, FIRST_SOCKET + count)]


def without_ours(environ: MutableMapping[str, str]) -> dict[str, str]:
    """The environment of a process that we start: what systemd told us is not for that one."""
    return {name: value for name, value in environ.items() if name not in OWN}
