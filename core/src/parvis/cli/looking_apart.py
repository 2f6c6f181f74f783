"""The process in which a plugin that is not installed is looked at: what it says is written down for who started it.

python -P -m parvis.cli.looking_apart ANSWER LANGUAGE NAME...
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import msgspec

from parvis.cli.apart import PluginFindings
from parvis.cli.plugin_declarations import declared_by
from parvis.i18n import LANGUAGES
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.looking_closer import closer_look
from parvis.plugins.plugin_settings import settings_from
from parvis.plugins.threads import ended_from_below
from parvis.settings import BUILT_IN_PLUGINS


def look(names: tuple[str, ...], language: str) -> PluginFindings:
    """What is wrong with these plugins among those that are installed, and what they declare."""
    with ended_from_below():
        found, troubles = find_plugins({name: import_module(f"parvis.{name}.plugin") for name in BUILT_IN_PLUGINS})
        registry = load_plugins(found, settings_from({}, os.environ), troubles)
    declared = {name: told for name in names if (told := declared_by(registry, name, language))}
    all_told = (*registry.troubles, *closer_look(registry, LANGUAGES))
    return PluginFindings(troubles=tuple(each for each in all_told if each.plugin in names), declared=declared)


if __name__ == "__main__":
    answer, language, *names = sys.argv[1:]
    written = msgspec.json.encode(look(tuple(names), language))
    Path(answer).write_bytes(written)
    sys.stdout.flush()
    os._exit(0)  # threads that the plugin began are not waited for
