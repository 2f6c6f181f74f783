"""The registry: every plugin that works and everything they declared, frozen once the plugins are loaded."""

import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from msgspec import Struct, structs

from parvis.troubles import Trouble, Words
from parvis_sdk.channels import Channel
from parvis_sdk.connectors import Connector
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.document_renderers import DocumentRenderer
from parvis_sdk.events import Event
from parvis_sdk.file_stores import FileStore
from parvis_sdk.identity_providers import IdentityProvider
from parvis_sdk.locators import Locator
from parvis_sdk.pages import Page, PageViewers
from parvis_sdk.panels import Panel, Viewers
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.virus_scanners import VirusScanner

Absence = Literal["gone", "broken", "dropped"]
CHANNEL, CONNECTOR = "channel:", "connector:"  # before a name, as deliveries are addressed


class Origin(Struct, frozen=True, kw_only=True):
    """The author of an answer, as every message names them."""

    name: str
    distribution: str = ""
    version: str = ""
    built_in: bool = False

    def __str__(self) -> str:
        brought_by = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({brought_by})" if brought_by else self.name


class DiscoveredPlugin(Struct, frozen=True, kw_only=True):
    """A plugin that was imported and has not been asked anything yet."""

    origin: Origin
    plugin: object

    @classmethod
    def of(cls, name: str, plugin: object, *, distribution: str = "", version: str = "") -> "DiscoveredPlugin":
        """A plugin at hand, without an entry point."""
        return cls(origin=Origin(name=name, distribution=distribution, version=version), plugin=plugin)


def module_of(plugin: object) -> ModuleType | None:
    """The module that a plugin is, or that its class was written in."""
    if isinstance(plugin, ModuleType):
        return plugin
    return sys.modules.get(type(plugin).__module__)


def folder_of(plugin: object) -> Path | None:
    """The folder of the package around a plugin, where its catalogues and templates are looked for."""
    module = module_of(plugin)
    if module is None or not module.__package__ or not getattr(module, "__file__", None):
        return None
    return Path(str(module.__file__)).parent


class Plugin(Struct, frozen=True, kw_only=True):
    """A plugin that works, and the names of what it brought."""

    origin: Origin
    module: object
    settings: Struct | None = None
    request_types: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    locators: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    identity_providers: tuple[str, ...] = ()
    virus_scanners: tuple[str, ...] = ()
    file_stores: tuple[str, ...] = ()
    document_renderers: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    chores: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.origin.name

    @property
    def folder(self) -> Path | None:
        """The folder of its package."""
        return folder_of(self.module)

    @property
    def locale(self) -> Path | None:
        """Where its catalogues lie, when it has any."""
        return _there(self.folder, "locale")

    @property
    def templates(self) -> Path | None:
        """Where its templates lie, when it has any."""
        return _there(self.folder, "templates")


class PluginDeclarations(Struct, frozen=True, kw_only=True):
    """A plugin that works, with the lists it answered."""

    found: DiscoveredPlugin
    settings: Struct | None
    lists: dict[str, Sequence[Any]]


class NamedSubscription(Struct, frozen=True, kw_only=True):
    """One subscription with its whole name, `<plugin>.<subscription>`: the key of its deliveries."""

    name: str
    origin: Origin
    subscription: Subscription


class NamedPanel(Struct, frozen=True, kw_only=True):
    """One panel with its whole name, `<plugin>.<panel>`, by which the host speaks of it."""

    name: str
    origin: Origin
    panel: Panel


class NamedPage(Struct, frozen=True, kw_only=True):
    """One page with its whole name, `<plugin>.<page>`, which is also that of the right to open it at the desk."""

    name: str
    origin: Origin
    page: Page


class HeldBack(Struct, frozen=True, kw_only=True):
    """The subscriptions and channels that a plugin would have if its settings were right.

    Its deliveries are stored and wait; none of its code is called before the settings are corrected.
    """

    origin: Origin
    why: Words
    subscriptions: tuple[NamedSubscription, ...] = ()
    connectors: tuple[Connector, ...] = ()
    channels: tuple[str, ...] = ()
    methods: tuple[ContactMethod, ...] = ()


class PluginRegistry(Struct, frozen=True, kw_only=True):
    """Everything that is plugged in. Nothing in it changes while the host runs."""

    by_name: dict[str, Plugin] = {}
    request_types: dict[str, RequestType] = {}
    subscriptions: tuple[NamedSubscription, ...] = ()
    channels: dict[str, Channel] = {}
    connectors: dict[str, Connector] = {}
    locators: dict[str, Locator] = {}
    payments: dict[str, PaymentProvider] = {}
    identity_providers: dict[str, IdentityProvider] = {}
    virus_scanners: dict[str, VirusScanner] = {}
    file_stores: dict[str, FileStore] = {}
    document_renderers: dict[str, DocumentRenderer] = {}
    panels: tuple[NamedPanel, ...] = ()
    pages: tuple[NamedPage, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    makers: dict[str, str] = {}  # the plugin of each type that is known here and not offered
    held_back: tuple[HeldBack, ...] = ()
    heard: tuple[PluginDeclarations, ...] = ()  # everything that was declared, also what is not offered
    at_first: tuple[Trouble, ...] = ()  # what was wrong before anybody was compared with another

    def request_type(self, code: str) -> RequestType | None:
        """The request type of that code, as it is offered today."""
        return self.request_types.get(code)

    def declared(self, hook: str) -> Iterator[tuple[Plugin, Any]]:
        """What the plugins that work answered to a hook of whose nouns each plugin has its own, with who did."""
        for one in self.heard:
            if one.found.origin.name in self.by_name:
                yield from ((self.by_name[one.found.origin.name], noun) for noun in one.lists.get(hook, ()))

    def plugin_of(self, type_code: str) -> str:
        """The plugin that offers a request type; empty when none does."""
        return next((name for name, plugin in self.by_name.items() if type_code in plugin.request_types), "")

    def absence(self, type_code: str) -> Absence:
        """Why a type is not offered: its plugin is gone, broken, or works and declares it no more."""
        maker = self.makers.get(type_code, "")
        if maker in self.by_name:
            return "dropped"
        return "broken" if any(trouble.severe and trouble.plugin == maker for trouble in self.at_first) else "gone"

    def knowing(self, makers: dict[str, str], troubles: Collection[Trouble] = ()) -> "PluginRegistry":
        """The same registry, with the former owners of what is no longer offered, and the troubles that follow."""
        return structs.replace(self, makers=makers, troubles=(*self.troubles, *troubles))

    def types_of(self, plugins: Collection[str] | None = None) -> tuple[RequestType, ...]:
        """The request types of these plugins (None: of all); what is built in is always there."""
        return tuple(
            self.request_types[code]
            for plugin in self.by_name.values()
            if plugins is None or plugin.origin.name in plugins or plugin.origin.built_in
            for code in plugin.request_types
        )

    def subscription(self, name: str) -> NamedSubscription | None:
        """The subscription of that whole name."""
        return next((each for each in self.subscriptions if each.name == name), None)

    def subscribers(
        self, event: Event, type_code: str, plugins: Collection[str] | None = None
    ) -> tuple[NamedSubscription, ...]:
        """The subscribers of an event about a request of that type, where these plugins are enabled (None: all)."""
        held = (each for one in self.held_back for each in one.subscriptions)
        return tuple(
            each
            for each in (*self.subscriptions, *held)
            if self._allowed(each.origin, plugins)
            and each.subscription.wants(event, type_code)
            and event.is_for(each.origin.name)
        )

    def connectors_for(
        self, event: Event, type_code: str, town: str, plugins: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """The connectors that receive an event about a request of that type in that town."""
        brought = [
            (plugin.origin, self.connectors[name])
            for plugin in self.by_name.values()
            for name in plugin.connectors
            if name in self.connectors
        ]
        held = [(one.origin, each) for one in self.held_back for each in one.connectors]
        return tuple(
            connector.name
            for origin, connector in (*brought, *held)
            if self._allowed(origin, plugins)
            and connector.wants(event, type_code, town)
            and event.is_for(connector.name)
        )

    def panels_for(
        self, viewers: Viewers, type_code: str, plugins: Collection[str] | None = None
    ) -> tuple[NamedPanel, ...]:
        """The panels that these see on a request of that type, where these plugins are enabled (None: all)."""
        shown = (each for each in self.panels if each.panel.is_for(viewers, type_code))
        return tuple(each for each in shown if self._allowed(each.origin, plugins))

    def pages_for(self, viewers: PageViewers, plugins: Collection[str] | None = None) -> tuple[NamedPage, ...]:
        """The pages that are shown there, where these plugins are enabled (None: all)."""
        return tuple(
            each for each in self.pages if viewers in each.page.shown_to and self._allowed(each.origin, plugins)
        )

    def connected_by(self, connector: str) -> Plugin | None:
        """The plugin that brings a connector."""
        return next((plugin for plugin in self.by_name.values() if connector in plugin.connectors), None)

    def located_by(self, locator: str) -> Plugin | None:
        """The plugin that brings a locator."""
        return next((plugin for plugin in self.by_name.values() if locator in plugin.locators), None)

    def channels_of(self, plugins: Collection[str] | None = None) -> tuple[str, ...]:
        """The ways of writing to people where these plugins are enabled (None: all); what is held back is among them:
        it waits and goes out."""
        brought = [(plugin.origin, plugin.channels) for plugin in self.by_name.values()]
        held = [(one.origin, one.channels) for one in self.held_back]
        return tuple(name for origin, names in (*brought, *held) if self._allowed(origin, plugins) for name in names)

    def methods_of(self, plugins: Collection[str] | None = None) -> tuple[ContactMethod, ...]:
        """The contact methods that the channels of these plugins declare; what is held back is among them."""
        declared = [
            (plugin.origin, getattr(self.channels.get(name), "contact_method", None))
            for plugin in self.by_name.values()
            for name in plugin.channels
        ]
        held = [(one.origin, method) for one in self.held_back for method in one.methods]
        return tuple(method for origin, method in (*declared, *held) if method and self._allowed(origin, plugins))

    def why_held_back(self, subscriber: str) -> Words | None:
        """Why nothing is handed to a subscriber, connector or channel: wrong settings of its plugin."""
        for one in self.held_back:
            connectors = (f"{CONNECTOR}{each.name}" for each in one.connectors)
            channels = (f"{CHANNEL}{name}" for name in one.channels)
            if subscriber in (*(each.name for each in one.subscriptions), *connectors, *channels):
                return one.why
        return None

    def _allowed(self, origin: Origin, plugins: Collection[str] | None) -> bool:
        return plugins is None or origin.built_in or origin.name in plugins


def _there(folder: Path | None, name: str) -> Path | None:
    return folder / name if folder is not None and (folder / name).is_dir() else None


def named(thing: Any) -> str:
    """The name by which a noun is chosen: a request type's code, the name of any other."""
    return str(thing.code if isinstance(thing, RequestType) else thing.name)
