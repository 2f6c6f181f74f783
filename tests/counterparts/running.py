"""Another system in a process of its own: started on a free port, waited for, stopped."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

PATIENCE = 60


@contextmanager
def running(command: Sequence[str | Path], port: int, log: Path) -> Iterator[None]:
    """The process, from the moment it listens on the port."""
    with log.open("ab") as told:
        process = subprocess.Popen(command, cwd=log.parent, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    try:
        _wait_for(process, port, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.03)
    raise RuntimeError(f"{process.args!r} does not listen on {port}:\n{log.read_text(errors='replace')[-3000:]}")


def leave_out(what: str) -> NoReturn:
    """For what this machine cannot have; named at the end of the run, and never where nothing may be skipped."""
    if os.environ.get("CI_NOTHING_SKIPPED") == "1":
        pytest.fail(f"no {what} found, and nothing may be skipped")
    pytest.skip(f"no {what} found")
