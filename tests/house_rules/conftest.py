"""Where the house's files are, for the tests of its rules."""

import subprocess
from pathlib import Path

import httpx
import pytest

SITE = "http://127.0.0.1:8000"


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


@pytest.fixture
async def http(database_url, tmp_path):
    """A town with its real plugins, as anybody reaches it."""
    from parvis.app import create_app  # most rules only read files
    from parvis.example_towns import town_folder
    from parvis.settings import Settings
    from parvis_testing.modules import switch

    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )
    app = create_app(settings)
    async with app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=SITE) as client:
        await switch(app.state.deployment.host, "on")
        yield client
