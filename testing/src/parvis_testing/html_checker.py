"""Runs the Nu HTML checker of the W3C once over all pages of a folder."""

import json
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

CHECKERS = Path(__file__).parents[3] / "tests/checkers"
GUESSED = "This document appears to be written in"
"""From the words of residents, who write in the language they like."""
JAR = CHECKERS / "node_modules/vnu-jar/build/dist/vnu.jar"


def complaints(folder: Path, java: str, npm: str, *, warnings: bool = True) -> list[str]:
    """Errors, and warnings unless excluded, each with its page and an extract of its source."""
    with FileLock(CHECKERS / ".installing.lock"):
        if not JAR.exists():
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=CHECKERS, check=True, stdout=sys.stderr)
    pages = sorted(folder.rglob("*.html"))
    told = subprocess.run(
        [java, "-Xss2m", "-jar", JAR, "--format", "json", "--stdout", "--exit-zero-always", *pages],
        capture_output=True,
        check=True,
        text=True,
    )
    return [
        f"{Path(each['url']).stem}: {each['message']} · {each.get('extract', '')[:160]}"
        for each in json.loads(told.stdout)["messages"]
        if (each["type"] == "error" or (warnings and each.get("subType") == "warning"))
        and not each["message"].startswith(GUESSED)
    ]
