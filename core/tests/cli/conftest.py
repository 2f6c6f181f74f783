"""What commands run as processes of their own stand in."""

import os

import pytest

from parvis import clock
from parvis.house.finding_modules import find_modules
from parvis.modules import ModuleRegistry
from parvis.testing.databases import Templates


@pytest.fixture(scope="session")
def modules() -> ModuleRegistry:
    """A command stands on what is installed, whatever that is."""
    return find_modules()


@pytest.fixture(scope="session")
def migrated_template(templates: Templates, modules: ModuleRegistry) -> str:
    return templates.of(modules)


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory) -> dict[str, str]:
    """The environment without settings of Parvis, at the moment of the tests; what one compiled serves all."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    return clean | clock.variables() | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.getbasetemp() / "compiled")}
