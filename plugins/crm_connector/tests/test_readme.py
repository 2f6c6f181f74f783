"""The README tells of the plugin as it is."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from parvis_crm_connector.settings import Settings

ROOM = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def readme():
    return (ROOM / "README.md").read_text(encoding="utf-8")


def test_its_settings_can_be_read(readme):
    said = tomllib.loads(readme.partition("```toml\n")[2].partition("```")[0])
    settings = msgspec.convert(said["plugins"]["crm_connector"], Settings)
    assert [each.to for each in settings.mappings] == ["incidents", "contacts"]
    assert settings.conflicts["incidents"] == {"prioritycode": "theirs", "new_address": "newest"}


def test_it_names_every_setting(readme):
    table = readme.partition("| setting | means |")[2].partition("\n\n")[0]
    assert [each.name for each in structs.fields(Settings) if f"`{each.name}`" not in table] == []


def test_it_names_every_module(readme):
    modules = {path.name for path in (ROOM / "src/parvis_crm_connector").glob("*.py")} - {"__init__.py"}
    assert {name for name in modules if f"`{name}`" not in readme} == set()
