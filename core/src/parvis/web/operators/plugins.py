"""Plugins: what is wrong with any of them, what one took over from another, what each brings, for which towns."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, get
from msgspec import Struct, structs

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.outbox.operating import PluginUse, use_by, use_of_each
from parvis.plugins import Plugin, PluginRegistry
from parvis.plugins.registry import CHANNEL, CONNECTOR
from parvis.plugins.unread_systems import READER, has_news
from parvis.requests.asked_plugins import AskedTroubles
from parvis.requests.claims import claims
from parvis.requests.offered import not_whole
from parvis.requests.parts.together import names_of_kinds
from parvis.settings import HIDDEN, guarded
from parvis.web.links import PageLink
from parvis.web.operators.context import PLUGINS, AtOperations, OperatorContext
from parvis.web.panels import PagePanel, drawn
from parvis_sdk.connectors import Connector, Pace
from parvis_sdk.settings import exits_of, secret_names
from parvis_sdk.subscriptions import Subscription

COUNTED = timedelta(days=7)
NOTHING: tuple[Any, ...] = (None, "", (), [], {})
"""Values of a setting by which a plugin is told nothing."""


class SubscriptionSummary(Struct, frozen=True, kw_only=True):
    """A subscription: its events and the personal data that it is given."""

    name: str
    events: tuple[str, ...]
    needs: tuple[str, ...]


class PluginSection(Struct, frozen=True, kw_only=True):
    """One plugin as its section of the page shows it."""

    plugin: Plugin
    types: tuple[tuple[str, str, int], ...]
    heard: tuple[SubscriptionSummary, ...]
    settings: tuple[tuple[str, str], ...]
    towns: tuple[tuple[str, bool], ...]
    lacks: dict[str, tuple[tuple[str, str], ...]]  # of its types: where one is not offered, and for want of what
    use: PluginUse = PluginUse()  # of the last days
    limits: tuple[tuple[str, Pace], ...] = ()  # of its connectors
    exits: tuple[str, ...] | None = None  # the hosts that it says it speaks to, where it does
    unread: tuple[str, ...] = ()  # the towns in which nobody reads the news of its connectors


@get(PLUGINS)
async def show_plugins(room: AtOperations) -> Response[Any]:
    plugins = room.host.plugins
    uses = await use_of_each(clock.now() - COUNTED)
    shown = [
        structs.replace(shown_plugin(room, plugin), use=use_by(subscribers(plugin), uses))
        for plugin in plugins.by_name.values()
    ]
    taken = [claim for claim in await claims() if claim.decisions]
    return room.show(
        "plugins.html",
        plugins=shown,
        troubles=(*plugins.troubles, *room.host.of(AskedTroubles)),
        taken=taken,
        reader=READER,
        days=COUNTED.days,
        panels=await drawn(room.nouns(PagePanel, "operators.plugins"), room, None, lambda right: True),
    )


def subscribers(plugin: Plugin) -> tuple[str, ...]:
    """By which names deliveries go to a plugin, and things are remembered for it."""
    sent = (*(f"{CONNECTOR}{name}" for name in plugin.connectors), *(f"{CHANNEL}{name}" for name in plugin.channels))
    return (plugin.name, *plugin.connectors, *(f"{plugin.name}.{each}" for each in plugin.subscriptions), *sent)


def shown_plugin(room: OperatorContext, plugin: Plugin) -> PluginSection:
    plugins = room.host.plugins
    request_types = [plugins.request_types[code] for code in plugin.request_types]
    towns = room.host.jurisdictions.by_code.values()
    return PluginSection(
        plugin=plugin,
        types=tuple(
            (request_type.code, i18n.say(request_type.title), request_type.version) for request_type in request_types
        ),
        heard=tuple(heard_by(plugins, plugin)),
        settings=settings_of(plugin),
        towns=tuple((i18n.say(town.name), plugin.origin.built_in or town.allows_plugin(plugin.name)) for town in towns),
        lacks={request_type.code: tuple(_lacks(room, request_type.code)) for request_type in request_types},
        limits=tuple((name, plugins.connectors[name].pace) for name in plugin.connectors),
        exits=exits_of(plugin.settings),
        unread=tuple(_unread(room, plugin)),
    )


def _unread(room: OperatorContext, plugin: Plugin) -> Iterator[str]:
    """The towns that have the plugin and not the module which reads the news of its connectors."""
    talking = [each for name in plugin.connectors if has_news(each := room.host.plugins.connectors[name])]
    for town in room.host.jurisdictions.by_code.values():
        serves = any(not each.towns or town.code in each.towns for each in talking)
        if serves and town.allows_plugin(plugin.name) and not room.host.modules.of(town).has(READER):
            yield i18n.say(town.name)


def _lacks(room: OperatorContext, code: str) -> Iterator[tuple[str, str]]:
    """The towns that do not offer a type, each with the kinds of part that no module looks after there."""
    names = names_of_kinds(room.host)
    for town in room.host.jurisdictions.by_code.values():
        if words := not_whole(room.host, town).get(code):
            yield (
                i18n.say(town.name),
                ", ".join(sorted(i18n.say(names[each]) if each in names else each for each in words)),
            )


def heard_by(plugins: PluginRegistry, plugin: Plugin) -> list[SubscriptionSummary]:
    """The events that its handlers and connectors receive, and the personal data that they need."""
    heard: list[Connector | Subscription] = [plugins.connectors[name] for name in plugin.connectors]
    heard += [each.subscription for each in plugins.subscriptions if each.origin.name == plugin.name]
    return [
        SubscriptionSummary(
            name=each.name, events=tuple(event.__name__ for event in each.events), needs=tuple(each.needs)
        )
        for each in heard
    ]


def settings_of(plugin: Plugin) -> tuple[tuple[str, str], ...]:
    """What the plugin was told; what is declared a secret, or may be one by its name, says only whether it is there."""
    if plugin.settings is None:
        return ()
    secret = secret_names(type(plugin.settings))
    values = msgspec.structs.asdict(plugin.settings)
    shown = ((name, HIDDEN if name in secret else guarded(name, value)) for name, value in values.items())
    return tuple((name, words if values[name] not in NOTHING else "") for name, words in shown)


LINK = PageLink(slot="operators.menu", path=PLUGINS, after="/exploitation/horloge", text=lambda: gettext("Plugins"))
