"""Servers begun as they are by hand, asked over HTTP, and what of processor and memory they have taken."""

import asyncio
import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from parvis.settings import Settings
from parvis_testing.ports import free_port

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 300.0  # seconds until a server listens
PARVIS = str(Path(sys.executable).parent / "parvis")


class Answer(NamedTuple):
    """What a server said."""

    status: int
    head: bytes
    body: bytes


def environ_of(settings: Settings) -> dict[str, str]:
    """The same settings as a process begun by hand is given them; its log is as shipped."""
    given = {
        "PARVIS_TERRITORY": str(settings.territory),
        "PARVIS_SECRET_KEY": settings.secret_key or "s" * 48,
        "PARVIS_DATA": str(settings.data),
        "PARVIS_DATABASE": settings.database,
        "PARVIS_DEMO": "true" if settings.demo else "false",
        "PARVIS_TRUSTED_PROXIES": "127.0.0.1",
        "PARVIS_LOG": "json",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    return kept | given


@contextlib.contextmanager
def begun(command: Sequence[str], log: Path, environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes what it says to a file, until we leave."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=dict(environ), stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def listening(command: Sequence[str], log: Path, environ: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """A server that was begun with a port as its last word: its process, and the port on which it answers."""
    port = free_port()
    with begun([*command, str(port)], log, environ) as process:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.02)
        yield process.pid, port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def processor(process: int | str) -> float:
    """Seconds of processor that a process has had so far."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def backends(role_and_database: str = "parvis bench") -> float:
    """Seconds of processor of all connections of PostgreSQL to the database of this run."""
    spent = 0.0
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if each.read_bytes().startswith(f"postgres: {role_and_database} ".encode()):
                spent += int(each.with_name("schedstat").read_text("ascii").split()[0]) / 1e9  # finer than by ticks
    return spent


def memory(process: int) -> dict[str, float]:
    """Megabytes that a process holds, and its share of what it holds together with others."""
    found = re.findall(r"^(Rss|Pss): +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    return {name.lower(): int(kilobytes) / 1000 for name, kilobytes in found}


def children(process: int) -> list[int]:
    """The processes that this one has begun."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(each.read_text("utf-8", "replace").rpartition(")")[2].split()[1]) == process:
                found.append(int(each.parent.name))
    return found


def cost_of(command: Sequence[object], environ: Mapping[str, str]) -> float:
    """Seconds of processor of a command from beginning to end."""
    before = os.times()
    subprocess.run([str(each) for each in command], env=dict(environ), check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


async def ask(port: int, count: int, at_once: int, request: Callable[[int], bytes]) -> list[Answer]:
    """So many requests by callers who keep their connections; the answers, in the order in which they came."""
    left, answers = iter(range(count)), list[Answer]()

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in left:
            writer.write(request(number))
            answers.append(await answer_of(reader))
            if b"\r\nconnection: close" in answers[-1].head:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(caller() for _ in range(min(at_once, count))))
    return answers


async def answer_of(reader: asyncio.StreamReader) -> Answer:
    """What a server says next on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"\r\ntransfer-encoding: chunked" in head:
        return Answer(status, head, await _chunks(reader))
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0) if status != 304 else 0
    return Answer(status, head, await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).strip(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def got(path: str, port: int, **headers: str) -> bytes:
    """A GET, as bytes; `_` in a name stands for `-`."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept-encoding: br\r\n{lines}\r\n".encode()


def posted(path: str, port: int, body: bytes, **headers: str) -> bytes:
    """A POST of JSON, as bytes."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
    return f"{head}{lines}content-length: {len(body)}\r\n\r\n".encode() + body
