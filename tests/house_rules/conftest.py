"""Where the house's files are, for the tests of its rules."""

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root(pytestconfig) -> Path:
    return pytestconfig.rootpath


@pytest.fixture(scope="session")
def tracked(root) -> list[Path]:
    """Every file that git knows, and that is there."""
    command = ["git", "-c", f"safe.directory={root}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


@pytest.fixture(scope="session")
def sources(tracked, root) -> list[Path]:
    """The Python files of the product: not tests, not what tests share, not tools."""
    shared = root / "testing/src"
    return [
        path
        for path in tracked
        if path.suffix == ".py" and "src" in path.relative_to(root).parts and shared not in path.parents
    ]
