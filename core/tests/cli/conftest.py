"""What commands run as processes of their own stand in."""

import os

import pytest

from parvis import clock


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory) -> dict[str, str]:
    """The environment without settings of Parvis, at the moment of the tests; what one compiled serves all."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    return clean | clock.variables() | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.getbasetemp() / "compiled")}
