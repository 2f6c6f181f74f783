"""What commands run as processes of their own stand in."""

import os

import pytest


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory) -> dict[str, str]:
    """The environment without settings of Parvis; what one process compiled serves all the others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    return clean | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.getbasetemp() / "compiled")}
