"""Free ports of this machine, each given out once."""

import os
import socket
from contextlib import suppress
from itertools import cycle

FIRST, END = 10_240, 20_000
"""Below those from which the kernel takes one for each call that goes out: asked for a free one there, it may give
the same twice, or to somebody else before its caller listens on it."""

_start = FIRST + os.getpid() * 61 % (END - FIRST)
_turns = cycle((*range(_start, END), *range(FIRST, _start)))


def free_port() -> int:
    for _ in range(END - FIRST):
        port = next(_turns)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no port between {FIRST} and {END} is free")
