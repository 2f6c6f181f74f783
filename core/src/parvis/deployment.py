"""One host put together from its settings: database, towns, plugins, `Host`; and open as long as it lasts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType

import structlog

from parvis import __version__
from parvis.composition import Deployment, Startup
from parvis.db import background_priority, look_at_replica
from parvis.db.binding import TABLE_NAMES, bind, open_engine
from parvis.db.migrating import ahead, check_version, left_behind, migrate
from parvis.http_client import Clients
from parvis.i18n import Catalogues
from parvis.jurisdictions import JurisdictionMistake
from parvis.jurisdictions.base_map import BASE_MAP
from parvis.jurisdictions.loading import load_jurisdictions, loose_ends
from parvis.jurisdictions.town_files import Offer
from parvis.module_settings import files_of, loose_ends_of, not_read, wrong_settings
from parvis.modules import NO_MODULES, InstalledModule, ModuleRegistry, part
from parvis.people.throttle import Pace
from parvis.plugins import DiscoveredPlugin, Origin, Plugin, PluginRegistry, Trouble
from parvis.plugins.discovery import GROUP, find_plugins, load
from parvis.plugins.file_stores import FOLDER, MovingFiles, store_by
from parvis.plugins.loading import load_plugins
from parvis.plugins.module_discovery import find_modules, working
from parvis.plugins.plugin_settings import DID_YOU_MEAN, settings_from
from parvis.plugins.threads import PluginThreads, ended_from_below
from parvis.plugins.trying import Failure, caught, caught_at_once
from parvis.plugins.unread_systems import with_unread_systems
from parvis.requests.access_log import AccessLog
from parvis.requests.attached.antivirus import ASKED_BY, NobodyScans, UploadGuard, guard_by
from parvis.requests.claims import note_claims
from parvis.requests.former_modules import FormerModules, keep_plans
from parvis.requests.host import Host
from parvis.requests.known_towns import miss, note_towns
from parvis.requests.locating import LOCATORS
from parvis.requests.offered import CORE_PARTS
from parvis.requests.remaining_parts import RemainingParts
from parvis.requests.work.presence import Presence
from parvis.rereading import Rereading, reread_until, rereadings
from parvis.settings import BUILT_IN_PLUGINS, Mistake, Settings, SettingsError
from parvis.settings_checks import still_named
from parvis.sign_in_sources import SignInSource
from parvis.switches import Switchboard
from parvis_sdk.file_stores import FileStore
from parvis_sdk.text import Text

NO_PLUGIN = Text(fr="aucune extension installée ne porte ce nom", en="no installed plugin has this name")
UNREAD = Text(fr="rien ne lit cette table", en="nothing reads this table")
INSTALL_OR_REMOVE = Text(fr="installez l’extension, ou retirez la table", en="install the plugin, or remove the table")
AT_ONCE = 1.0  # seconds after which a process knows what another one decided about a module
log = structlog.get_logger("parvis.deployment")


class PluginsInTrouble(Exception):
    """A plugin is in trouble and the settings say that the host must then not start."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self.troubles = tuple(troubles)
        super().__init__("\n".join(str(trouble) for trouble in self.troubles))


def compose(
    settings: Settings,
    plugins: Iterable[DiscoveredPlugin] | None = None,
    environ: Mapping[str, str] | None = None,
    modules: ModuleRegistry | None = None,
    *,
    unused: Collection[str] = (),
    further: Callable[[ModuleRegistry], ModuleRegistry] = lambda modules: modules,
) -> Deployment:
    """Read the towns and ask the plugins; opens no database.

    `plugins` stands in for those that are installed, and `modules` too; with plugins alone there are no modules.
    Fields of modules that are `unused` in this process are not loaded, and `further` leaves out more modules.
    """
    engine = open_engine(
        settings.database_url,
        connections=settings.database_connections,
        direct=settings.database_direct,
        replica=settings.database_replica,
    )
    registry = further(modules_of(plugins, modules, unused))
    bind(engine, modules=registry)
    jurisdictions = load_jurisdictions(settings.territory, files_of(registry))
    plugin_registry = plugin_registry_of(settings, plugins, environ or {}, registry)
    host = Host(
        engine=engine,
        jurisdictions=jurisdictions,
        plugins=plugin_registry,
        modules=Switchboard(registry),
        files=where_files_lie(settings, plugin_registry),
        secret=settings.secret,
        base_url=settings.address,
    ).having(
        Clients(settings.outgoing),
        *([PluginThreads()] if plugins is None else []),  # with them, a plugin that blocks stops nothing but itself
        who_guards(settings, plugin_registry, registry),
        AccessLog(settings.looks_days),
        LOCATORS,
        *given(registry, Startup(settings, environ or {}, plugin_registry, jurisdictions.by_code)),
    )
    locales = {name: each.locale for name, each in with_folders(plugin_registry, registry).items() if each.locale}
    return Deployment(
        settings=settings,
        host=host,
        catalogues=Catalogues(locales),
        loose_ends=ends_of(host, plugin_registry, settings),
    )


def where_files_lie(settings: Settings, plugins: PluginRegistry) -> FileStore:
    """Where contents lie: in the store that the settings name, or in a folder; in two of them while they move."""
    named, folder = settings.files, settings.data / "files"
    store = store_by(named.store, plugins, folder)
    if not named.also or named.also == (named.store or FOLDER):
        return store
    return MovingFiles(store, store_by(named.also, plugins, folder))


def who_guards(settings: Settings, plugins: PluginRegistry, modules: ModuleRegistry) -> UploadGuard:
    """The virus scanner that the settings name; files wait where a plugin or the module that asks it is missing."""
    return guard_by(settings.files.scanner, plugins, is_asked=modules.named(ASKED_BY) is not None)


def modules_of(
    plugins: Iterable[DiscoveredPlugin] | None, modules: ModuleRegistry | None, unused: Collection[str] = ()
) -> ModuleRegistry:
    """The modules of this host whose code can be imported; where plugins stand in for the installed ones, none."""
    if modules is None:
        modules = find_modules() if plugins is None else NO_MODULES
    return working(modules, CORE_PARTS, TABLE_NAMES, unused)


def given(modules: ModuleRegistry, startup: Startup) -> Iterator[object]:
    """What modules tell rooms of the core at the start; one that cannot say it is told to the log.

    A mistake that one finds in what the settings name refuses them, as any other does.
    """
    mistakes: list[Mistake] = []
    for each in modules.modules:
        if each.module.given:
            said = caught_at_once(partial(_given_by, each, startup))
            if isinstance(said, Failure):
                log.error("a module does not say what it gives", module=each.name, trouble=str(said))
            else:
                mistakes += [one for one in said.value if isinstance(one, Mistake)]
                yield from said.value
    if mistakes:
        raise SettingsError(tuple(mistakes))


def _given_by(each: InstalledModule, startup: Startup) -> tuple[object, ...]:
    return tuple(part(each.module.given).given(startup))


def with_folders(plugins: PluginRegistry, modules: ModuleRegistry) -> dict[str, Plugin | InstalledModule]:
    """Whatever may have templates and catalogues of its own, by name."""
    return {**{each.name: each for each in modules.modules}, **plugins.by_name}


def ends_of(host: Host, plugins: PluginRegistry, settings: Settings) -> tuple[JurisdictionMistake, ...]:
    """What the files of the towns, and the settings of sign-in, name that nobody here brings."""
    jurisdictions, modules = host.jurisdictions, host.modules.registry
    ends = loose_ends(
        jurisdictions,
        types=tuple(plugins.request_types),
        plugins=tuple(plugins.by_name),
        modules=[each.name for each in modules.modules],
        locators=tuple(plugins.locators),
        layers=tuple(layer for each in plugins.connectors.values() for layer in each.layers),
    )
    payments, renderers = tuple(plugins.payments), tuple(plugins.document_renderers)
    offer = Offer(types=plugins.request_types, payments=payments, renderers=renderers, given=host.given)
    read = (*loose_ends_of(jurisdictions, modules, offer), *not_read(jurisdictions))
    named = (
        *_unread_settings(host, settings),
        *_tiles_by_nobody(host),
        *_files_by_nobody(host, settings),
        *_former_names(settings),
    )
    return (*ends, *read, *wrong_settings(jurisdictions, modules), *named)


def _unread_settings(host: Host, settings: Settings) -> Iterator[JurisdictionMistake]:
    """Of providers where no module lets anybody in by them, of keys, alerts and monitors where none is for them."""
    unread = {
        "sign_in.providers": settings.sign_in.providers is not None and not host.modules.heard(SignInSource),
        "signing.keys": settings.signing.keys is not None and host.modules.registry.named("seals") is None,
        "outgoing.alerts": bool(settings.outgoing.alerts) and host.modules.registry.named("alerts") is None,
        "metrics_from": "metrics_from" in settings.origins and host.modules.registry.named("prometheus") is None,
    }
    for key in (each for each, is_unread in unread.items() if is_unread):
        what, todo = "is read by nothing that is installed", "install the module that reads it, or remove it"
        yield JurisdictionMistake(file=settings.origins.get(key, "settings"), key=key, what=what, todo=todo)


def _tiles_by_nobody(host: Host) -> Iterator[JurisdictionMistake]:
    """Towns whose tiles are to go through us, and no module lets them: nobody is sent to their source instead."""
    if host.modules.registry.named("map_tiles") is None:
        for town in host.jurisdictions.by_code.values():
            if (base := BASE_MAP.of(town)) is not None and base.proxy:
                what, todo = "asks the town to relay tiles, and no installed module does", "install parvis-map-tiles"
                yield JurisdictionMistake(file=f"{town.code}/jurisdiction.toml", key="base_map", what=what, todo=todo)


def _files_by_nobody(host: Host, settings: Settings) -> Iterator[JurisdictionMistake]:
    """A virus scanner or a file store that settings name and nobody brings, or asks: files wait for it."""
    missing: list[tuple[str, str, str, Iterable[str]]] = []
    scanner = host.of(UploadGuard).scanner
    if isinstance(scanner, NobodyScans) and host.modules.registry.named(ASKED_BY) is None:
        file, what = settings.origins.get("files.scanner", "settings"), f"{scanner.why.en}, and received files wait"
        todo = f"install parvis-{ASKED_BY.replace('_', '-')}; without the setting, files already held stay held"
        yield JurisdictionMistake(file=file, key="files.scanner", what=what, todo=todo)
    elif isinstance(scanner, NobodyScans):
        what = f"no plugin brings the virus scanner '{scanner.name}', and received files wait for it"
        missing.append(("files.scanner", scanner.name, what, host.plugins.virus_scanners))
    for key, name in (("files.store", settings.files.store), ("files.also", settings.files.also)):
        if name not in ("", FOLDER, *host.plugins.file_stores):
            what = f"no plugin brings the file store '{name}', and no file is received or read without it"
            missing.append((key, name, what, host.plugins.file_stores))
    for key, name, what, known in missing:
        near = get_close_matches(name, [*known], 1, 0.6)
        todo = f"did you mean '{near[0]}'?" if near else "install and set up its plugin, or remove the setting"
        yield JurisdictionMistake(file=settings.origins.get(key, "settings"), key=key, what=what, todo=todo)


def _former_names(settings: Settings) -> Iterator[JurisdictionMistake]:
    for file, key, what, todo in still_named(settings.origins):
        yield JurisdictionMistake(file=file, key=key, what=what, todo=todo)


def plugin_registry_of(
    settings: Settings,
    plugins: Iterable[DiscoveredPlugin] | None,
    environ: Mapping[str, str],
    modules: ModuleRegistry = NO_MODULES,
) -> PluginRegistry:
    """The plugins of this host; with `strict`, a severe trouble is an error, also one of a module."""
    built_in = built_in_plugins()
    with ended_from_below() if plugins is None else nullcontext():
        if plugins is None:
            found, troubles = find_plugins(built_in)
        else:
            inside = (found_inside(name, module) for name, module in built_in.items())
            found, troubles = [*inside, *plugins, *plugins_of(modules)], []
        known = {*(each.origin.name for each in found), *(each.plugin for each in troubles)} - {""}
        troubles = [*troubles, *strange_tables(settings, known), *modules.troubles]
        loaded = load_plugins(found, settings_from(settings.plugins, environ), troubles)
        plugin_registry = with_unread_systems(loaded, modules)
    if settings.strict and (severe := [trouble for trouble in plugin_registry.troubles if trouble.severe]):
        raise PluginsInTrouble(severe)
    return plugin_registry


def strange_tables(settings: Settings, plugins: Collection[str]) -> list[Trouble]:
    """Tables of settings that no plugin reads; one whose name is almost that of a plugin is a typing error."""
    origin, found = settings.origins.get("plugins", "settings"), []
    for name in sorted(set(settings.plugins) - set(plugins)):
        near = get_close_matches(name, plugins, 1, 0.75)
        now_what = DID_YOU_MEAN.format(near=f"[plugins.{near[0]}]") if near else INSTALL_OR_REMOVE
        where = f"{origin} · [plugins.{name}]"
        found.append(
            Trouble(who="settings", where=where, what=NO_PLUGIN, so_what=UNREAD, now_what=now_what, severe=bool(near))
        )
    return found


def found_inside(name: str, module: ModuleType) -> DiscoveredPlugin:
    return DiscoveredPlugin(
        origin=Origin(name=name, distribution="parvis", version=__version__, built_in=True), plugin=module
    )


def plugins_of(modules: ModuleRegistry) -> Iterator[DiscoveredPlugin]:
    """The plugins that modules are too: those with their names, which bring their request types."""
    for point in entry_points(group=GROUP):
        if modules.named(point.name) and isinstance(found := load(point), DiscoveredPlugin):
            yield found


def built_in_plugins() -> dict[str, ModuleType]:
    """Plugins that come with the host, on the same hooks as any other."""
    return {name: import_module(f"parvis.{name}.plugin") for name in BUILT_IN_PLUGINS}


async def look_at_database(deployment: Deployment) -> None:
    """Raise what is wrong with the database, or with the towns by what it knows, before anything is served; then it is
    closed again."""
    engine = deployment.host.engine
    try:
        await engine.start()
        await check_version(engine, deployment.modules)
        await miss(deployment.jurisdictions)
    finally:
        await engine.close()


@asynccontextmanager
async def running(
    deployment: Deployment, *, migrating: bool = False, restoring: bool = False, serving: bool = False
) -> AsyncIterator[Deployment]:
    """The host with its database open and its towns as the layers of other systems have them, as long as it lasts.

    Refuses a database of another version, or brings it up to date; and one that is being restored, if by others. Its
    towns are noted as served while `serving`: a command may have been given other ones.
    """
    engine, stopping = deployment.host.engine, asyncio.Event()
    bind(engine, modules=deployment.modules)
    renews: list[asyncio.Task[None]] = []
    try:
        if migrating:
            await migrate(engine, deployment.modules)
        await engine.start()
        await check_version(engine, deployment.modules, restoring=restoring)
        await keep_plans(engine, deployment.modules)
        await deployment.host.of(FormerModules).look(deployment.modules)
        deployment = with_own_names(deployment, await note_claims(engine, deployment.plugins))
        await (note_towns(engine, deployment.jurisdictions) if serving else miss(deployment.jurisdictions))
        for away in deployment.jurisdictions.away.values():
            log.error("a town is away", mistake=away.mistake(deployment.jurisdictions.folder).line())
        for trouble in deployment.plugins.troubles:
            log.warning("plugin in trouble", trouble=str(trouble))
        if further := await ahead(engine, deployment.modules):
            log.warning("a later version has been at the database: this one goes on with it", steps=len(further))
        for name in await left_behind(deployment.modules):
            log.info("tables of a module that is not installed", module=name)
        for end in deployment.loose_ends:
            log.warning("settings of a town", mistake=end.line())
        await deployment.host.modules.look()
        looks: list[Rereading] = [
            partial(deployment.host.of(RemainingParts).look, deployment.host),
            *rereadings(deployment.host),
        ]
        for look in looks:
            await look()
        again: list[Rereading] = [
            *looks,
            partial(deployment.host.of(AccessLog).write, engine),
            partial(deployment.host.of(Presence).exchange, engine),
            partial(exchange_pace, deployment.host),
            partial(look_at_replica, engine),
        ]
        with background_priority():
            renews = [asyncio.create_task(reread_until(each, stopping)) for each in again]
            renews.append(asyncio.create_task(reread_until(deployment.host.modules.look, stopping, AT_ONCE)))
        yield deployment
    finally:
        stopping.set()
        await asyncio.gather(*renews)
        await write_last_looks(deployment)
        await deployment.host.of(Clients).close()
        if (threads := deployment.host.given(PluginThreads)) is not None:
            await threads.close()
        await engine.close()


async def exchange_pace(host: Host) -> None:
    """What was called here and elsewhere; a process that has answered no call, as a worker, has none to refuse."""
    if (pace := host.given(Pace)) is not None:
        await pace.exchange(host.engine)


def with_own_names(deployment: Deployment, plugins: PluginRegistry) -> Deployment:
    """The host without what its plugins claim although it is another's; with `strict`, that is an error."""
    if plugins is deployment.plugins:
        return deployment
    if deployment.settings.strict and (severe := [trouble for trouble in plugins.troubles if trouble.severe]):
        raise PluginsInTrouble(severe)
    guard = who_guards(deployment.settings, plugins, deployment.modules)
    files = where_files_lie(deployment.settings, plugins)
    host = replace(deployment.host, plugins=plugins, files=files).having(guard)
    return replace(deployment, host=host, loose_ends=ends_of(host, plugins, deployment.settings))


async def write_last_looks(deployment: Deployment) -> None:
    """What was looked at since it was last written; a database that is away does not keep the process from its end."""
    written = await caught(partial(deployment.host.of(AccessLog).write, deployment.host.engine))
    if isinstance(written, Failure):
        log.error("looks not written", trouble=str(written))


@asynccontextmanager
async def open_deployment(
    settings: Settings,
    plugins: Iterable[DiscoveredPlugin] | None = None,
    *,
    migrating: bool = False,
    restoring: bool = False,
    serving: bool = False,
    environ: Mapping[str, str] | None = None,
    modules: ModuleRegistry | None = None,
) -> AsyncIterator[Deployment]:
    """Compose a host and open it: what commands and tests do in one line."""
    composed = compose(settings, plugins, environ, modules)
    async with running(composed, migrating=migrating, restoring=restoring, serving=serving) as deployment:
        yield deployment
