"""A clamd that hangs up, is mute, answers strangely or while we still send: never called clean, always in time."""

import asyncio
import io
import socket
import threading
import time

import pytest

from parvis_clamav.scanner import ClamAV
from parvis_clamav.settings import Settings
from parvis_sdk.errors import Later
from parvis_sdk.virus_scanners import Infected, NotScanned


async def scanned(answer, content=b"x", seconds=5.0):
    """What comes of asking somebody who answers that, once the whole content came."""

    async def met(reader, writer):
        await reader.readuntil(b"\0")
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            await reader.readexactly(size)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    async with server:
        scanner = ClamAV(Settings(host="127.0.0.1", port=server.sockets[0].getsockname()[1]))
        scanner.patience = seconds
        return await scanner.scan(io.BytesIO(content))


async def test_the_name_of_a_virus_is_what_clamd_says():
    assert await scanned(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") == Infected(virus="Win.Test.EICAR_HDB-1")


@pytest.mark.parametrize(
    "answer",
    [
        b"UNKNOWN COMMAND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"HTTP/1.1 400 Bad\0",
        b"HTTP/1.1 200 OK\0",
        b"stream: NOT OK\0",
    ],
)
async def test_whatever_is_no_verdict_is_said_as_it_came(answer):
    assert await scanned(answer) == NotScanned(why=answer.decode().strip("\0"))


async def test_an_answer_without_words_is_no_verdict():
    with pytest.raises(Later, match="hung up without an answer"):
        await scanned(b"\0")


async def test_whoever_does_not_speak_as_clamd_does_is_away_in_time():
    async def mute(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    scanner = ClamAV(Settings(host="127.0.0.1", port=server.sockets[0].getsockname()[1]))
    scanner.patience = 0.2
    async with server:
        with pytest.raises(Later, match=r"no answer within 0\.2 s"):
            await scanner.scan(io.BytesIO(b"x"))
    with pytest.raises(Later):
        await scanner.scan(io.BytesIO(b"x"))


async def test_what_is_too_large_is_said_however_late_a_busy_process_listens(tmp_path, monkeypatch):
    """Its answer has come and its line is closed before we look: sending fails first."""
    path, gone = tmp_path / "clamd.sock", threading.Event()

    def answer_and_hang_up():
        line, _ = listener.accept()
        line.recv(10)
        line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        line.close()
        gone.set()

    async def at_once(read, size):
        gone.wait()
        return read(size)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=answer_and_hang_up).start()
        monkeypatch.setattr(asyncio, "to_thread", at_once)
        verdict = await ClamAV(Settings(socket=str(path))).scan(io.BytesIO(bytes(4_000_000)))
    assert verdict == NotScanned(why="INSTREAM size limit exceeded. ERROR")


async def test_whoever_calls_clean_what_it_has_not_read_is_not_believed():
    async def hasty(reader, writer):
        await reader.readuntil(b"\0")
        writer.write(b"stream: OK\0")
        await writer.drain()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hasty, "127.0.0.1", 0) as server:
        scanner = ClamAV(Settings(host="127.0.0.1", port=server.sockets[0].getsockname()[1]))
        verdict = await scanner.scan(Slow(bytes(200_000)))
    assert verdict == NotScanned(why="it answered before it had the whole content")


class Slow(io.BytesIO):
    """Is read as from a store that takes its time."""

    def read(self, size=-1):
        time.sleep(0.1)
        return super().read(size)
