"""A town looks at a vendor's folder or wheel before it has it: in another process, with nothing of its own in sight."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from parvis.cli import parvis
from parvis_sdk.new_plugin.described import NewPlugin
from parvis_sdk.new_plugin.making import make
from parvis_sdk.text import Text

METADATA = """\
Metadata-Version: 2.4
Name: parvis-trees
Version: 0.1.0
Requires-Python: >=3.11
Requires-Dist: parvis-sdk>=0.1,<0.2
"""


def run(*words):
    return CliRunner().invoke(parvis, ["plugins", *map(str, words)])


@pytest.fixture
def trees(tmp_path):
    """A plugin as a vendor makes it."""
    title = Text(fr="Arbre à planter", en="Tree to plant")
    folder = tmp_path / "parvis-trees"
    make(NewPlugin(name="trees", kind="handler", title=title, folder=folder))
    return folder


@pytest.fixture
def wheel(trees, tmp_path):
    """The wheel of that plugin."""
    path = tmp_path / "parvis_trees-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in (trees / "src").rglob("*.py"):
            archive.write(file, file.relative_to(trees / "src"))
        archive.writestr("parvis_trees-0.1.0.dist-info/METADATA", METADATA)
        archive.writestr("parvis_trees-0.1.0.dist-info/entry_points.txt", "[parvis]\ntrees = parvis_trees.plugin\n")
    return path


def edit(trees, name, before, after):
    path = trees / "src/parvis_trees" / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_a_good_folder_and_a_good_wheel_have_no_trouble_and_leave_nothing_behind(trees, wheel):
    before = sorted(trees.rglob("*"))
    for target in (trees, wheel):
        ran = run("check", target)
        assert (ran.exit_code, ran.output) == (0, "parvis-trees 0.1.0, no trouble\n")
    assert sorted(trees.rglob("*")) == before
    assert run("check", "trees").exit_code == 2


def test_every_trouble_has_five_parts_a_file_and_a_line(trees):
    edit(trees, "life.py", 'target="done"', 'target="don"')
    ran = run("check", trees, "--json")
    assert ran.exit_code == 1
    first = next(each for each in json.loads(ran.output) if "'don'" in each["what"])
    assert first.keys() == {"who", "where", "what", "so_what", "now_what", "file", "line", "plugin", "severe"}
    place = first["where"].split(" · ")[1]
    assert f"{first['file']}:{first['line']}" == str(trees / "src" / place)
    declared = (trees / "src/parvis_trees/life.py").read_text("utf-8").splitlines()[first["line"] - 1 :]
    assert first["file"].endswith("life.py")
    assert 'target="don"' in "".join(declared[:8])
    assert (first["who"], first["plugin"]) == ("trees (parvis-trees 0.1.0)", "trees")
    assert (first["so_what"], first["severe"]) == ("the plugin is left out", True)
    assert all(first.values())


def test_the_words_are_in_the_language_of_who_asks(trees):
    edit(trees, "plugin.py", "return [SERVICE]", "raise ValueError('carte')")
    assert (
        "le code a levé ValueError: carte · l’extension est laissée de côté"
        in run("check", trees, "--language", "fr").output
    )


def test_one_that_ends_its_process_or_talks_is_named_all_the_same(trees):
    edit(trees, "plugin.py", '"""The hooks of the plugin."""', '"""Hooks."""\nimport os\nprint("[]")\nos._exit(3)')
    ran = run("check", trees, "--json")
    assert ran.exit_code == 1
    [trouble] = json.loads(ran.output)
    assert trouble["what"] == "it ended its process (code 3) before it answered"


def test_it_sees_its_own_settings_and_nothing_of_the_installation(trees, monkeypatch):
    monkeypatch.setenv("PARVIS_SECRET_KEY", "a secret of thirty-two characters")
    monkeypatch.setenv("PARVIS_TREES_KEY", "its own")
    seen = "[name for name in __import__('os').environ if name.startswith('PARVIS_')]"
    edit(trees, "plugin.py", "return [SERVICE]", f"raise ValueError({seen})")
    assert "ValueError: ['PARVIS_TREES_KEY']" in run("check", trees).output


def test_what_is_no_plugin_is_refused_with_a_sentence(tmp_path, wheel):
    (tmp_path / "empty").mkdir()
    broken = tmp_path / "broken.whl"
    broken.write_bytes(b"PK")
    bare = tmp_path / "bare.whl"
    with zipfile.ZipFile(bare, "w") as archive:
        archive.writestr("bare-1.dist-info/METADATA", "Metadata-Version: 2.4\nName: bare\nVersion: 1\n")
    for target, why in (
        (tmp_path / "empty", "is neither a wheel nor a folder with a pyproject.toml"),
        (broken, "cannot be read as a wheel"),
        (bare, "has no entry point in the group parvis"),
        (tmp_path / "absent.whl", "cannot be read as a wheel"),
    ):
        ran = run("check", target)
        assert ran.exit_code == 2
        assert why in ran.output


def test_one_plugin_of_those_installed_is_checked_by_its_name():
    assert run("check", "webhooks").output == "webhooks, no trouble\n"


def test_everything_that_a_wheel_declares_is_shown_with_the_life_drawn(wheel):
    ran = run("show", wheel, "--language", "en")
    for line in (
        "trees (parvis-trees 0.1.0)",
        "  key: secret",
        "  what (LongText, internal): What are you asking for?",
        "    [*] --> received",
        "  finish: by agent, manager, system",
        "  message on plan: Your request is planned",
        "order receives Moved about tree_to_plant; needs nothing personal",
        "is given of a person: nothing",
    ):
        assert line in ran.output.splitlines()
    [told] = json.loads(run("show", wheel, "--json", "--language", "en").output)
    assert told["request_types"][0]["moves"][0]["to"] == "planned"
    assert told["settings"][1] == {"name": "key", "required": False, "default": "", "secret": True, "exit": False}


def test_all_of_our_own_plugins_can_be_shown():
    listed = [line.split()[0] for line in run("list").output.splitlines() if "(" in line]
    assert len(listed) >= 8
    for name in listed:
        assert run("show", name).exit_code == 0
        assert json.loads(run("show", name, "--json").output)[0]["name"] == name


@pytest.mark.slow
def test_how_good_a_wheel_is_is_told_with_reasons(trees, wheel):
    ran = run("rate", wheel)
    assert ran.output.splitlines()[0] == "trees 0.1.0: works, as far as is seen (3 rules are not)"
    assert "  - Its licence is said." in ran.output.splitlines()
    assert "      a wheel does not show it: rate the folder" in ran.output.splitlines()
    rated = run("rate", trees, "--json", "--at-least", "trusted")
    assert rated.exit_code == 1
    [report] = json.loads(rated.output)
    assert {each["code"] for each in report["rules"] if each["found"] == "broken"} == {"codes", "licence"}


def test_a_module_is_not_rated_and_a_stranger_is_not_found():
    assert "stands on the host" in run("rate", "incidents").output
    assert run("rate", "nobody").exit_code == 2
