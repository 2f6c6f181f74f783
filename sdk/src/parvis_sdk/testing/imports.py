"""Checks imports: a plugin may import the sdk and its own libraries, never the host or the host's libraries."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from parvis_sdk.lines import place_of

ONLY_NOW = (
    "it works with this release of Parvis only, the next one may break it · import parvis_sdk and libraries of your own"
)
FORBIDDEN = ("parvis", "litestar", "piccolo", "pluggy", "jinja2")


def forbidden_imports(plugin: ModuleType) -> list[str]:
    """Each forbidden import as `file:line`, including those that only appear at run time."""
    package = plugin.__name__.partition(".")[0]
    found = [
        f"{place_of(str(file), package, line)} imports {name} · {ONLY_NOW}"
        for file in files_of(plugin)
        for line, name in imported(file)
        if is_forbidden(name, package)
    ]
    loaded = [name for name in loaded_with(plugin.__name__) if is_forbidden(name, package) and name != "pluggy"]
    return found + [f"importing {plugin.__name__} loads {name}" for name in loaded]


def files_of(plugin: ModuleType) -> list[Path]:
    """The files of a plugin: those of its package, or its single module."""
    file = Path(str(plugin.__file__))
    if not plugin.__package__:
        return [file]
    return [each for each in sorted(file.parent.rglob("*.py")) if not is_of_another(each, file.parent)]


def is_of_another(file: Path, folder: Path) -> bool:
    """Whether a file below a plugin's folder lies in a distribution of its own."""
    return any((each / "pyproject.toml").is_file() for each in file.parents if folder in each.parents)


def is_forbidden(name: str, package: str) -> bool:
    """Whether a module is the host, a library of the host, or another plugin."""
    root = name.partition(".")[0]
    return root in FORBIDDEN or (root.startswith("parvis_") and root not in ("parvis_sdk", package))


def imported(file: Path) -> Iterator[tuple[int, str]]:
    """The modules that one file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.lineno, node.module


def loaded_with(module: str) -> list[str]:
    """The top-level packages that a fresh Python has loaded after importing a module."""
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ran.returncode:
        raise AssertionError(f"{module} cannot be imported by itself:\n{ran.stderr}")
    return ran.stdout.split()
