"""What is wrong with what is installed is told by the check: a module that breaks, a system that no module reads."""

from importlib.metadata import EntryPoint
from types import ModuleType

import pytest
from click.testing import CliRunner

from parvis.modules import NO_MODULES
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.module_discovery import find_modules
from parvis_plugin_checks import checking
from parvis_sdk.connectors import Connector, News
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def deliver(event, request, connection):
    return None


async def changes(connection, cursor):
    return News()


@pytest.fixture
def erp():
    module = ModuleType("test_erp_plugin")

    @hookimpl
    def connectors():
        given = {"address": "https://erp.example", "deliver": deliver, "events": (Submitted,)}
        return [Connector(name="orders", title=Text(fr="Bons de travail"), changes=changes, **given)]

    module.connectors = connectors
    return DiscoveredPlugin.of("erp", module, distribution="parvis-erp", version="1.2")


@pytest.fixture
def check(monkeypatch):
    """Runs the check of an installation that has these plugins and modules, and no database yet."""

    def run(*words, plugins=(), modules=NO_MODULES):
        registry = load_plugins(plugins, lambda name, kind: None)
        monkeypatch.setattr("parvis.cli.plugins.plugin_registry_of", lambda file: registry)
        monkeypatch.setattr("parvis.cli.plugins.with_database", lambda file, plugin_registry: (plugin_registry, ""))
        monkeypatch.setattr("parvis.deployment.modules_of", lambda *given: modules)
        return CliRunner().invoke(checking.check, [*words])

    return run


def test_a_module_that_cannot_be_imported_is_told_with_its_line(check, tmp_path, monkeypatch):
    package = tmp_path / "parvis_broken_here"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text("raise KeyError('sand')\n")
    monkeypatch.syspath_prepend(tmp_path)
    broken = EntryPoint(name="broken", value="parvis_broken_here.plugin:MODULE", group="parvis.modules")
    monkeypatch.setattr("parvis.plugins.module_discovery.entry_points", lambda group: [broken])
    said = check(modules=find_modules())
    assert said.exit_code == 1
    assert "parvis_broken_here/plugin.py:1 · its code cannot be imported: KeyError: 'sand'" in said.output


def test_a_system_that_no_module_reads_is_told_and_is_wrong_only_to_the_strict(check, erp):
    said = check(plugins=[erp])
    assert "install parvis-connectors" in said.output
    assert said.exit_code == 0
    assert check("--strict", plugins=[erp]).exit_code == 1
