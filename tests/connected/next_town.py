"""The next town: another installation of Parvis, or a server of GeoReport that is none, as processes of their own."""

import asyncio
import json
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from parvis.example_towns import town_folder
from parvis.plugins.module_discovery import find_modules
from parvis_testing.copied import CopiedProcess, run_copy

READY_SECONDS = 120
COUNTERPARTS = Path(__file__).parents[1] / "counterparts"


class NextTown:
    """The other installation, as its neighbours know it: an address, a key, and what its people do there."""

    def __init__(self, folder, surroundings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address, self.folder, self.key, self.own_key = f"http://127.0.0.1:{self.port}", folder, "", ""
        self.environ = surroundings | {
            "PARVIS_TERRITORY": str(town_folder()),
            "PARVIS_SECRET_KEY": "n" * 40,
            "PARVIS_DATA": str(folder),
            "PARVIS_BASE_URL": self.address,
        }

    def command(self, *words):
        done = run_copy(*words, environ=self.environ, folder=self.folder, most_seconds=READY_SECONDS)
        assert done.returncode == 0, done.stderr
        return done.stdout

    async def begin(self):
        for module in ("public_requests", "open311"):
            await asyncio.to_thread(self.command, "modules", "on", module, "--town", "*", "--reason", "Essai")
        self.key = await self.token("Ville A", "requests:write")
        self.own_key = await self.token("Ses gens", "requests:read", "requests:write")
        await self.serve()

    async def token(self, name, *scopes):
        asked = (word for scope in scopes for word in ("--scope", scope))
        said = await asyncio.to_thread(self.command, "tokens", "make", name, "--jurisdiction", "parvis", *asked)
        return next(word for word in said.split() if word.startswith("parvis_"))

    async def serve(self):
        words, log = ("serve", "--no-worker", "--port", str(self.port)), str(self.folder / "web.log")
        self.web = CopiedProcess(*words, environ=self.environ, log=log)
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient() as http:
            while True:
                with suppress(httpx.TransportError):
                    await http.get(f"{self.address}/health")
                    return
                await asyncio.sleep(0.1)

    async def end(self):
        self.web.kill()
        await self.web.wait()

    async def asked(self, path):
        async with httpx.AsyncClient() as http:
            return (await http.get(f"{self.address}/open311/v2/{path}")).json()

    async def shown(self, reference):
        headers = {"authorization": f"Bearer {self.own_key}"}
        async with httpx.AsyncClient(headers=headers) as http:
            return (await http.get(f"{self.address}/api/v1/requests/{reference}")).json()

    async def moves(self, reference, transition, **answers):
        headers = {"authorization": f"Bearer {self.own_key}"}
        url = f"{self.address}/api/v1/requests/{reference}"
        async with httpx.AsyncClient(headers=headers) as http:
            shown = (await http.get(url)).json()
            told = {"transition": transition, "version": shown["version"], "answers": answers}
            done = await http.post(f"{url}/moves", json=told)
        assert done.status_code == 200, done.text


@pytest.fixture
async def next_town(tmp_path, surroundings, templates, on_postgres):
    if on_postgres:
        pytest.skip("the next town lies on SQLite")
    folder = tmp_path / "next"
    folder.mkdir()
    shutil.copyfile(templates.of(find_modules()).removeprefix("sqlite:///"), folder / "parvis.sqlite")
    town = NextTown(folder, surroundings)
    await town.begin()
    yield town
    await town.end()


@pytest.fixture
async def stand_in():
    """Begins a server of GeoReport that is no Parvis, with these manners; its address."""
    begun = []

    async def begin(**manners):
        command = (sys.executable, str(COUNTERPARTS / "open311_stand_in.py"), json.dumps(manners))
        begun.append(await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE))
        return (await begun[-1].stdout.readline()).decode().strip()

    yield begin
    for each in begun:
        each.kill()
        await each.communicate()
