"""A town with public hearings: the module is in sight as if it were installed, in these tests and in no other."""

import sys
from pathlib import Path

import pytest
from msgspec import structs

from parvis.modules import InstalledModule, registry_of
from parvis.plugins import DiscoveredPlugin
from parvis_sdk.text import Text
from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *
from parvis_testing.town import HOLE, QUARREL, plugin_of

FOLDER = Path(__file__).parents[1]
SRC, NAME = FOLDER / "src", "parvis-public-hearing"
sys.path.append(str(SRC))

from parvis_public_hearing.parts import PublicHearing  # noqa: E402
from parvis_public_hearing.plugin import MODULE  # noqa: E402

ZONING = PublicHearing(code="zoning", title=Text(fr="Audience sur le zonage", en="Hearing on zoning"))


@pytest.fixture(autouse=True)
def installed_beside(tmp_path_factory, monkeypatch):
    """What pip would write beside it, and its code for programs that are started."""
    info = tmp_path_factory.mktemp("installed") / "parvis_public_hearing-0.1.0.dist-info"
    info.mkdir()
    told = f"Metadata-Version: 2.4\nName: {NAME}\nVersion: 0.1.0\n\n{(FOLDER / 'README.md').read_text('utf-8')}"
    (info / "METADATA").write_text(told, "utf-8")
    monkeypatch.syspath_prepend(str(info.parent))
    monkeypatch.setenv("PYTHONPATH", str(SRC))


@pytest.fixture(scope="session")
def modules():
    here = InstalledModule(module=MODULE, package="parvis_public_hearing", distribution=NAME, version="0.1.0")
    drawing = only("dashboards", "bulk_actions", "api_access").modules  # what hearings bring
    return registry_of([here, *drawing])


@pytest.fixture(scope="session")
def town_plugin():
    """A town in which a hole is filled once people were heard about it."""
    moves = tuple(
        structs.replace(each, brings=(ZONING.fact("held"),)) if each.code == "start" else each
        for each in HOLE.workflow.transitions
    )
    heard = structs.replace(HOLE, workflow=structs.replace(HOLE.workflow, transitions=moves), parts=(ZONING,))
    return DiscoveredPlugin.of("town", plugin_of(heard, QUARREL))
