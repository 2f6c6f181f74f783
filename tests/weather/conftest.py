"""Distributions written into a folder and put on the path, as pip would have installed them."""

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

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
        "parvis.house.finding.entry_points",
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
