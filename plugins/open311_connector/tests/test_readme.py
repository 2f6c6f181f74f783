"""The README tells of the plugin as it is."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from parvis_open311_connector.settings import Neighbour, Service, Settings

ROOM = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def readme():
    return (ROOM / "README.md").read_text(encoding="utf-8")


def test_its_settings_can_be_read(readme):
    said = tomllib.loads(readme.partition("```toml\n")[2].partition("```")[0])
    settings = msgspec.convert(said["plugins"]["open311_connector"], Settings)
    assert [each.to for each in settings.neighbours[0].services] == ["pothole"]


def test_it_names_every_setting_and_every_module(readme):
    for kind in (Neighbour, Service):
        assert [each.name for each in structs.fields(kind) if f"`{each.name}`" not in readme] == []
    modules = {path.name for path in (ROOM / "src/parvis_open311_connector").glob("*.py")} - {"__init__.py"}
    assert {name for name in modules if f"`{name}`" not in readme} == set()
