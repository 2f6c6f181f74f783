"""The contract that vendors inherit: a good plugin passes, and each thing that is wrong is caught by its test."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from msgspec import structs

from parvis_sdk.events import Submitted
from parvis_sdk.fields import ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import Message, RequestType
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.testing import PluginContract
from parvis_sdk.testing.declared_codes import codes_of
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text


def plugin_of(request_type: RequestType, **hooks: object) -> ModuleType:
    module = ModuleType("parvis_tried")
    module.request_types = hookimpl(lambda: [request_type])
    for name, function in hooks.items():
        setattr(module, name, hookimpl(function))
    return module


def contract(plugin: ModuleType) -> PluginContract:
    class TestTried(PluginContract):
        pass

    TestTried.plugin = plugin
    return TestTried()


ALL = [name for name in dir(PluginContract) if name.startswith("test_")]


@pytest.mark.parametrize("name", [name for name in ALL if "imports" not in name])
def test_a_good_plugin_passes(name, everything):
    @on(Submitted)
    async def greet(event, request):
        return Outcome(note=Text(fr=event.id))

    request_type = structs.replace(SAMPLE, form=everything)
    getattr(contract(plugin_of(request_type, subscriptions=lambda: [greet])), name)()


def caught(name: str, request_type: RequestType = SAMPLE, **hooks: object) -> str:
    with pytest.raises(AssertionError) as error:
        getattr(contract(plugin_of(request_type, **hooks)), name)()
    return str(error.value)


def test_a_hook_that_is_none_is_caught():
    assert "request_typs() is not a hook" in caught(
        "test_every_hook_is_known_and_marked_and_answers_at_once", request_typs=lambda: []
    )


def test_an_async_hook_and_an_unknown_argument_are_caught():
    async def channels(sttings):
        return []

    told = caught("test_every_hook_is_known_and_marked_and_answers_at_once", channels=channels)
    assert "channels() is async" in told
    assert "channels() takes 'sttings'" in told


def test_the_wrong_noun_is_caught():
    told = caught("test_every_hook_answers_a_list_of_the_right_nouns", channels=lambda: ["email"])
    assert told == "channels() answered 'email', which is no Channel"


def test_a_mistake_is_caught():
    assert "0 is no version" in caught("test_no_request_type_has_a_mistake", structs.replace(SAMPLE, version=0))


def test_a_text_without_english_is_caught_with_the_way_to_it():
    field = ShortText(code="name", label=Text(fr="Nom"))
    form = Form(sections=(Section(code="who", title=Text(fr="Qui", en="Who"), fields=(field,)),))
    told = caught("test_every_text_is_there_in_each_language", structs.replace(SAMPLE, form=form))
    assert told == "request type 'sample' · form.sections[who].fields[name].label: no words in 'en' ('Nom')"


def test_unlike_placeholders_are_caught():
    said = Message(on="close", subject=Text(fr="a", en="a"), body=Text(fr="{reference}", en="{type}"))
    told = caught("test_a_text_has_the_same_placeholders_in_each_language", structs.replace(SAMPLE, messages=(said,)))
    assert told == "request type 'sample' · messages[close].body: fr has ['reference'], en has ['type']"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("L'érable", "a straight apostrophe, where ’ belongs"),
        ("« ici\u00a0»", "« without a no-break space after it"),
        ("«\u00a0ici »", "» without a no-break space before it"),
        ("Note : ici", "a colon without a no-break space before it"),
        ("Note: ici", "a colon without a no-break space before it"),
        ('Un "arbre"', "straight quotation marks, where « » belong"),
        ("Attendez...", "three dots, where … belongs"),
        ("Deux  espaces", "two spaces in a row"),
        ("Fin ", "a space at one end"),
    ],
)
def test_misprints_in_french_are_caught(words, what):
    told = caught("test_french_is_set_as_in_print", structs.replace(SAMPLE, summary=Text(fr=words, en="x")))
    assert told == f"request type 'sample' · summary: {what} in {words!r}"


@pytest.mark.parametrize(
    "words", ["L’érable, à 14:30", "Note\u00a0: voir https://ville.example/a", "«\u00a0Ici\u00a0»?"]
)
def test_good_french_is_let_pass(words):
    contract(plugin_of(structs.replace(SAMPLE, summary=Text(fr=words, en="x")))).test_french_is_set_as_in_print()


def test_a_code_that_went_away_is_caught(tmp_path, monkeypatch):
    (tmp_path / "codes.txt").write_text("\n".join([*codes_of([SAMPLE]), "sample/state/gone"]))
    monkeypatch.setattr("parvis_sdk.testing.contract.inspect.getfile", lambda each: str(tmp_path / "test_x.py"))
    told = caught("test_a_code_names_one_thing_and_stays")
    assert told == "the code 'sample/state/gone' is in codes.txt and is not declared any more"


def test_a_declaration_that_changes_from_call_to_call_is_caught():
    versions = iter(range(1, 100))
    module = plugin_of(SAMPLE)
    module.request_types = hookimpl(lambda: [structs.replace(SAMPLE, version=next(versions))])
    with pytest.raises(AssertionError):
        contract(module).test_a_declaration_is_the_same_however_often_it_is_asked_for()


def test_lists_where_tuples_belong_are_caught():
    told = caught("test_a_declaration_comes_back_from_storage_as_it_was", structs.replace(SAMPLE, keywords=[]))
    assert "use tuples" in told


def test_a_handler_that_answers_twice_in_two_ways_is_caught():
    seen = []

    @on(Submitted)
    async def count(event, request):
        seen.append(event.id)
        return Outcome(external_reference=str(len(seen)))

    told = caught("test_everything_that_can_happen_is_heard_twice_in_every_state", subscriptions=lambda: [count])
    assert "subscription 'count' · Submitted in state 'received', come twice, is answered in two ways" in told


def test_a_handler_that_answers_rubbish_is_caught():
    @on(Submitted)
    async def shout(event, request):
        return "done"

    told = caught("test_everything_that_can_happen_is_heard_twice_in_every_state", subscriptions=lambda: [shout])
    assert "Submitted in state 'received' is answered 'done' instead of an Outcome or nothing" in told


def test_a_pattern_that_nothing_can_match_is_caught():
    field = ShortText(code="never", label=Text(fr="Jamais", en="Never"), pattern="(?!)")
    form = Form(sections=(Section(code="s", title=Text(fr="S", en="S"), fields=(field,)),))
    told = caught("test_the_json_schema_is_right_and_agrees_with_the_form", structs.replace(SAMPLE, form=form))
    assert "no words were found for the pattern of 'never'" in told


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(source: str) -> ModuleType:
        folder = tmp_path / "parvis_written"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / "plugin.py").write_text(source)
        importlib.invalidate_caches()
        return importlib.import_module("parvis_written.plugin")

    yield write
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "") or "").startswith(str(tmp_path)):
            del sys.modules[name]


def test_an_import_of_the_host_is_caught_with_its_line(written):
    plugin = written(
        "def late():\n    from litestar import get\n    import parvis.clock\n    import parvis_other.plugin\n"
    )
    with pytest.raises(AssertionError) as error:
        contract(plugin).test_it_imports_the_sdk_and_nothing_of_the_host()
    assert [line.partition(" · ")[0] for line in str(error.value).splitlines()] == [
        "parvis_written/plugin.py:2 imports litestar",
        "parvis_written/plugin.py:3 imports parvis.clock",
        "parvis_written/plugin.py:4 imports parvis_other.plugin",
    ]


def test_an_import_that_hides_is_caught_when_it_runs(written, tmp_path):
    (tmp_path / "litestar.py").write_text("")
    plugin = written("import importlib\nimportlib.import_module('lite' + 'star')\n")
    with pytest.raises(AssertionError, match="loads litestar"):
        contract(plugin).test_it_imports_the_sdk_and_nothing_of_the_host()


def test_a_plugin_of_the_sdk_alone_imports_nothing_else(written):
    contract(
        written("import httpx\nimport msgspec\nfrom parvis_sdk.hooks import hookimpl\n")
    ).test_it_imports_the_sdk_and_nothing_of_the_host()
