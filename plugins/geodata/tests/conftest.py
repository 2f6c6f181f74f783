"""A town that takes its own geographic files: the folder of the example towns, copied to be changed."""

import gzip
import shutil
from pathlib import Path

import pytest

from parvis.example_towns import town_folder
from parvis_testing.jurisdictions import example_towns
from parvis_testing.modules import only
from parvis_testing.town import *

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="session")
def modules():
    return only("geodata")


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """Extracts of real files: see the licence beside them."""
    folder = tmp_path_factory.mktemp("files")
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    (folder / "arrondissements.gpkg").write_bytes(gzip.decompress((FILES / "arrondissements.gpkg.gz").read_bytes()))
    return folder


@pytest.fixture
def there():
    """The town that takes them."""
    return example_towns().jurisdiction("parvis")


@pytest.fixture
def town_files(tmp_path):
    """The folder of that town."""
    shutil.copytree(town_folder() / "parvis", tmp_path / "parvis")
    return tmp_path / "parvis"
