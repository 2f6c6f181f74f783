"""The quality scale: each rule bites, and a plugin as it is made reaches what it shows."""

import importlib
import shutil
import sys
from importlib.metadata import PathDistribution
from types import SimpleNamespace

import pytest
from msgspec import Struct, structs

from parvis_sdk.new_plugin.command import main
from parvis_sdk.new_plugin.described import NewPlugin
from parvis_sdk.new_plugin.making import make
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.testing.declared_codes import codes_of
from parvis_sdk.testing.rating import LEVELS, evidence_of, rate
from parvis_sdk.testing.rating_rules import RULES
from parvis_sdk.text import Text

METADATA = """\
Metadata-Version: 2.4
Name: parvis-oaks
Version: 0.1.0
License-Expression: MIT
Requires-Python: >=3.11
Requires-Dist: parvis-sdk<0.2,>=0.1
"""
BY_CODE = {each.code: each for each in RULES}


@pytest.fixture(scope="module")
def oaks(tmp_path_factory):
    """What there is to see of a plugin as it is made, with its codes kept."""
    folder = tmp_path_factory.mktemp("vendor") / "parvis-oaks"
    make(NewPlugin(name="oaks", kind="handler", title=Text(fr="Chêne", en="Oak"), folder=folder))
    info = folder / "src/parvis_oaks-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA)
    sys.path.insert(0, str(folder / "src"))
    try:
        plugin = importlib.import_module("parvis_oaks.plugin")
        (folder / "tests/codes.txt").write_text("\n".join(codes_of(plugin.request_types())))
        yield evidence_of("oaks", plugin, PathDistribution(info), folder=folder)
    finally:
        sys.path.remove(str(folder / "src"))


@pytest.fixture
def copied(oaks, tmp_path):
    """The same with files that a test may spoil."""
    shutil.copytree(oaks.folder, tmp_path / "oaks")
    folder = tmp_path / "oaks"
    return structs.replace(oaks, folder=folder, package=folder / "src/parvis_oaks")


def broken(code, evidence):
    return [*BY_CODE[code].reasons(evidence)]


def with_nouns(evidence, hook, *nouns):
    """The same plugin, whose hook answers these nouns."""

    def answer():
        return list(nouns)

    answer.parvis_impl = {}
    return structs.replace(evidence, plugin=SimpleNamespace(__name__="parvis_oaks.plugin", **{hook: answer}))


def test_a_plugin_as_it_is_made_is_exemplary_once_its_codes_are_kept_and_its_licence_is_said(oaks):
    report = rate(oaks)
    assert [(each.code, each.why) for each in report.rules if each.found != "kept"] == []
    assert report.level == "exemplary"
    assert rate(structs.replace(oaks, licence="")).level == "works"


def test_of_a_wheel_alone_some_rules_are_not_seen(oaks):
    report = rate(structs.replace(oaks, folder=None))
    assert {each.code for each in report.unseen} == {"tests", "codes", "changelog"}


def test_what_the_host_says_keeps_a_plugin_from_working(oaks):
    report = rate(structs.replace(oaks, told=("no map",)), [BY_CODE["no_troubles"]])
    assert (report.level, report.rules[0].why) == ("", ("no map",))


def test_what_only_a_host_can_tell_is_not_seen_without_one(oaks):
    [judged] = rate(structs.replace(oaks, told=None), [BY_CODE["no_troubles"]]).rules
    assert (judged.found, judged.why) == (
        "unseen",
        ("it needs the host: parvis plugins rate, where Parvis is installed",),
    )


def test_a_folder_is_rated_with_the_sdk_alone(tmp_path, capsys):
    folder = tmp_path / "parvis-elms"
    make(NewPlugin(name="elms", kind="type", title=Text(fr="Orme", en="Elm"), folder=folder))
    assert main(["rate", str(folder), "--language", "en", "--at-least", "exemplary"]) == 1
    told = capsys.readouterr().out
    assert "elms 0.1.0" in told
    assert "? The host has nothing to say against it." in told
    assert "it needs the host: parvis plugins rate, where Parvis is installed" in told
    assert main(["rate", str(tmp_path / "nothing")]) == 2


def test_ranges_have_an_end(oaks):
    assert (
        "parvis-sdk>=0.1; name a range with an end"
        in broken("ranges", structs.replace(oaks, requires=("parvis-sdk>=0.1",)))[0]
    )
    assert broken("ranges", structs.replace(oaks, requires=(), python=""))[1] == "it names no requires-python"


def test_a_broken_contract_is_told_by_the_name_of_its_test(oaks):
    [service] = oaks.plugin.request_types()
    bare = structs.replace(service, title=Text(fr="L'arbre"))
    found = broken("contract", with_nouns(oaks, "request_types", bare))
    assert any(each.startswith("every text is there in each language") and "'en'" in each for each in found), found


def test_whatever_a_handler_raises_is_told(oaks):
    def request_types():
        raise KeyError("map")

    request_types.parvis_impl = {}
    plugin = SimpleNamespace(__name__="parvis_oaks.plugin", request_types=request_types)
    assert any("KeyError: 'map'" in each for each in broken("contract", structs.replace(oaks, plugin=plugin)))


def test_a_need_that_nothing_reads_is_named(oaks):
    async def hear(event, request): ...

    asking = Subscription(name="hear", events=(), handler=hear, needs=("followers", "contact"))
    found = broken("needs", with_nouns(oaks, "subscriptions", asking))
    assert [each.partition(",")[0] for each in found] == ["hear needs 'followers'", "hear needs 'contact'"]


def test_secrets_have_no_usual_value_and_are_not_read_elsewhere(copied):
    class Settings(Struct):
        api_key: str = "abc"

    (copied.package / "x.py").write_text('import os\nTOKEN = "0123456789abcdef"\nos.environ["A"]\n')
    assert broken("secrets", structs.replace(copied, settings=Settings())) == [
        "the setting api_key has a usual value",
        "parvis_oaks/x.py:2 holds what is named as a secret",
        "parvis_oaks/x.py:3 reads the environment itself",
    ]


def test_files_that_are_missing_are_told(copied):
    (copied.package / "py.typed").unlink()
    (copied.folder / "CHANGELOG.md").unlink()
    (copied.folder / "tests/codes.txt").write_text("oak")
    (copied.folder / "tests/test_contract.py").unlink()
    (copied.package / "x.py").write_text("def f(a, *, b: int): ...\n")
    assert broken("typed", copied) == [
        "py.typed is not in its package",
        "parvis_oaks/x.py:1 f() does not say the type of a, its answer",
    ]
    assert broken("changelog", copied) == ["there is no CHANGELOG in its folder or its repository"]
    assert "tests/codes.txt does not know" in broken("codes", copied)[0]
    assert "inherits PluginContract" in broken("tests", copied)[0]
    assert broken("sentences", copied) == ["parvis_oaks/x.py:1 says nothing of itself"]


def test_a_page_names_every_setting_and_shows_an_example(oaks):
    assert broken("page", structs.replace(oaks, description="Only words of base_url.")) == [
        "its README shows no example",
        "its README does not name the setting key",
    ]


def test_a_step_told_in_the_words_of_the_host_is_named(oaks):
    [service] = oaks.plugin.request_types()
    bare = structs.replace(service, messages=service.messages[1:])
    assert broken("messages", with_nouns(oaks, "request_types", bare)) == ["oak: plan is told in the words of the host"]


def test_a_slow_hook_is_named(oaks, monkeypatch):
    monkeypatch.setattr("parvis_sdk.testing.rating_rules.asking", lambda evidence, hook: 0.2)
    assert broken("hooks_answer", oaks) == []
    assert broken("hooks_answer_at_an_instant", oaks)[0] == "request_types() takes 200 ms"


def test_every_rule_has_a_level_and_a_sentence_in_both_languages():
    assert {each.level for each in RULES} == {*LEVELS}
    assert all(each.says.fr.endswith(".") and each.says.en.endswith(".") for each in RULES)
    assert len(BY_CODE) == len(RULES)
