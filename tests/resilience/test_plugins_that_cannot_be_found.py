"""Bad plugins, first row: what cannot even be imported is left out by name, and the installation opens all the same."""

import signal
from importlib.metadata import version
from types import ModuleType

import pytest

from parvis import __version__
from parvis.plugins import PluginRegistry
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis_sdk.hooks import hookimpl

SDK = version("parvis-sdk")


def opened(built_in: dict[str, ModuleType] | None = None) -> PluginRegistry:
    found, troubles = find_plugins(built_in)
    return load_plugins(found, troubles=troubles)


def messages(plugins: PluginRegistry, name: str) -> list[str]:
    return [str(trouble) for trouble in plugins.troubles if trouble.plugin == name]


def test_a_good_plugin_is_found_with_its_distribution_and_version(install):
    install("lights")
    plugins = opened()
    assert str(plugins.by_name["lights"].origin) == "lights (parvis-lights 1.2.3)"
    assert plugins.plugin_of("lamp") == "lights"
    assert messages(plugins, "lights") == []


def test_a_missing_import_is_named_with_its_line_and_its_cure(install):
    install("bad", "\nimport a_module_nobody_has\n")
    install("lights")
    plugins = opened()
    assert messages(plugins, "bad") == [
        "bad (parvis-bad 1.2.3) · entry point bad = parvis_bad.plugin · parvis_bad/plugin.py:2"
        " · it cannot be imported: ModuleNotFoundError: No module named 'a_module_nobody_has'"
        " · the plugin is left out"
        " · install the distribution that contains the module 'a_module_nobody_has', or uninstall parvis-bad"
    ]
    assert "lights" in plugins.by_name


def test_an_exit_on_import_stops_the_plugin_and_not_the_host(install):
    install("bad", "import sys\n\nsys.exit('no licence')\n")
    assert messages(opened(), "bad") == [
        "bad (parvis-bad 1.2.3) · entry point bad = parvis_bad.plugin · parvis_bad/plugin.py:3"
        " · it cannot be imported: SystemExit: no licence"
        " · the plugin is left out"
        " · remove the call to exit from the module: importing a plugin must run nothing"
    ]


@pytest.mark.parametrize("raised", ["KeyboardInterrupt", "GeneratorExit", "BaseException"])
def test_whatever_is_raised_on_import_stops_the_plugin_and_not_the_host(install, raised):
    """Ctrl-C of its own ended the host without a word, and the others were told to have been too slow."""
    install("bad", f"\nraise {raised}\n")
    (message,) = messages(opened(), "bad")
    assert f"parvis_bad/plugin.py:2 · it cannot be imported: {raised} · the plugin is left out" in message


def test_a_syntax_error_is_named_with_its_line(install):
    install("bad", "x = 1\ndef request_types(:\n")
    (message,) = messages(opened(), "bad")
    assert message == (
        "bad (parvis-bad 1.2.3) · entry point bad = parvis_bad.plugin · parvis_bad/plugin.py:2"
        " · it cannot be imported: SyntaxError: invalid syntax (plugin.py, line 2)"
        " · the plugin is left out"
        " · correct the module, or uninstall parvis-bad"
    )


def test_an_entry_point_that_points_at_nothing_is_a_trouble(install):
    install("bad", "", entry="parvis_bad.plugin:hooks")
    assert messages(opened(), "bad") == [
        "bad (parvis-bad 1.2.3) · entry point bad = parvis_bad.plugin:hooks"
        " · it cannot be imported: AttributeError: module 'parvis_bad.plugin' has no attribute 'hooks'"
        " · the plugin is left out"
        " · correct the module, or uninstall parvis-bad"
    ]


def test_a_plugin_for_another_sdk_is_not_even_imported(install):
    install("bad", "raise SystemError('imported')", requires="Parvis_SDK >=9,<10")
    assert messages(opened(), "bad") == [
        "bad (parvis-bad 1.2.3) · entry point bad = parvis_bad.plugin"
        f" · it needs parvis-sdk <10,>=9, and {SDK} is installed"
        " · the plugin is left out"
        f" · install a release of parvis-bad made for parvis-sdk {SDK}"
    ]


def test_a_range_that_holds_the_installed_sdk_is_fine_and_one_under_a_false_marker_is_not_looked_at(install):
    install("lights", requires=f"parvis-sdk >={SDK},<9")
    install("other", "", requires='parvis-sdk >=9; python_version < "3"')
    plugins = opened()
    assert "lights" in plugins.by_name
    assert not any("parvis-sdk" in message for message in messages(plugins, "other"))


def test_two_distributions_with_one_name_are_both_named_and_neither_wins(install):
    install("lights", distribution="parvis-lights", version="1.0")
    install("lights", distribution="acme-lights", version="2.0")
    plugins = opened()
    assert messages(plugins, "lights") == [
        "lights (acme-lights 2.0) · entry point lights"
        " · the name 'lights' is also claimed by parvis-lights 1.0"
        " · all of them are left out"
        " · uninstall one of them, or give this plugin a name of its own",
        "lights (parvis-lights 1.0) · entry point lights"
        " · the name 'lights' is also claimed by acme-lights 2.0"
        " · all of them are left out"
        " · uninstall one of them, or give this plugin a name of its own",
    ]
    assert "lights" not in plugins.by_name


def test_nobody_takes_the_name_of_a_plugin_that_is_built_in(install):
    install("notify", distribution="evil-notify")
    own = ModuleType("own")
    own.channels = hookimpl(lambda: [])
    plugins = opened({"notify": own})
    assert plugins.by_name["notify"].module is own
    assert messages(plugins, "notify") == [
        "notify (evil-notify 1.2.3) · entry point notify = evil_notify.plugin"
        f" · the name 'notify' is also claimed by parvis {__version__}, built in"
        " · the plugin is left out"
        " · uninstall one of them, or give this plugin a name of its own"
    ]


def test_a_name_that_cannot_be_one_is_refused(install):
    install("My-Lights", package="my_lights")
    assert messages(opened(), "My-Lights") == [
        "My-Lights (parvis-My-Lights 1.2.3) · entry point My-Lights = my_lights.plugin"
        " · 'My-Lights' cannot be the name of a plugin"
        " · the plugin is left out"
        " · use lowercase letters, digits and _, starting with a letter"
    ]


def test_what_a_person_pressed_goes_through(install):
    """Ctrl-C while plugins are imported ends the start; it is no fault of a plugin."""
    install("bad", "import _thread, time\n_thread.interrupt_main()\ntime.sleep(5)")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell begins behind others hears none
    try:
        with pytest.raises(KeyboardInterrupt):
            opened()
    finally:
        signal.signal(signal.SIGINT, before)
