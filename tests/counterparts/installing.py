"""Installs what npm has of other systems, once, for whoever comes first."""

import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from .running import leave_out

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules/.package-lock.json"


def node_with(script: str) -> list[str | Path]:
    """The command that runs a script of this folder, in which node finds what npm has installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        leave_out("Node and npm")
    with FileLock(HERE / ".installing.lock"):
        if not INSTALLED.exists() or INSTALLED.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, check=True, stdout=sys.stderr)
            INSTALLED.touch()
    return [node, HERE / script]
