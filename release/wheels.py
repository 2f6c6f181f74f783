"""Wheels that are the same bit for bit wherever and whenever they are built, and those of others beside them."""

import os
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

from release.locks import BUILD, ROOT, TOOLS, read_lock, shipped

# Of no consequence for a wheel: the second build differs from the first in all of them.
ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "UMASK": "077"}


class Differs(Exception):
    """Two builds of one commit are not the same."""


def commit_of(root: Path = ROOT) -> tuple[str, int]:
    """The commit that is built, and its seconds since 1970."""
    answer = git(["log", "-1", "--format=%H %ct"], root).split()
    return answer[0], int(answer[1])


def git(words: list[str], root: Path = ROOT) -> str:
    command = ["git", "-c", f"safe.directory={root}", *words]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def build_twice(commit: str, seconds: int, scratch: Path, into: Path) -> list[Path]:
    """One wheel for each distribution, once it came out the same of two folders, at two times, under two umasks."""
    first, second = scratch / "first", scratch / "another folder"
    build(commit, seconds, first, into, {})
    build(commit, seconds, second, scratch / "again", ELSEWHERE)
    made = sorted(into.glob("*.whl"))
    for wheel in made:
        again = scratch / "again" / wheel.name
        if digest(wheel) != digest(again):
            raise Differs(f"{wheel.name}: {', '.join(different_members(wheel, again)) or 'the archive itself'}")
    if len(made) != len(shipped()):
        raise Differs(f"{len(shipped())} distributions, {len(made)} wheels")
    return made


def build(commit: str, seconds: int, folder: Path, into: Path, around: dict[str, str]) -> None:
    """Exports the commit into `folder` and builds each distribution with what `build.lock` holds, and nothing else."""
    folder.mkdir(parents=True)
    archive = folder / "source.tar"
    git(["archive", "--output", str(archive), commit])
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    environment = {**os.environ, **around, "SOURCE_DATE_EPOCH": str(seconds)}
    mask = int(around.get("UMASK", "022"), 8)
    locked = ["--build-constraints", str(BUILD), "--require-hashes"]
    for each in shipped().values():
        inside = folder / each.relative_to(ROOT)
        command = ["uv", "build", "--quiet", "--no-config", "--wheel", *locked, "--out-dir", str(into), str(inside)]
        subprocess.run(command, check=True, env=environment, umask=mask)
    (into / ".gitignore").unlink(missing_ok=True)  # which uv leaves there


def fetch_others(lock: Path, into: Path) -> list[Path]:
    """The wheels of others for this Python and platform, each with a digest that the lock names."""
    before = {*into.glob("*.whl")}
    only = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *only, "--requirement", str(lock)]
    subprocess.run([*command, "--dest", str(into)], check=True)
    return sorted({*into.glob("*.whl")} - before)


def fetch_pip(scratch: Path, into: Path) -> None:
    """The pip of the lock as a wheel, which an image installs with: it runs where there is no pip yet."""
    only = next(each for each in read_lock(TOOLS) if each.name == "pip")
    lock = scratch / "pip.lock"
    lock.write_text(" ".join([f"pip=={only.version}", *(f"--hash=sha256:{each}" for each in only.digests)]) + "\n")
    into.mkdir()
    fetch_others(lock, into)


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def different_members(one: Path, other: Path) -> list[str]:
    """The files in which two wheels differ, by name, time, rights or content."""
    contents = []
    for path in (one, other):
        with zipfile.ZipFile(path) as opened:
            contents.append(
                {each.filename: (each.CRC, each.date_time, each.external_attr) for each in opened.infolist()}
            )
    first, second = contents
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
