"""Distributions written into a folder and put on the path, as pip would have installed them."""

import asyncio
import importlib
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import entry_points
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from parvis.app import create_app
from parvis.cli import parvis
from parvis.example_towns import town_folder
from parvis.settings import read_settings

GOOD = """
from parvis_sdk.forms import Form, Section
from parvis_sdk.fields import YesNo
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

LAMP = RequestType(
    code="lamp",
    title=Text(fr="Lampadaire", en="Street light"),
    summary=Text(fr="Un lampadaire est éteint", en="A street light is out"),
    slug=Text(fr="lampadaire", en="street-light"),
    theme=Theme(code="streets", title=Text(fr="Rues", en="Streets"), slug=Text(fr="rues", en="streets")),
    form=Form(
        sections=(
            Section(
                code="what",
                title=Text(fr="Quoi", en="What"),
                fields=(YesNo(code="danger", label=Text(fr="Est-ce dangereux ?", en="Is it dangerous?")),),
            ),
        )
    ),
    workflow=Workflow(
        states=(
            State(code="new", title=Text(fr="Nouvelle", en="New"), phase=Phase.RECEIVED),
            State(code="done", title=Text(fr="Réglée", en="Done"), phase=Phase.CLOSED),
        ),
        transitions=(
            Transition(code="close", title=Text(fr="Fermer", en="Close"), sources=("new",), target="done"),
        ),
    ),
    retention=Retention(days=365),
)


@hookimpl
def request_types():
    return [LAMP]
"""

Install = Callable[..., None]


@pytest.fixture
def good() -> str:
    """The source of a plugin that works."""
    return GOOD


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """`install("lights", {"plugin.py": ...})` makes the distribution `parvis-lights` 1.2.3 with its entry point."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    # What else this Python has installed, such as our own plugins, stays out of sight.
    monkeypatch.setattr(
        "parvis.plugins.discovery.entry_points",
        lambda group: [each for each in entry_points(group=group) if Path(str(each.dist.locate_file(""))) == site],
    )
    before = set(sys.modules)

    def write(
        name: str,
        files: Mapping[str, str] | str = GOOD,
        *,
        distribution: str = "",
        version: str = "1.2.3",
        requires: str = "parvis-sdk",
        entry: str = "",
        package: str = "",
    ) -> None:
        distribution = distribution or f"parvis-{name}"
        package = package or f"{distribution.replace('-', '_')}"
        folder = site / package
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").write_text("")
        for file, source in ({"plugin.py": files} if isinstance(files, str) else files).items():
            (folder / file).write_text(textwrap.dedent(source), encoding="utf-8")
        info = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {distribution}\nVersion: {version}\nRequires-Dist: {requires}\n"
        )
        (info / "entry_points.txt").write_text(f"[parvis]\n{name} = {entry or f'{package}.plugin'}\n")
        importlib.invalidate_caches()

    yield write
    for name in set(sys.modules) - before:
        module = sys.modules[name]
        if str(getattr(module, "__file__", "") or "").startswith(str(site)):
            del sys.modules[name]


@pytest.fixture
def environ(database_url, tmp_path):
    return {
        "PARVIS_SECRET_KEY": "a secret of thirty-two characters",
        "PARVIS_DATABASE": database_url,
        "PARVIS_TERRITORY": str(town_folder()),
        "PARVIS_DATA": str(tmp_path / "data"),
    }


@pytest.fixture
def serving(environ, tmp_path):
    """The application with the plugins that are installed now, on one and the same database."""
    (tmp_path / "data").mkdir()

    @asynccontextmanager
    async def serve():
        app = create_app(read_settings(None, environ, worker=False, log_level="error"))
        at = app.state.deployment.settings.address
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=at, follow_redirects=True)
        client.cookies.set("parvis_english", "history")
        async with app.lifespan(), client as http:
            yield app.state.deployment.host, http

    return serve


@pytest.fixture
def commanded(environ, monkeypatch):
    """`parvis plugins ...` on that database, or another group of commands."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    async def run(*words, group="plugins"):
        return await asyncio.to_thread(CliRunner().invoke, parvis, (group, *words))

    return run


@pytest.fixture
def uninstall(tmp_path):
    def take_away(distribution):
        for found in (tmp_path / "site").glob(f"{distribution.replace('-', '_')}*"):
            shutil.rmtree(found)
        for name in [each for each in sys.modules if each.startswith(distribution.replace("-", "_"))]:
            del sys.modules[name]
        importlib.invalidate_caches()

    return take_away
