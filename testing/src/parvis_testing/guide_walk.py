"""Follows the plugin guide step by step, and measures each step in seconds."""

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
    """Starts in an empty folder with a clone beside it; programs of `tools` take precedence."""

    def __init__(self, folder: Path, root: Path, tools: str, **environ: str) -> None:
        self.at = folder
        (folder / "parvis").symlink_to(root)
        self.guide = (root / "docs/plugins.md").read_text(encoding="utf-8")
        self.environ = {**os.environ, **environ, "PATH": f"{tools}:{os.environ['PATH']}"}
        self.printed: list[str] = []
        self.took: list[tuple[str, float]] = []

    def walk(self) -> set[str]:
        """Runs the whole guide; returns the number of files that it shows."""
        shown = set()
        for commands, name, content in SAID.findall(self.guide):
            if commands:
                self.run(commands)
            else:
                self.write(name, content)
                shown.add(name)
        return shown

    def run(self, words: str) -> None:
        """Runs a block of commands; the next one starts in the folder where it ended."""
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
        """Writes a file of the guide, and notes whether it existed and was the same."""
        made = (self.at / name).read_text(encoding="utf-8")
        assert (made == content) == (name in AS_MADE), name
        (self.at / name).write_text(content, encoding="utf-8")
