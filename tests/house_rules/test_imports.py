"""The import contracts of pyproject.toml bite: each is broken by a planted import, and by nothing that is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = {
    "parvis_sdk/planted.py": ("import litestar", "parvis_sdk is not allowed to import litestar"),
    "parvis_sdk/text.py": ("import parvis_sdk.hooks", "parvis_sdk.text is not allowed to import parvis_sdk.hooks"),
    "parvis/planted.py": ("import parvis_reports", "parvis is not allowed to import parvis_reports"),
    "parvis_permits/planted.py": ("import parvis", "parvis_permits is not allowed to import parvis"),
    "parvis_complaints/planted.py": (
        "import parvis_permits",
        "parvis_complaints is not allowed to import parvis_permits",
    ),
    "parvis_reports/planted.py": ("import piccolo", "parvis_reports is not allowed to import piccolo"),
    "parvis/requests/planted.py": ("import parvis.web", "parvis.requests is not allowed to import parvis.web"),
    "parvis/requests/other.py": ("import litestar", "parvis.requests is not allowed to import litestar"),
    "parvis/requests/records.py": (
        "import parvis.requests.lifecycle",
        "parvis.requests.records is not allowed to import parvis.requests.lifecycle",
    ),
    "parvis/requests/attached/planted.py": (
        "import parvis.requests.work",
        "parvis.requests.attached is not allowed to import parvis.requests.work",
    ),
    "parvis/requests/clocks/planted.py": (
        "import parvis.requests.promises",
        "parvis.requests.clocks is not allowed to import parvis.requests.promises",
    ),
    "parvis/web/planted.py": ("import parvis.db.tables", "parvis.web is not allowed to import parvis.db.tables"),
    "parvis/web/other.py": ("import parvis.api", "parvis.web is not allowed to import parvis.api"),
    "parvis/app.py": ("import parvis_testing", "parvis is not allowed to import parvis_testing"),
    "parvis/web/third.py": ("import pluggy", "parvis.web is not allowed to import pluggy"),
    "parvis/clock.py": ("import parvis.settings", "parvis.clock is not allowed to import parvis.settings"),
}
DECLARING = '[project.entry-points."parvis.modules"]'
MODULES = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml") if DECLARING in path.read_text())
PLANTED |= {
    f"parvis/planted_for_{name}.py": (f"import parvis_{name}", f"parvis is not allowed to import parvis_{name}")
    for name in MODULES
}


@pytest.fixture(scope="module")
def copied(root, tmp_path_factory):
    """The packages and the contracts, in a folder of their own."""
    folder = tmp_path_factory.mktemp("planted")
    packages = [
        *root.glob("sdk/src/*"),
        *root.glob("core/src/*"),
        *root.glob("testing/src/*"),
        *root.glob("plugins/*/src/*"),
    ]
    for package in packages:
        if package.is_dir():
            ignored = shutil.ignore_patterns("static", "locale", "templates", "__pycache__", "*.dist-info")
            shutil.copytree(package, folder / package.name, ignore=ignored)
    shutil.copy(root / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def whole(copied):
    return _lint(copied)


@pytest.fixture(scope="module")
def broken(copied, whole):
    for name, (code, _) in PLANTED.items():
        with (copied / name).open("a") as file:
            file.write(f"\n{code}\n")
    return _lint(copied)


def test_the_house_keeps_its_contracts(whole):
    assert whole.returncode == 0, whole.stdout


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_breaks_its_contract(broken, name):
    assert broken.returncode == 1
    assert PLANTED[name][1] in broken.stdout


def test_every_contract_is_broken_by_something_planted(broken):
    assert " KEPT" not in broken.stdout


def _lint(folder) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [*command, "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
