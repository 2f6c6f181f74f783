"""An installation of a small town with files, and an empty place elsewhere to restore it to, on either engine."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from msgspec import structs
from PIL import Image

from parvis.app import create_app
from parvis.composition import Deployment
from parvis.deployment import compose, look_at_database, open_deployment
from parvis.example_towns import town_folder
from parvis.requests.attached.receiving import receive_file
from parvis.requests.host import Host
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_backups.making import Made, Wanted, make_set
from parvis_backups.register import REGISTER
from parvis_backups.restoring import Restored, RestoreOrder, restore
from parvis_backups.sealing import Seal
from parvis_testing.modules import only
from parvis_testing.town import *
from parvis_testing.town import Town


@pytest.fixture(scope="session")
def modules():
    return only("backups")


@dataclass
class Installation:
    """Its settings; each time that it is opened is a process of its own, as far as anybody can see."""

    settings: Settings
    plugins: list
    modules: object
    sets: Path
    drawn: int = 0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Deployment]:
        async with open_deployment(self.settings, self.plugins, modules=self.modules) as deployment:
            yield deployment

    async def submit(self, deployment: Deployment, *, photo: bool = False, **given):
        town = Town(host=deployment.host, counter=RequestService(deployment.host))
        if photo:
            self.drawn += 1
            holder = f"{self.drawn:064d}"
            kept = await receive_file(deployment.host, holder, "photos", "trou.jpg", self.picture(self.drawn))
            given |= {"answers": {"danger": False, "photos": [kept.id]}, "holder": holder}
        return await town.submit(**given)

    async def back_up(self, deployment: Deployment, **given) -> Made:
        wanted = Wanted(**{"folder": self.sets, "seal": Seal()} | given)
        return await make_set(deployment, wanted)

    async def restored(self, folder: Path | None = None, *, register: bool = True, **given) -> Restored | None:
        registers = (self.sets / REGISTER,) if register else ()
        order = RestoreOrder(**{"folder": folder, "registers": registers} | given)
        return await restore(self.settings, order, lambda words: None, self.plugins, self.modules)

    async def looked_at(self) -> None:
        """What `parvis serve` and `parvis work` do first."""
        await look_at_database(compose(self.settings, self.plugins, modules=self.modules))

    @asynccontextmanager
    async def visited(self) -> AsyncIterator[tuple[Host, httpx.AsyncClient]]:
        app = create_app(self.settings, self.plugins, modules=self.modules)
        transport = httpx.ASGITransport(app=app)
        async with app.lifespan(), httpx.AsyncClient(transport=transport, follow_redirects=True) as http:
            yield app.state.deployment.host, http

    @staticmethod
    def picture(number: int) -> bytes:
        """Another one for each number, as a photo of a telephone is written."""
        written, drawn = io.BytesIO(), Image.new("RGB", (160, 16), "white")
        for bit in range(10):
            drawn.paste("black" if number >> bit & 1 else "white", (bit * 16, 0, bit * 16 + 16, 16))
        drawn.save(written, "JPEG")
        return written.getvalue()


@pytest.fixture
def here(database_url, town_plugin, modules, tmp_path):
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of more than thirty-two characters",
        data=tmp_path / "here",
        database=database_url,
        worker=False,
    )
    return Installation(settings=settings, plugins=[town_plugin], modules=modules, sets=tmp_path / "sets")


@pytest.fixture
def elsewhere(here, tmp_path, request, on_postgres):
    """Another machine with an empty database, and the same secret."""
    data = tmp_path / "elsewhere"
    if not on_postgres:
        database = f"sqlite:///{data}/parvis.sqlite"
        yield Installation(
            settings=structs.replace(here.settings, data=data, database=database),
            plugins=here.plugins,
            modules=here.modules,
            sets=here.sets,
        )
        return
    server = request.getfixturevalue("postgres_server")
    server.execute("postgres", "CREATE DATABASE elsewhere")
    yield Installation(
        settings=structs.replace(here.settings, data=data, database=f"{server.url}/elsewhere"),
        plugins=here.plugins,
        modules=here.modules,
        sets=here.sets,
    )
    server.execute("postgres", "DROP DATABASE elsewhere WITH (FORCE)")
