"""How long the plugin guide takes if one follows it: each block of commands, with the machine's own pip."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.tables import table
from parvis_testing.guide_walk import GuideWalk

ROOT = Path(__file__).parents[1]


def measure() -> str:
    """Seconds of each block, in an environment of its own that is empty at the start; `parvis` is that of this one."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "own"
        subprocess.run([sys.executable, "-m", "venv", str(own)], check=True)
        walk = GuideWalk(Path(folder), ROOT, f"{own / 'bin'}:{Path(sys.executable).parent}")
        walk.walk()
    whole = sum(seconds for _, seconds in walk.took)
    rows: list[list[object]] = [
        *([f"`{first_of(words)}`", f"{seconds:.1f}"] for words, seconds in walk.took),
        ["all commands of the guide", f"{whole:.1f}"],
    ]
    return "## The plugin guide, as it is written\n\n" + table(["block that begins with", "seconds"], rows)


def first_of(words: str) -> str:
    return words.strip().splitlines()[0]
