"""The dog licence keeps the contract of every plugin, and is as short as the sdk promises."""

import importlib
import sys
from pathlib import Path

from parvis_sdk.testing import PluginContract

FILE = Path(__file__).parent / "dog_licence.py"
sys.path.append(str(FILE.parent))  # as a vendor's own package is found
dog_licence = importlib.import_module("dog_licence")


class TestDogLicence(PluginContract):
    plugin = dog_licence


def test_it_is_one_file_of_less_than_120_lines_that_knows_the_sdk_alone():
    source = FILE.read_text()
    assert len(source.splitlines()) < 120
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("from ", "import "))}
    assert imported == {"datetime", "decimal", "parvis_sdk"}
