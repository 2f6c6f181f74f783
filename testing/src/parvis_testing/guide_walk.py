"""Somebody who does what the plugin guide says and nothing else, and how long each step of it took."""

import os
import re
import subprocess
import time
from pathlib import Path

NAMED_FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = re.compile(r"^```sh\n(.*?)^```$|" + NAMED_FILE.pattern, re.MULTILINE | re.DOTALL)
LONGEST = 600  # seconds of one block of commands
AS_MADE = {
    *("pyproject.toml", ".github/workflows/tests.yml", "src/parvis_bikes/__init__.py", "src/parvis_bikes/plugin.py"),
    *("tests/conftest.py", "tests/test_contract.py"),
}


class GuideWalk:
    """Begins in an empty folder with a clone beside it, and the programs of `tools` before those of the machine."""

    def __init__(self, folder: Path, root: Path, tools: str, **environ: str) -> None:
        self.at = folder
        (folder / "parvis").symlink_to(root)
        self.guide = (root / "docs/plugins.md").read_text(encoding="utf-8")
        self.environ = {**os.environ, **environ, "PATH": f"{tools}:{os.environ['PATH']}"}
        self.printed: list[str] = []
        self.took: list[tuple[str, float]] = []

    def walk(self) -> set[str]:
        """From its beginning to its end; the files that it shows."""
        shown = set()
        for commands, name, content in SAID.findall(self.guide):
            if commands:
                self.run(commands)
            else:
                self.write(name, content)
                shown.add(name)
        return shown

    def run(self, words: str) -> None:
        """A block of commands; the next one begins where it ended."""
        command = ["bash", "-ec", f"{words}\npwd >&2"]
        began = time.monotonic()
        ran = subprocess.run(
            command,
            cwd=self.at,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, f"{words}\n{ran.stdout}{ran.stderr}"
        self.at = Path(ran.stderr.splitlines()[-1])
        self.printed.append(ran.stdout)
        self.took.append((words, time.monotonic() - began))

    def write(self, name: str, content: str) -> None:
        """A file that the guide shows is there already: it is edited, or is as it was made."""
        made = (self.at / name).read_text(encoding="utf-8")
        assert (made == content) == (name in AS_MADE), name
        (self.at / name).write_text(content, encoding="utf-8")
