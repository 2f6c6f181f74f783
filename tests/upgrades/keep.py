"""Keeps a filled database as a commit of this repository makes it: `python tests/upgrades/keep.py [COMMIT]`, here HEAD.

Run it when a release is made, and add what it writes: from then on every version must open it.
"""

import io
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def keep(commit: str) -> Path:
    """The database of a commit, compressed, under its day and its name."""
    told = ["git", "log", "-1", "--format=%cs-%h", "--abbrev=8", commit]
    name = subprocess.run(told, check=True, capture_output=True, text=True, cwd=HERE).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        unpack(commit, Path(folder) / "parvis")
        made = Path(folder) / "town.sqlite"
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(sources(Path(folder) / "parvis"))}
        subprocess.run([sys.executable, HERE / "fill.py", made], check=True, env=environ, cwd=folder)
        kept = HERE / "kept" / f"{name}.sqlite.xz"
        kept.write_bytes(lzma.compress(made.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    return kept


def unpack(commit: str, folder: Path) -> None:
    """The files of a commit in a folder."""
    command = ["git", "archive", "--format=tar", commit, "sdk", "core", "plugins"]
    archive = subprocess.run(command, check=True, capture_output=True, cwd=HERE.parents[1])
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")


def sources(folder: Path) -> list[str]:
    """Where its packages lie: they are found before those that are installed."""
    return [str(each) for each in (folder / "sdk/src", folder / "core/src", *sorted(folder.glob("plugins/*/src")))]


if __name__ == "__main__":
    made = keep(*(sys.argv[1:] or ["HEAD"]))
    sys.stdout.write(f"{made}: {made.stat().st_size} bytes\n")
