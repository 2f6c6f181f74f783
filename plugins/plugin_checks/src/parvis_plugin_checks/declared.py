"""Everything that one plugin declares here, as data."""

from typing import Any

import msgspec

from parvis.plugins.registry import PluginDeclarations, PluginRegistry
from parvis_sdk.request_types import dump_type
from parvis_sdk.settings import exits_of
from parvis_sdk.testing.declarations import noun_told, settings_of


def declared_by(registry: PluginRegistry, name: str, language: str, distribution: str = "") -> dict[str, Any] | None:
    """What the plugin of that name declares, in words of a language; None when no such plugin works.

    Of a distribution that is looked at before it is installed, also what would not be offered here.
    """
    found = [each for each in registry.heard if each.found.origin.name == name]
    if distribution:
        found = [each for each in found if each.found.origin.distribution == distribution]
    else:
        found = [
            each for each in found if name in registry.by_name and registry.by_name[name].origin is each.found.origin
        ]
    if not found:
        return None
    one = found[0]
    origin = one.found.origin
    told: dict[str, Any] = {"name": name, "distribution": origin.distribution, "version": origin.version}
    told["settings"] = list(settings_of(one.settings))
    for hook, nouns in one.lists.items():
        told[hook] = [noun_told(each, language) for each in nouns]
    told["personal"] = sorted(personal_needs(one))
    return told


def personal_needs(one: PluginDeclarations) -> set[str]:
    """What of a person its subscriptions and connectors are given."""
    return {need for nouns in one.lists.values() for each in nouns for need in getattr(each, "needs", ())}


def whole_of(registry: PluginRegistry, name: str, distribution: str = "") -> dict[str, Any] | None:
    """All that the plugin of that name declares, to its last word, for comparing two versions."""
    told = declared_by(registry, name, "fr", distribution)
    if told is None:
        return None
    [one, *_] = [
        each
        for each in registry.heard
        if each.found.origin.name == name and each.found.origin.distribution == told["distribution"]
    ]
    whole = {key: told[key] for key in told if key not in ("name", "distribution", "version", "request_types")}
    whole["hooks"] = {each: True for each in one.lists if hasattr(one.found.plugin, each)}
    whole["exits"] = {each: True for each in exits_of(one.settings) or ()}
    whole["personal"] = {each: True for each in told["personal"]}
    types = {each.code: msgspec.json.decode(dump_type(each)) for each in one.lists["request_types"]}
    return {"request_types": types, **whole}
