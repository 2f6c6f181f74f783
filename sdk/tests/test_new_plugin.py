"""A plugin of each kind is made whole: its own tests and its types pass at once, whatever it is called."""

import importlib.util
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from parvis_sdk.new_plugin.asking import described
from parvis_sdk.new_plugin.command import answered, main, parser
from parvis_sdk.new_plugin.described import KINDS, NewPlugin
from parvis_sdk.new_plugin.making import files_of
from parvis_sdk.text import Text

TITLES = ("--title-fr", "L'arbre : demande", "--title-en", 'A "new" tree')


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """One plugin of each kind, each under names that come after those of the sdk."""
    folder = tmp_path_factory.mktemp("made")
    for kind in KINDS:
        assert main(["new", "--name", f"trees_{kind}", "--kind", kind, *TITLES, "--folder", str(folder / kind)]) == 0
    return {kind: folder / kind for kind in KINDS}


def run(made: dict[str, Path], *words: str) -> subprocess.CompletedProcess[str]:
    sources = [str(folder / "src") for folder in made.values()]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sources), "MYPYPATH": os.pathsep.join(sources[1:])}
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=made["type"], env=environ, capture_output=True, text=True, check=False)


def test_the_tests_of_each_kind_pass_at_once(made):
    tests = [str(folder / "tests") for folder in made.values()]
    ran = run(made, "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--rootdir", "..", *tests)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_the_types_of_each_kind_are_strict(made):
    ran = run(made, "mypy", *(str(folder / "src") for folder in made.values()))
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.skipif(importlib.util.find_spec("ruff") is None, reason="ruff is not installed")
def test_imports_stand_in_order_whatever_the_plugin_is_called(made):
    for kind, folder in made.items():
        options = ["--isolated", "--line-length", "120", "--select", "I,F,E9", "--config", f'src=["{folder}/src"]']
        known = ["--config", 'lint.isort.known-first-party=["parvis_sdk"]']
        ran = run(made, "ruff", "check", *options, *known, str(folder))
        assert ran.returncode == 0, kind + ran.stdout


def test_titles_are_quoted_and_french_is_set(made):
    service = (made["type"] / "src/parvis_trees_type/service.py").read_text("utf-8")
    assert 'title=Text(fr="L’arbre\u00a0: demande", en="A \\"new\\" tree")' in service
    assert 'code="a_new_tree"' in service


def test_a_folder_that_holds_something_is_left_alone(made, capsys):
    assert main(["new", "--name", "trees", *TITLES, "--folder", str(made["type"]), "--language", "fr"]) == 2
    assert "n’est pas vide" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Trees", "2trees", "trees-x", "class", "sdk", ""])
def test_a_name_that_cannot_be_one_is_refused(name, tmp_path):
    new = NewPlugin(name=name, kind="type", title=Text(fr="a", en="a"), folder=tmp_path)
    assert [mistake.en.partition(" ")[0] for mistake in new.mistakes()] == ["the"]


def test_titles_and_addresses_that_will_not_do_are_said_together(tmp_path):
    new = NewPlugin(name="trees", kind="connector", title=Text(fr="", en="!"), address="erp", folder=tmp_path)
    assert len([*new.mistakes()]) == 2


def test_nothing_is_asked_where_nobody_sits(monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", None)
    assert main(["new", "--name", "trees", "--language", "en"]) == 2
    assert "--title-fr, --title-en" in capsys.readouterr().err


def test_five_questions_are_asked_and_options_answer_them():
    asked = []

    def ask(question: str, otherwise: str) -> str:
        asked.append(question[:2])
        return otherwise or "x"

    def answers(*words: str) -> Namespace:
        return parser().parse_args(["new", *words])

    assert described(answers(), ask, "fr").kind == "type"
    assert asked == ["1.", "2.", "3.", "3.", "4.", "4.", "5."]
    asked.clear()
    options = ("--name", "x", "--kind", "connector", *TITLES, "--address", "https://x.example", "--folder", "x")
    described(answers(*options), ask, "fr")
    assert asked == []


def test_a_question_without_a_usual_answer_is_asked_until_there_is_one(monkeypatch):
    typed = iter(["", "  ", "trees"])
    monkeypatch.setattr("builtins.input", lambda question: next(typed))
    assert answered("What?", "") == "trees"


def test_every_marker_is_filled(tmp_path):
    for kind in KINDS:
        new = NewPlugin(name="trees", kind=kind, title=Text(fr="Arbre", en="Tree"), folder=tmp_path)
        assert not [name for name, text in files_of(new).items() if "{{" in text.replace("${{ ", "")]
