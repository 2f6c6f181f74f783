"""The application in a process of its own: live pages, one signal that ends all, a taken port, a database gone away."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from parvis.serving import PortTaken, listen
from parvis_testing.ports import free_port

START = """
import asyncio, sys
from pathlib import Path
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.serving import serve
from parvis.settings import Settings

settings = Settings(territory=town_folder(), secret_key="s" * 40, data=Path(sys.argv[1]), database=sys.argv[2],
                    port=int(sys.argv[3]), worker=True, grace=20)
asyncio.run(serve(create_app(settings, []), settings))
print("good bye", flush=True)
"""


@pytest.fixture
async def served(tmp_path: Path, database_url: str):
    """The host as a process, listening; the test ends it."""
    script = tmp_path / "start.py"
    script.write_text(START, "utf-8")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        tmp_path,
        database_url,
        str(port),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            await until_it_answers(http, process)
            yield process, http
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_it_answers(http: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                await http.get("/static/none", timeout=5)
                return
            except httpx.TransportError:
                assert process.returncode is None, (await process.communicate())[0].decode()
                await asyncio.sleep(0.1)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_one_signal_ends_pages_and_relay_in_good_order(served, stop):
    process, http = served
    assert (await http.get("/fr/")).status_code == 200
    process.send_signal(stop)
    process.send_signal(stop)
    output, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert output.decode().rstrip().endswith("good bye")
    assert "Traceback" not in output.decode()


async def test_a_port_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match=r"cannot listen on 127\.0\.0\.1"):
            listen("127.0.0.1", taken.getsockname()[1])
