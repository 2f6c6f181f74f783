"""The build of the front-end: once for many installations, in time or with a message, with or without Node."""

import importlib.util
import os
import re
import shutil
import threading
from pathlib import Path

import pytest

CORE = Path(__file__).parents[1]
NPM = """#!/bin/sh
echo "npm $1" >> "$NPM_DIARY"
case "$1" in
  run) sleep "${NPM_SECONDS:-0}"; for last; do :; done; mkdir -p "$last"; echo '{}' > "$last/manifest.json" ;;
esac
exit "${NPM_EXIT:-0}"
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a shell script")


@pytest.fixture
def building():
    pytest.importorskip("hatchling")
    pytest.importorskip("filelock")
    spec = importlib.util.spec_from_file_location("hatch_build", CORE / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    """A front-end of one file, and programs that only pretend to be Node and npm."""
    (tmp_path / "frontend").mkdir()
    (tmp_path / "frontend/package.json").write_text("{}")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in {"npm": NPM, "node": "#!/bin/sh\necho v22.3.0\n"}.items():
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("NPM_DIARY", str(tmp_path / "diary"))
    return tmp_path


@pytest.fixture
def hook(building, tree):
    return lambda: building.FrontEnd(str(tree), {}, None, None, str(tree), "wheel")


def diary(tree: Path) -> list[str]:
    path = tree / "diary"
    return path.read_text().split("\n")[:-1] if path.exists() else []


def test_it_is_built_once_and_again_when_a_source_changes(hook, tree):
    hook().initialize("editable", {})
    hook().initialize("editable", {})
    assert diary(tree) == ["npm ci", "npm run"]
    assert (tree / "src/parvis/web/static/built/manifest.json").is_file()
    (tree / "frontend/styles.scss").write_text("a {}")
    hook().initialize("editable", {})
    assert diary(tree) == ["npm ci", "npm run"] * 2


def test_what_npm_leaves_behind_is_no_change(hook, tree):
    hook().initialize("editable", {})
    (tree / "frontend/node_modules").mkdir()
    (tree / "frontend/node_modules/x.js").write_text("")
    hook().initialize("standard", {})
    assert diary(tree) == ["npm ci", "npm run"]


def test_two_installations_at_once_build_once(hook, tree, monkeypatch):
    monkeypatch.setenv("NPM_SECONDS", "0.3")
    threads = [threading.Thread(target=hook().initialize, args=("editable", {})) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert diary(tree) == ["npm ci", "npm run"]


def test_a_source_tree_that_carries_the_result_needs_nothing(hook, tree):
    shutil.rmtree(tree / "frontend")
    hook().initialize("standard", {})
    assert hook().dependencies() == []
    assert diary(tree) == []


def test_a_source_archive_is_made_without_building(building, tree):
    building.FrontEnd(str(tree), {}, None, None, str(tree), "sdist").initialize("standard", {})
    assert diary(tree) == []


def test_a_failed_build_says_what_to_do_and_leaves_the_old_result(hook, tree, monkeypatch):
    hook().initialize("editable", {})
    (tree / "frontend/package.json").write_text('{"changed": true}')
    monkeypatch.setenv("NPM_EXIT", "1")
    with pytest.raises(SystemExit) as stopped:
        hook().initialize("editable", {})
    for words in ("could not be built (exit code 1)", "npm ci", "NPM_CONFIG_REGISTRY", "pass_env"):
        assert words in str(stopped.value)
    assert (tree / "src/parvis/web/static/built/manifest.json").is_file()


def test_a_build_without_end_is_stopped(building, hook, tree, monkeypatch):
    monkeypatch.setattr(building, "MINUTES", 0.01)
    monkeypatch.setenv("NPM_SECONDS", "60")
    with pytest.raises(SystemExit, match="no end after"):
        hook().initialize("editable", {})


@pytest.mark.parametrize(
    ("version", "enough"), [("v20.19.0", True), ("v24.1.0", True), ("v18.20.4", False), ("rubbish", False)]
)
def test_an_old_node_is_left_alone_and_one_from_pypi_asked_for(building, hook, tree, version, enough):
    (tree / "programs/node").write_text(f"#!/bin/sh\necho {version}\n")
    assert (building.system_npm() is not None) is enough
    assert hook().dependencies() == ([] if enough else [building.NODE_FROM_PYPI])


def test_without_any_node_one_from_pypi_is_asked_for(building, hook, tree, monkeypatch):
    monkeypatch.setenv("PATH", str(tree))
    assert hook().dependencies() == [building.NODE_FROM_PYPI]


def test_the_real_result_carries_the_licences_of_what_it_is_made_of():
    licences = CORE / "src/parvis/web/static/built/licences"
    texts = {path.name: path.read_text() for path in licences.iterdir()}
    assert set(texts) == {"fontsource-public-sans.txt", "govuk-frontend.txt", "leaflet.txt"}
    assert "MIT License" in texts["govuk-frontend.txt"]
    assert "SIL OPEN FONT LICENSE" in texts["fontsource-public-sans.txt"].upper()


def test_the_real_style_sheets_carry_no_font_of_gov_uk_and_load_nothing_from_elsewhere():
    sheets = list((CORE / "src/parvis/web/static/built").glob("*.css"))
    assert len(sheets) == 3
    for sheet in sheets:
        assert "GDS Transport" not in sheet.read_text()
        assert not re.search(r"(?:url\(|@import )['\"]?(?:https?:)?//", sheet.read_text())
