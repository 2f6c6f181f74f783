"""Locked and hashed dependencies: read as pip reads them, renewed by uv, compared with what distributions declare."""

import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
HERE = ROOT / "release"
DEPENDENCIES, BUILD, TOOLS = (HERE / f"{name}.lock" for name in ("dependencies", "build", "tools"))
OLDEST_PYTHON = "3.11"
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


class Locked(NamedTuple):
    """One version that was chosen, where it is chosen, and the digests of its files."""

    requirement: Requirement
    digests: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        [only] = self.requirement.specifier
        return only.version


def read_lock(path: Path) -> list[Locked]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    read = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [Locked(Requirement(line.split(" --hash")[0]), tuple(DIGEST.findall(line))) for line in read if line.strip()]


def shipped() -> dict[str, Path]:
    """The distributions that an installation may have, by name, with their folders."""
    folders = [ROOT / "sdk", ROOT / "core", *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
    return {project_of(folder)["name"]: folder for folder in folders}


def project_of(folder: Path) -> dict:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def declared() -> Iterator[Requirement]:
    """What the distributions ask of others."""
    ours = shipped()
    for folder in ours.values():
        for requirement in map(Requirement, project_of(folder)["dependencies"]):
            if canonicalize_name(requirement.name) not in ours:
                yield requirement


def renew(upgrade: bool) -> None:
    """Each lock as `uv` resolves it for every Python and platform; without `upgrade`, versions that still fit stay."""
    ours = shipped()
    projects = [str((folder / "pyproject.toml").relative_to(ROOT)) for folder in ours.values()]
    left_out = [word for name in ours for word in ("--no-emit-package", name)]
    compile_lock([*projects, *left_out], DEPENDENCIES, upgrade)
    for lock in (BUILD, TOOLS):
        compile_lock([str(lock.with_suffix(".in").relative_to(ROOT))], lock, upgrade)


def compile_lock(words: Sequence[str], lock: Path, upgrade: bool) -> None:
    how = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--annotation-style", "line"]
    quiet = ["--quiet", "--no-header", "--no-config", "--no-emit-index-url", "--no-emit-find-links"]
    also = ["--upgrade"] if upgrade else []
    command = ["uv", "pip", "compile", *words, *how, *quiet, *also, "--output-file", str(lock.relative_to(ROOT))]
    subprocess.run(command, cwd=ROOT, check=True)


def uncovered(asked: Iterable[Requirement], lock: Iterable[Locked]) -> list[str]:
    """What is asked for and not locked, or locked in a version that does not do."""
    chosen: dict[str, list[Locked]] = {}
    for locked in lock:
        chosen.setdefault(locked.name, []).append(locked)
    return [
        str(requirement)
        for requirement in asked
        if not (found := chosen.get(canonicalize_name(requirement.name)))
        or not all(requirement.specifier.contains(each.version, prereleases=True) for each in found)
    ]
