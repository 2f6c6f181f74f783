"""Operators learn of a bad plugin by the command and at the start, and can refuse to start with one."""

import pytest
from click.testing import CliRunner

from parvis.app import create_app
from parvis.cli import parvis
from parvis.deployment import PluginsInTrouble
from parvis.example_towns import town_folder
from parvis.plugins.module_discovery import find_modules
from parvis.settings import read_settings

MESSAGE = (
    "bad (parvis-bad 1.2.3) · request_types() · parvis_bad/plugin.py:5 · it raised ValueError: no map"
    " · the plugin is left out · correct the hook: it must only declare, and depend on no other system"
)
BAD = """
from parvis_sdk.hooks import hookimpl
@hookimpl
def request_types():
    raise ValueError("no map")
"""
SLOW = """
from parvis_sdk.hooks import hookimpl
@hookimpl
def request_types():
    import time
    time.sleep(0.6)
    return []
"""


def run(*words: str):
    return CliRunner().invoke(parvis, words)


def settings(tmp_path, *, strict: bool):
    environ = {"PARVIS_SECRET_KEY": "a secret of thirty-two characters"}
    return read_settings(None, environ, territory=town_folder(), data=tmp_path, strict=strict)


def test_the_check_prints_every_trouble_and_ends_in_failure(install):
    install("bad", BAD)
    ran = run("plugins", "check")
    assert ran.exit_code == 1
    assert MESSAGE in ran.output.splitlines()


def test_the_check_of_good_plugins_ends_well(install):
    install("lights")
    ran = run("plugins", "check")
    assert (ran.exit_code, ran.output) == (0, f"3 plugins, {len(find_modules().modules)} modules, no trouble\n")


def test_a_complaint_alone_fails_the_check_only_when_it_is_strict(install):
    install("slow", SLOW)
    told = run("plugins", "check")
    assert told.exit_code == 0
    assert "this slows down every start" in told.output
    assert run("plugins", "check", "--strict").exit_code == 1


def test_the_settings_of_a_plugin_are_read_from_the_town_s_file(install, tmp_path):
    source = """
    import msgspec
    from parvis_sdk.hooks import hookimpl
    class Settings(msgspec.Struct, kw_only=True):
        base_url: str
    @hookimpl
    def settings():
        return Settings
    """
    install("erp", source)
    file = tmp_path / "parvis.toml"
    file.write_text('[plugins.erp]\nbase_url = "https://erp.example"\n')
    assert run("plugins", "check").exit_code == 1
    assert run("--settings", str(file), "plugins", "check").exit_code == 0


def test_the_list_names_the_good_and_counts_the_bad(install):
    install("bad", BAD)
    install("lights")
    ran = run("plugins", "list")
    assert ran.exit_code == 0
    assert "lights (parvis-lights 1.2.3)  1 request types" in ran.output
    assert "1 with errors: run `parvis plugins check`" in ran.output


def test_what_a_plugin_declares_is_shown_with_its_workflow(install):
    install("lights")
    ran = run("plugins", "show", "lights")
    assert "lamp · Lampadaire · version 1" in ran.output
    assert "new --> done : Fermer" in ran.output
    assert run("plugins", "show", "nobody").exit_code == 1


def test_a_host_starts_with_a_bad_plugin_and_refuses_only_when_it_was_told_to(install, tmp_path):
    install("bad", BAD)
    app = create_app(settings(tmp_path, strict=False))
    assert [str(trouble) for trouble in app.state.deployment.plugins.troubles] == [MESSAGE]
    with pytest.raises(PluginsInTrouble, match="no map"):
        create_app(settings(tmp_path, strict=True))


def test_a_strict_host_does_not_refuse_for_a_slow_hook(install, tmp_path):
    install("slow", SLOW)
    assert len(create_app(settings(tmp_path, strict=True)).state.deployment.plugins.troubles) == 1
