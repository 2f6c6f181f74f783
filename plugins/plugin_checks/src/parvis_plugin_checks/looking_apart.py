"""The process in which a plugin that is not installed is looked at: its answers go to a file.

python -P -m parvis_plugin_checks.looking_apart ANSWER look|rate|whole LANGUAGE FOLDER DISTRIBUTION NAME... <OWNERS
"""

import json
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec
from msgspec import structs

from parvis.i18n import LANGUAGES
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import claimed, load_plugins
from parvis.plugins.name_conflicts import Owner
from parvis.plugins.plugin_settings import settings_from
from parvis.plugins.threads import ended_from_below
from parvis.settings import BUILT_IN_PLUGINS
from parvis_plugin_checks.apart import PluginFindings
from parvis_plugin_checks.declared import declared_by, whole_of
from parvis_plugin_checks.looking_closer import closer_look
from parvis_plugin_checks.owned import declared_owners
from parvis_sdk.testing.laid_out import GROUP


def look(
    names: tuple[str, ...],
    language: str,
    distribution: str = "",
    owners: tuple[Owner, ...] = (),
    *,
    whole: bool = False,
) -> PluginFindings:
    """What is wrong with these plugins of a distribution among those that are installed, and what they declare.

    Whose names are noted, and what is installed, stays: what is looked at is the newcomer.
    """
    with ended_from_below():
        found, troubles = find_plugins({name: import_module(f"parvis.{name}.plugin") for name in BUILT_IN_PLUGINS})
        registry = load_plugins(found, settings_from({}, os.environ), troubles)
    newcomer = distribution.partition(" ")[0]
    there = [*declared_owners(registry, newcomer)] if newcomer else []
    registry = claimed(registry, {(each.kind, each.name): each for each in (*there, *owners)})
    declared = {name: told for name in names if (told := declared_by(registry, name, language, newcomer))}
    if whole:
        declared = {name: told for name in declared if (told := whole_of(registry, name, newcomer))}
    all_told = (*registry.troubles, *closer_look(registry, LANGUAGES))
    return PluginFindings(troubles=tuple(each for each in all_told if each.plugin in names), declared=declared)


def reports(names: tuple[str, ...], folder: str, seen: PluginFindings) -> Iterator[dict[str, Any]]:
    """How good each of these plugins is; one that cannot be imported is told by its troubles."""
    from parvis_sdk.testing.rating import evidence_of, rate

    for point in entry_points(group=GROUP):
        if point.name in names and point.name in seen.declared and point.dist is not None:
            told = tuple(str(each) for each in seen.troubles if each.plugin == point.name)
            source = Path(folder) if folder else source_of(point.dist)
            evidence = evidence_of(point.name, point.load(), point.dist, folder=source, told=told)
            yield msgspec.to_builtins(rate(evidence))


def source_of(distribution: Distribution) -> Path | None:
    """The folder from which a distribution is installed so that it can be edited; None where it is a copy."""
    told = json.loads(distribution.read_text("direct_url.json") or "{}")
    url = str(told.get("url", "")) if told.get("dir_info", {}).get("editable") else ""
    return Path(url2pathname(urlsplit(url).path)) if url.startswith("file:") else None


if __name__ == "__main__":
    answer, what, language, folder, distribution, *named = sys.argv[1:]
    names = tuple(named)
    owners = msgspec.json.decode(sys.stdin.buffer.read() or b"[]", type=tuple[Owner, ...])
    seen = look(names, language, distribution, owners, whole=what == "whole")
    if what == "rate":
        seen = structs.replace(seen, reports=tuple(reports(names, folder, seen)))
    Path(answer).write_bytes(msgspec.json.encode(seen))
    sys.stdout.flush()
    os._exit(0)  # threads that the plugin began are not waited for
