"""The guide on migration: its files and commands do what it says."""

import re
import shlex
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # processes of their own
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def blocks():
    """The examples by their language, in order."""
    guide = (Path(__file__).parents[4] / "docs/migration.md").read_text("utf-8")
    found = BLOCK.findall(guide)
    return {language: [text for each, text in found if each == language] for language, _ in found}


def test_the_commands_of_the_guide_run_and_say_what_it_shows(command, blocks, tmp_path):
    (tmp_path / "requetes.csv").write_text(blocks["csv"][0], "utf-8")
    said = {}
    for line in "".join(blocks["sh"]).splitlines():
        words = shlex.split(line)[1:]
        done = command(*words)
        assert done.returncode == 0, done.stderr
        said[words[1]] = done.stdout.replace("\u00a0", " ")
        if words[1] == "look":
            (tmp_path / "gestion-311.toml").write_text(blocks["toml"][0], "utf-8")
    assert said["try"] == blocks["text"][0]
    assert said["run"] == "gestion-311-1 : 3 requêtes\n" + said["try"]
    assert said["undo"] == "requêtes retirées : 3; qui restent : 0\n"
