"""Which modules are there and in which order: by their entry points, by what they need, without the broken ones."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from parvis import deployment
from parvis.modules import NOTHING_PERSONAL, InstalledModule, Module, registry_of
from parvis.plugins import module_discovery
from parvis.plugins.discovery import LoadedEntryPoint
from parvis.plugins.module_discovery import find_modules, load, working
from parvis.settings import SettingsError
from parvis.troubles import Trouble
from parvis_sdk.text import Text

NOTHING = Text(fr="Rien")


def a_module(name: str, **given) -> InstalledModule:
    module = Module(name=name, title=NOTHING, summary=NOTHING, **given)
    return InstalledModule(module=module, package=f"parvis_{name}", distribution=f"parvis-{name}", version="1")


def names(registry) -> list[str]:
    return [each.name for each in registry.modules]


def test_each_stands_after_what_it_needs_and_otherwise_by_name():
    registry = registry_of([a_module("c"), a_module("a", needs=("z", "c")), a_module("z"), a_module("b", needs=("a",))])
    assert names(registry) == ["c", "z", "a", "b"]
    assert registry.troubles == ()


def test_what_needs_a_missing_module_is_left_out_and_what_needs_that_too():
    registry = registry_of([a_module("a", needs=("b",)), a_module("b", needs=("gone",)), a_module("c")])
    assert names(registry) == ["c"]
    told = {trouble.plugin: trouble for trouble in registry.troubles}
    assert str(told["b"]) == (
        "b (parvis-b 1) · parvis_b · Module.needs · it needs the module gone, which is not there · "
        "the module is left out · install the module gone, or uninstall parvis-b"
    )
    assert "needs the module b" in str(told["a"])


def test_a_loop_leaves_its_members_out_with_its_path_and_what_waits_for_them():
    loop = [a_module("a", needs=("b",)), a_module("b", needs=("c",)), a_module("c", needs=("a",))]
    registry = registry_of([*loop, a_module("d", needs=("a",)), a_module("e")])
    assert names(registry) == ["e"]
    told = {trouble.plugin: str(trouble) for trouble in registry.troubles}
    assert "modules need one another: a → b → c → a" in told["a"]
    assert "modules need one another: b → c → a → b" in told["b"]
    assert "it needs the module a, which is not there" in told["d"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"host": ">=7"}, "it needs Parvis >=7, and"),
        ({"host": "lately"}, "host='lately' is not a range of versions"),
        ({"tables": "parvis_a.tables"}, "it names tables and no steps that make them"),
    ],
)
def test_a_declaration_that_cannot_be_is_told(given, said):
    registry = registry_of([a_module("a", **given), a_module("b")])
    assert names(registry) == ["b"]
    [trouble] = registry.troubles
    assert said in str(trouble)
    assert said not in trouble.to("fr")


def test_two_of_one_name_are_both_left_out():
    registry = registry_of([a_module("a"), a_module("a"), a_module("b")])
    assert names(registry) == ["b"]
    assert len(registry.troubles) == 2


def test_a_name_is_a_word():
    [trouble] = registry_of([a_module("Big Tide")]).troubles
    assert "'Big Tide' cannot be the name of a module" in str(trouble)


@pytest.fixture
def installed(monkeypatch):
    """Lets these entry points be installed."""

    def let(**values: str) -> None:
        points = [EntryPoint(name=name, value=value, group="parvis.modules") for name, value in values.items()]
        monkeypatch.setattr(module_discovery, "entry_points", lambda group: points)

    return let


def test_modules_are_found_by_their_entry_points_and_a_broken_one_harms_no_other(installed, written):
    declared = """
        from parvis.modules import Module
        from parvis_sdk.text import Text

        MODULE = Module(name="{name}", title=Text(fr="Titre"), summary=Text(fr="Résumé"))
        """
    written("parvis_good/plugin.py", declared.format(name="good"))
    written("parvis_other/plugin.py", declared.format(name="another"))
    written("parvis_bad/plugin.py", "import sys\n\nraise KeyError('sand')\n")
    written("parvis_class/plugin.py", "MODULE = 3\n")
    points = {name: f"parvis_{name}.plugin:MODULE" for name in ("bad", "class", "good", "gone", "other")}
    installed(**points)
    registry = find_modules()
    assert names(registry) == ["good"]
    assert registry.modules[0].package == "parvis_good"
    told = {trouble.plugin: str(trouble) for trouble in registry.troubles}
    assert "parvis_bad/plugin.py:3 · its code cannot be imported: KeyError: 'sand'" in told["bad"]
    assert "it names an int" in told["class"] or "instead of a Module" in told["class"]
    assert "No module named" in told["gone"]
    assert "the module is named another and its entry point other" in told["other"]


def test_a_part_that_cannot_be_imported_leaves_its_module_and_those_that_need_it_out(written, tide):
    written("parvis_tide/tables.py", "import sand\n")
    needy = a_module("wave", needs=("tide",))
    registry = working(registry_of([tide, needy, a_module("gull")]))
    assert names(registry) == ["gull"]
    told = {trouble.plugin: str(trouble) for trouble in registry.troubles}
    assert told["tide"].startswith(
        "tide (parvis-tide 1.2) · Module.tables = parvis_tide.tables · parvis_tide/tables.py:1"
    )
    assert "it needs the module tide" in told["wave"]


def test_a_module_of_tables_without_tables_is_told(written, tide):
    written("parvis_tide/tables.py", "class Tide: ...\n")
    [trouble] = working(registry_of([tide])).troubles
    assert "parvis_tide.tables has no TABLES" in str(trouble)


@pytest.mark.parametrize(
    ("field", "file", "said"),
    [
        ("tables", "TABLES = ('a', 3)\n", "has no TABLES"),
        ("tables", "TABLES = None\n", "has no TABLES"),
        ("part_kinds", "PART_KINDS = ('a', 3)\n", "has no PART_KINDS"),
        ("personal", "ERASURE = ('a',)\n", "has no ERASURE"),
        ("words", "WORDS = ('a',)\n", "has no WORDS"),
        ("settings", "SETTINGS = ('a',)\n", "has no SETTINGS"),
    ],
)
def test_nonsense_under_a_name_that_the_host_looks_for_leaves_the_module_out(written, tide, field, file, said):
    written("parvis_tide/nonsense.py", file)
    beside = {"tables": "parvis_tide.nonsense", "steps": "parvis_tide.migrations", "personal": NOTHING_PERSONAL}
    given = beside if field == "tables" else {field: "parvis_tide.nonsense"}
    registry = working(registry_of([a_module("wave", **given), a_module("gull")]))
    assert names(registry) == ["gull"]
    assert said in str(registry.troubles[0])


@pytest.mark.parametrize(
    "given",
    [{"title": "Niveau"}, {"summary": None}, {"host": None}, {"needs": None}, {"tables": 3}, {"commands": ("x",)}],
)
def test_a_field_of_another_kind_leaves_the_module_out(monkeypatch, given):
    module = Module(**{"name": "wave", "title": NOTHING, "summary": NOTHING, **given})
    monkeypatch.setattr(module_discovery, "imported", lambda point: LoadedEntryPoint(named=module))
    trouble = load(EntryPoint("wave", "parvis_wave.plugin:MODULE", module_discovery.GROUP))
    assert isinstance(trouble, Trouble)
    assert f"$.{next(iter(given))}" in str(trouble)


def test_a_module_that_cannot_say_what_it_gives_keeps_no_host_from_starting(written, tide):
    written("parvis_tide/breaking.py", "def given(startup):\n    raise LookupError('ebb')\n")
    written("parvis_tide/giving.py", "def given(startup):\n    return [3]\n")
    modules = [a_module("wave", given="parvis_tide.breaking"), a_module("gull", given="parvis_tide.giving")]
    assert list(deployment.given(registry_of(modules), None)) == [3]


def test_a_mistake_that_a_module_finds_in_what_the_settings_name_refuses_them(written, tide):
    giving = "from parvis.settings import Mistake\n\n\ndef given(startup):\n"
    giving += "    return [Mistake(file='tides.toml', key='high', what='is dry', todo='wait')]\n"
    written("parvis_tide/doubting.py", giving)
    with pytest.raises(SettingsError, match=r"tides.toml · high · is dry · wait"):
        list(deployment.given(registry_of([a_module("wave", given="parvis_tide.doubting")]), None))


def test_a_table_that_somebody_has_already_leaves_the_later_module_out(tide):
    same = {"tables": "parvis_tide.tables", "steps": "parvis_tide.migrations", "personal": NOTHING_PERSONAL}
    registry = working(registry_of([tide, a_module("wave", **same)]))
    assert names(registry) == ["tide"]
    assert "the table tide_mark is already tide (parvis-tide 1.2)’s" in str(registry.troubles[0])
    [trouble] = working(registry_of([tide]), core_tables=["request", "tide_mark"]).troubles
    assert "Module.tables · the table tide_mark is already Parvis’s" in str(trouble)


def test_declaring_a_module_loads_nothing_of_the_house():
    code = "import sys, parvis.modules; print(*[name for name in sys.modules if name.startswith('parvis.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"parvis.modules", "parvis.troubles"}
