"""Every hook is documented with its exact arguments, has an example that runs, and is used by a plugin of ours."""

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from parvis.plugins import DiscoveredPlugin
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.settings import BUILT_IN_PLUGINS
from parvis_sdk import hooks
from parvis_sdk.testing.plugins import HOOKS, hooks_of

DOCUMENT = (Path(__file__).parents[2] / "docs" / "hooks.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)\([\w, ]*\)`\n(.*?)(?=^## |\Z)", DOCUMENT, re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def ours() -> dict[str, object]:
    """The plugins of this repository: those built in, and those that are installed beside it."""
    built_in = {name: import_module(f"parvis.{name}.plugin") for name in BUILT_IN_PLUGINS}
    found, troubles = find_plugins(built_in)
    assert [str(trouble) for trouble in troubles] == []
    return {each.origin.name: each.plugin for each in found}


NOT_FOR = re.compile(
    r"^(Do not|It (is|does) not|Handlers are not|A \w+ (does not|makes no)|To .+, use|.+ need no provider|Commands)",
    re.MULTILINE,
)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_a_heading_with_its_exact_arguments(name):
    arguments = ", ".join(inspect.signature(getattr(hooks, name)).parameters)
    assert f"\n## `{name}({arguments})`\n" in DOCUMENT
    assert f"\n| [`{name}({arguments})`](#{name}{arguments.replace(', ', '-')}) |" in DOCUMENT


def test_nothing_else_is_documented_as_a_hook():
    assert tuple(SECTIONS) == HOOKS


@pytest.mark.parametrize("name", HOOKS)
def test_every_section_says_when_the_hook_is_not_for(name):
    assert NOT_FOR.search(SECTIONS[name]), f"{name}() does not say what it is not for"


@pytest.mark.parametrize("name", HOOKS)
def test_the_example_of_every_hook_is_a_plugin_that_the_house_takes(name, monkeypatch):
    (example,) = re.findall(r"^```python\n(.*?)^```", SECTIONS[name], re.DOTALL | re.MULTILINE)
    plugin = ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", plugin)
    exec(compile(example, f"docs/hooks.md {name}", "exec"), vars(plugin))  # noqa: S102  the very text that authors copy
    plugins = load_plugins([DiscoveredPlugin.of("example", plugin)])
    assert [str(trouble) for trouble in plugins.troubles] == []
    assert list(hooks_of(plugin)) == [name]
    answered = plugins.by_name["example"]
    assert getattr(answered, name)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_used_by_a_plugin_of_ours_and_the_document_names_it(name, ours):
    users = sorted(plugin for plugin, module in ours.items() if name in hooks_of(module))
    told = re.search(r"^Used by (.*?)\.$", SECTIONS[name], re.MULTILINE | re.DOTALL)
    assert users == (re.findall(r"`(\w+)`", told[1]) if told else [])
    assert users
