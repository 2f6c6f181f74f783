"""What may stand in the repository's files, and what a module looks like."""

import ast
import json
import re
from urllib.parse import urlsplit

import pytest

THREE_PLACES = {"parvis/plugins/discovery.py", "parvis/plugins/loading.py", "parvis/plugins/trying.py"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base"}
LONGEST = 500
MACHINE_PATH = re.compile(r"(?<![\w.<>/])/(?:root|home|Users|work|mnt|opt/[a-z]+-venv)/[\w.]|[A-Z]:\\\\?Users")


def test_no_file_names_a_place_on_somebodys_machine(tracked, root):
    found = []
    for path in tracked:
        content = path.read_bytes()
        if b"\0" not in content and path.name != "test_files.py":
            for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
                if match := MACHINE_PATH.search(line):
                    found.append(f"{path.relative_to(root)}:{number}: {match[0]}")
    assert found == []


@pytest.mark.parametrize("bad", ["see /home/marie/parvis", "path = '/work/main'", "(/root/.cache)", r"C:\Users\marie"])
def test_the_pattern_knows_machine_paths(bad):
    assert MACHINE_PATH.search(bad)


@pytest.mark.parametrize("good", ["/srv/parvis", "https://parvis.test/home/page", "/fr/suivi", "../work/x", "a/home/b"])
def test_the_pattern_leaves_other_paths_alone(good):
    assert not MACHINE_PATH.search(good)


def test_npm_packages_come_from_the_public_registry_only(root):
    lock = json.loads((root / "core/frontend/package-lock.json").read_text())
    hosts = {urlsplit(package["resolved"]).hostname for package in lock["packages"].values() if "resolved" in package}
    assert hosts <= {"registry.npmjs.org"}


def test_no_code_of_others_and_no_built_file_is_committed(tracked, root):
    bad = re.compile(r"node_modules/|/static/built/|\.min\.(js|css)$|\.mo$|\.pyc$|\.sqlite$|\.woff2?$|\.whl$")
    kept = root / "tests/vendors/wheels"  # of earlier days, played against today’s sdk
    found = [path for path in tracked if bad.search(path.as_posix()) and path.parent != kept]
    assert [str(path.relative_to(root)) for path in found] == []


def test_exception_is_caught_in_three_places_only_each_with_a_sentence(sources):
    found, silent = [], []
    for path in sources:
        text = path.read_text()
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ExceptHandler) and _catches_everything(node):
                name = path.as_posix().partition("/src/")[2]
                if name not in THREE_PLACES:
                    found.append(f"{name}:{node.lineno}")
                elif "#" not in lines[node.lineno - 1] + lines[node.lineno - 2]:
                    silent.append(f"{name}:{node.lineno}")
    assert found == []
    assert silent == []


def test_every_module_opens_with_a_sentence(sources):
    without = []
    for path in sources:
        said = ast.get_docstring(ast.parse(path.read_text())) or ""
        if "/migrations/parvis_" not in path.as_posix() and not said.partition("\n")[0].rstrip().endswith((".", ":")):
            without.append(path.as_posix().partition("/src/")[2])
    assert without == []


def test_no_module_is_longer_than_one_can_read_at_a_sitting(sources):
    sizes = {
        path.as_posix().partition("/src/")[2]: len(path.read_text().splitlines())
        for path in sources
        if "/migrations/parvis_" not in path.as_posix()
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST} == {}


def test_every_module_and_folder_has_a_name_that_says_something(sources):
    assert [path.as_posix() for path in sources if EMPTY_NAMES & {*path.parts, path.stem}] == []


def test_each_distribution_says_that_it_is_typed(root):
    packages = [path.parent for path in root.glob("*/src/*/__init__.py")]
    packages += [path.parent for path in root.glob("plugins/*/src/*/__init__.py")]
    assert packages
    assert [package.name for package in packages if not (package / "py.typed").is_file()] == []


def test_each_distribution_carries_the_licence_and_a_page_of_its_own(root):
    folders = [path.parent for path in (*root.glob("*/pyproject.toml"), *root.glob("plugins/*/pyproject.toml"))]
    assert len(folders) >= 5
    for folder in folders:
        assert (folder / "LICENSE").read_bytes() == (root / "LICENSE").read_bytes()
        assert (folder / "README.md").is_file()


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    """`except:`, or `except Exception` in any form; BaseException only if it is raised again."""
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {one.id for one in caught if isinstance(one, ast.Name)}
    again = any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
    return "Exception" in names or ("BaseException" in names and not again)
