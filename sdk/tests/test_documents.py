"""What is written for authors runs: the README, the examples in docstrings, and those of the hooks."""

import doctest
import importlib
import pkgutil
import re
import sys
import textwrap
from datetime import time
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

import parvis_sdk
from parvis_sdk import hooks, starter_kit
from parvis_sdk.channels import Channel
from parvis_sdk.chores import Chore, Daily, Done
from parvis_sdk.commands import Command
from parvis_sdk.connectors import Connector
from parvis_sdk.contents import Fact, Facts, RequestReference
from parvis_sdk.document_renderers import DocumentRenderer, RenderedFile
from parvis_sdk.endpoints import Endpoint, EndpointAnswer, WithKey
from parvis_sdk.errors import Refused
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.figures import Figure
from parvis_sdk.file_stores import FilesAway
from parvis_sdk.identity_providers import IdentityProvider
from parvis_sdk.locators import Locator
from parvis_sdk.pages import Page
from parvis_sdk.panels import Panel
from parvis_sdk.payments import Begun
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.testing import Desk, PluginContract
from parvis_sdk.testing.plugins import HOOKS, NOUNS, answer_of, hooks_of
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import Clean

MODULES = [
    module.name
    for module in pkgutil.walk_packages(parvis_sdk.__path__, "parvis_sdk.")
    if module.name != "parvis_sdk.testing.pytest_plugin"
]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_runs(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_some_docstrings_have_examples():
    finder = doctest.DocTestFinder()
    tests = [test for name in MODULES for test in finder.find(importlib.import_module(name))]
    assert sum(bool(test.examples) for test in tests) >= 6


@pytest.mark.parametrize("name", MODULES)
def test_every_module_opens_with_a_sentence(name):
    opening = (importlib.import_module(name).__doc__ or "").strip().partition("\n")[0]
    assert opening.endswith((".", ";", ":")), f"{name} opens with {opening!r}"


# The README

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def benches() -> ModuleType:
    """The plugin of the README, put together from its blocks."""
    plugin = ModuleType("parvis_benches.plugin")
    for block in BLOCKS[0], BLOCKS[2]:
        exec(compile(block, "sdk/README.md", "exec"), vars(plugin))  # noqa: S102  the very text that authors copy
    return plugin


def test_the_first_plugin_of_the_readme_is_one(benches):
    assert [request_type.code for request_type in benches.request_types()] == ["broken_bench"]
    assert benches.BENCH.mistakes() == ()
    assert "broken_bench" in BLOCKS[0]


def test_the_session_of_the_readme_says_what_it_says(benches):
    parser = doctest.DocTestParser()
    test = parser.get_doctest(BLOCKS[1], dict(vars(benches)), "README", "sdk/README.md", 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.fixture
def told(benches, monkeypatch) -> dict[str, Any]:
    """The tests of the README."""
    package = ModuleType("parvis_benches")
    package.plugin = benches
    monkeypatch.setitem(sys.modules, "parvis_benches", package)
    names: dict[str, Any] = {"__name__": __name__}
    for block in BLOCKS[3:5]:  # what goes on from the plugin itself runs with it, as one document
        exec(compile(block, "sdk/README.md", "exec"), names)  # noqa: S102
    return names


async def test_the_walk_of_the_readme_passes(told):
    await told["test_a_dangerous_bench_is_started_at_once"]()


def test_the_contract_of_the_readme_passes(told):
    contract = told["TestContract"]()
    checks = [name for name in dir(PluginContract) if name.startswith("test_") and "imports" not in name]
    assert len(checks) >= 22
    for name in checks:
        getattr(contract, name)()


async def test_the_handler_of_the_readme_refuses_what_it_cannot_find(benches):
    desk = Desk(benches)
    raw = {"answers": {"danger": False}, "place": {"words": "au parc"}, "requester": {"mode": "anonymous"}}
    case = await desk.submit("broken_bench", raw)
    assert case.state == "received"
    assert desk.played[0].outcome is None


def test_the_entry_point_of_the_readme_is_in_the_right_group():
    assert '[project.entry-points.parvis]\nbenches = "parvis_benches.plugin"' in README


def test_the_map_of_the_readme_names_every_noun():
    told = README.partition("## The map")[2]
    for name in (
        "text",
        "fields",
        "forms",
        "workflow",
        "request_types",
        "events",
        "subscriptions",
        "channels",
        "locators",
    ):
        assert f"`{name}`" in told


# The hooks


class TownFile:
    """A locator as the example of its hook makes one."""

    name = "town_file"

    def __init__(self, folder: str) -> None:
        self.folder = folder

    async def find(self, jurisdiction, words, limit, http):
        return []

    async def address_at(self, jurisdiction, lon, lat, http):
        return None

    async def facts_at(self, jurisdiction, lon, lat, http):
        return {}


class ClamAV:
    """A scanner as the example of its hook makes one."""

    name = "clamav"
    title = Text(fr="ClamAV", en="ClamAV")
    most_bytes = 25_000_000
    seconds = 60.0

    def __init__(self, settings: object) -> None:
        self.settings = settings

    async def scan(self, content):
        return Clean()

    async def ping(self):
        return None


class Bucket:
    """A file store as the example of its hook makes one."""

    name = "bucket"
    title = Text(fr="Compartiment", en="Bucket")
    seconds = 10.0

    def __init__(self, settings: object) -> None:
        self.settings = settings

    def keep(self, content):
        raise FilesAway

    open = set_aside = bring_back = drop = keep

    def kept_before(self, part, moment):
        return []

    def check(self):
        raise FilesAway


class HostedPage:
    """A payment provider as the example of its hook makes one."""

    name = "hosted_page"
    title = Text(fr="Page de paiement", en="Payment page")

    def __init__(self, base_url: str, secret_key: str) -> None:
        self.base_url, self.secret_key = base_url, secret_key

    async def begin(self, order, http):
        return Begun(id=order.key, url=f"{self.base_url}/{order.key}")

    async def understand(self, call):
        return []

    async def look_up(self, key, town, http):
        return None

    async def listed(self, town, since, until, http):
        return []

    async def refund(self, refund, http):
        raise Refused("nothing is given back")


KNOWN = {
    "hookimpl": hooks.hookimpl,
    "msgspec": msgspec,
    "on": on,
    "Submitted": Submitted,
    "Moved": Moved,
    "Outcome": Outcome,
    "Text": Text,
    "POTHOLE": SAMPLE,
    "STREET_LIGHT": SAMPLE,
    "TownFile": TownFile,
    "HostedPage": HostedPage,
    "Connector": Connector,
    "Fact": Fact,
    "Facts": Facts,
    "Figure": Figure,
    "Page": Page,
    "Panel": Panel,
    "DocumentRenderer": DocumentRenderer,
    "RenderedFile": RenderedFile,
    "IdentityProvider": IdentityProvider,
    "ClamAV": ClamAV,
    "Bucket": Bucket,
    "RequestReference": RequestReference,
    "Chore": Chore,
    "Command": Command,
    "Endpoint": Endpoint,
    "EndpointAnswer": EndpointAnswer,
    "WithKey": WithKey,
    "Daily": Daily,
    "Done": Done,
    "time": time,
}


@pytest.mark.parametrize("name", HOOKS)
def test_the_example_of_every_hook_runs_and_implements_it(name):
    words = textwrap.dedent("    " + getattr(hooks, name).__doc__)
    prose, _, example = words.partition("Example:")
    assert prose.strip()
    plugin = ModuleType("example")
    vars(plugin).update(KNOWN)
    exec(compile(textwrap.dedent(example), f"hooks.{name}", "exec"), vars(plugin))  # noqa: S102
    assert list(hooks_of(plugin)) == [name]
    given = {"folder": "/tmp", "base_url": "https://pay.example", "secret_key": "s", "address": "127.0.0.1:3310"}
    settings = type("Settings", (), given | {"bucket": "town"})()
    if name == "settings":
        assert issubclass(plugin.settings(), msgspec.Struct)
    else:
        answer = answer_of(plugin, name, settings)
        assert answer
        assert all(isinstance(each, NOUNS[name]) for each in answer)


def test_each_hook_beside_settings_has_a_noun():
    assert HOOKS[0] == "settings"
    assert HOOKS[1:] == tuple(NOUNS)
    some = {Channel, Chore, Command, Connector, Endpoint, Figure, IdentityProvider, Locator, Page, Panel}
    assert some < set(NOUNS.values())


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_that_nobody_implements_answers_nothing(name):
    with pytest.raises(NotImplementedError):
        getattr(hooks, name)(*([None] if name in NOUNS and name != "request_types" else []))


# What is ready-made


class TestReadyMade(PluginContract):
    plugin = ModuleType("parvis_ready")
    plugin.request_types = hooks.hookimpl(
        lambda: [msgspec.structs.replace(SAMPLE, workflow=starter_kit.WORKFLOW, theme=starter_kit.STREETS)]
    )

    test_it_imports_the_sdk_and_nothing_of_the_host = None
