"""Runs the import contracts of pyproject.toml over the sdk, the core and all of `plugins`, installed or not."""

import sys
from pathlib import Path

from importlinter.cli import lint_imports_command

ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    sys.path[:0] = [str(folder) for folder in sorted(ROOT.glob("*/src")) + sorted(ROOT.glob("plugins/*/src"))]
    lint_imports_command()
