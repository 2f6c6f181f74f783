"""A small town on disk whose files a test breaks one by one, and the shipped demo town."""

import json
from pathlib import Path

import pytest

from parvis.example_towns import town_folder
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.module_settings import files_of
from parvis.plugins.module_discovery import find_modules
from parvis_testing.made_once import Towns

READ_ONCE = Towns(load_jurisdictions)
JURISDICTION = """
name = { fr = "Ville d’Essai", en = "Testville" }
hosts = ["essai.example"]
email = "info@essai.example"
language_regime = "bilingual"
privacy_notice = { fr = "Vos renseignements restent ici.", en = "Your information stays here." }

[brand]
primary = "#153e5c"

[routes]
default = "works"
"""
UNITS = """
[works]
name = { fr = "Travaux publics", en = "Public works" }

[roads]
name = { fr = "Voirie", en = "Roads" }
parent = "works"
"""


def square(west: float, south: float, east: float, north: float, **properties: object) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


class SmallTown:
    """A territory with one valid town, `essai`, whose files a test changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        west, east = square(-73.60, 45.50, -73.55, 45.56, code="west", name="Ouest"), {"fr": "Est", "en": "East"}
        self.write("essai/jurisdiction.toml", JURISDICTION)
        self.write("essai/units.toml", UNITS)
        self.write("essai/boundary.geojson", collection(square(-73.60, 45.50, -73.50, 45.56)))
        self.write(
            "essai/zones.geojson", collection(west, square(-73.55, 45.50, -73.50, 45.56, code="east", name=east))
        )

    def write(self, name: str, content: str | bytes) -> None:
        target = self.folder / name
        target.parent.mkdir(exist_ok=True, parents=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def load(self) -> Jurisdiction:
        return load_jurisdictions(self.folder, files_of(find_modules())).jurisdiction("essai")


def example_towns() -> Jurisdictions:
    """The example towns, with the files of the installed modules."""
    return READ_ONCE(town_folder(), files_of(find_modules()))


@pytest.fixture
def small_town(tmp_path: Path) -> SmallTown:
    return SmallTown(tmp_path / "territory")


@pytest.fixture(scope="session")
def demo_jurisdictions() -> Jurisdictions:
    return example_towns()


@pytest.fixture(scope="session")
def town(demo_jurisdictions: Jurisdictions) -> Jurisdiction:
    return demo_jurisdictions.jurisdiction("parvis")
