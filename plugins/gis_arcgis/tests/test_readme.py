"""The README shows settings that are read as they stand, and leaves none out."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.mapping import PublishedLayer
from parvis_gis_arcgis.plugin import connectors, locators
from parvis_gis_arcgis.settings import Geocoder, Settings
from parvis_sdk.mapping import Mapped

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_settings_that_are_shown_make_a_connector_and_a_locator():
    block, _ = re.findall(r"^```toml\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    settings = msgspec.convert(tomllib.loads(block)["plugins"]["gis_arcgis"], Settings)
    [connector] = connectors(settings)
    assert (connector.types, connector.needs) == (("pothole",), ("attachments",))
    assert connector.changes is not None
    [locator] = locators(settings)
    assert locator.geocoder_of("anywhere") == settings.geocoders[0]


@pytest.mark.parametrize("kind", [Settings, Geocoder, PublishedLayer, ReadLayer])
def test_every_setting_is_explained(kind):
    explained = {
        name for line in re.findall(r"^\| (`.*?) \|", README, re.MULTILINE) for name in re.findall(r"`(\w+)`", line)
    }
    own = {field.name for field in structs.fields(kind)}
    shared = {field.name for field in structs.fields(Mapped)} if kind is PublishedLayer else set()
    assert own - shared - explained == set()


def test_without_settings_there_is_nothing():
    assert connectors(Settings()) == []
    assert locators(Settings()) == []
