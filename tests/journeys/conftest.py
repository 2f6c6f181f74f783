"""A prepared town, served once for all journeys; people who sit before a browser."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest
from filelock import FileLock

from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.one_time import enrol
from parvis.settings import Settings
from parvis.worker.relay import Relay
from parvis_demo.of_crews import crews_of_the_demo
from parvis_demo.prepare import prepare

from . import connected
from .known import Known, load, make_known, save
from .people import AGENTS, People
from .serving import SECRET, Served, served

if TYPE_CHECKING:
    from playwright.async_api import Browser

KNOWN = "known.json"
REQUESTS = {"parvis": 90, "rivemont": 6}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demo town in which some months have passed, with agents of both languages; made by one process."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "town-of-journeys"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            made = folder.with_name("town-in-the-making")
            made.mkdir()
            asyncio.run(fill(made))
            made.rename(folder)
    return folder


async def fill(folder: Path) -> None:
    settings = Settings(
        territory=town_folder(),
        secret_key=SECRET,
        data=folder,
        demo=True,
        plugins={"notify": {"mode": "mailbox"}, connected.NAME: connected.SETTINGS, **crews_of_the_demo()},
    )
    connected.write_settings(folder)
    async with open_deployment(settings, migrating=True) as deployment:
        alone = connected.without_systems(
            deployment.host
        )  # months of tries at a system that is away teach nobody anything
        done = await prepare(alone, counts=REQUESTS, deliver=Relay(alone).drain)
        assert done.refused == ()
        for agent in AGENTS.values():
            grants = [Grant(role=agent.role, jurisdiction=agent.town, unit=agent.unit)]
            person = await add_agent(
                deployment.host.engine,
                email=agent.email,
                name=agent.name,
                password=agent.password,
                grants=grants,
                language=agent.language,
            )
            if agent.codes:
                secret = pyotp.random_base32()
                assert await enrol(
                    deployment.host.engine, person.id, secret, pyotp.TOTP(secret).now(), deployment.host.secret
                )
        (folder / KNOWN).write_bytes(save(await make_known(deployment.host)))
        await Relay(deployment.host).drain()
        await connected.make_connected(deployment.host)


@pytest.fixture(scope="session")
def known(prepared: Path) -> dict[str, Known]:
    """Requests in each situation that pages show."""
    return load((prepared / KNOWN).read_bytes())


@pytest.fixture(scope="session")
def town(prepared: Path, tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Served]:
    """The town that all journeys share; each keeps to its own places and people."""
    folder = tmp_path_factory.mktemp("served") / "town"
    shutil.copytree(prepared, folder)
    with served(folder) as running:
        yield running
        assert "Traceback" not in running.said()


@pytest.fixture
async def people(chromium_of_session: "Browser", town: Served) -> AsyncIterator[People]:
    """Everybody of one test; when they leave, nothing was refused, broken or fetched from elsewhere."""
    everybody = People(chromium_of_session, town.address)
    yield everybody
    await everybody.leave()


@pytest.fixture(scope="module")
async def visitors(chromium_of_session: "Browser", town: Served) -> AsyncIterator[People]:
    """Everybody who walks through the town in the tests of one file, one after the other."""
    everybody = People(chromium_of_session, town.address)
    yield everybody
    await everybody.leave()
