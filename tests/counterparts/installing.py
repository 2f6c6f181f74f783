"""Installs other systems from npm and PyPI, once, for the first test that needs them."""

import hashlib
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


def environment_with(requirements: Path, made: Path, what: str) -> Path:
    """An environment of Python's own below `made`, with what a file requires and nothing of ours."""
    environment = made / named_after(sys.version.encode(), requirements.read_bytes())
    made.mkdir(exist_ok=True)
    with FileLock(made / ".installing.lock"):
        if not (environment / "complete").exists():
            for old in made.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            making = subprocess.run([sys.executable, "-m", "venv", environment], stdout=sys.stderr, check=False)
            pip = [environment / "bin/python", "-m", "pip", "install", "--quiet", "--no-compile"]
            done = subprocess.run([*pip, "-r", requirements], stdout=sys.stderr, check=False)
            if making.returncode or done.returncode:
                leave_out(what)
            (environment / "complete").touch()
    return environment


def named_after(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]
