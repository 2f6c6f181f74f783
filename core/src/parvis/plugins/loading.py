"""Loading the plugins: each is asked by itself, in name order, and what works goes into one frozen registry."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pluggy
from msgspec import Struct, structs

from parvis.plugins.answers import CHECKS, with_sources
from parvis.plugins.name_conflicts import (
    TYPES,
    Owners,
    apart_from_connectors,
    clashes,
    themes_known,
    under_their_themes,
    without_strangers,
)
from parvis.plugins.plugin_settings import SettingsFor, SettingsWrong, settings_from
from parvis.plugins.registry import (
    DiscoveredPlugin,
    HeldBack,
    NamedPage,
    NamedPanel,
    NamedSubscription,
    Origin,
    Plugin,
    PluginDeclarations,
    PluginRegistry,
    folder_of,
    module_of,
    named,
)
from parvis.plugins.spelling import look_over
from parvis.plugins.threads import in_time
from parvis.troubles import LEFT_OUT, RAISED, Trouble, Words, one_line
from parvis_sdk import hooks
from parvis_sdk.connectors import Connector
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import where_broke_or_written, where_function_is
from parvis_sdk.mapping import mistakes
from parvis_sdk.panels import stray_mistakes
from parvis_sdk.request_types import RequestType, dump_type, load_type, nouns_of
from parvis_sdk.scope_mistakes import finds_mistakes
from parvis_sdk.subscription_mistakes import heard_mistakes
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.text import Text

CORRECT = Text(
    fr="corrigez le crochet\u00a0: il doit seulement déclarer, sans dépendre d’un autre système",
    en="correct the hook: it must only declare, and depend on no other system",
)
TOOK_LONG = Text(fr="la réponse a pris {milliseconds}\u00a0ms", en="it took {milliseconds} ms to answer")
NOT_BACK = Text(fr="aucun retour en {seconds}\u00a0s", en="it did not return within {seconds} s")
WAITS = Text(fr="cela ralentit chaque démarrage", en="this slows down every start")
TAKE_OUT = Text(
    fr="retirez du crochet les calculs et les connexions", en="remove computation and connections from the hook"
)
SECONDS = 20.0  # of a machine that is very busy; a start waits no longer for any hook
SLOW_AFTER = 0.5  # seconds, of a busy machine too; a hook declares, it does not fetch


class Answer(Struct, frozen=True, kw_only=True):
    """What one plugin said to one hook, and what is wrong with it."""

    value: Any = None
    troubles: tuple[Trouble, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the answer cannot be used."""
        return any(trouble.severe for trouble in self.troubles)


def ask(manager: pluggy.PluginManager, hook: str, found: DiscoveredPlugin, **given: Any) -> Answer | None:
    """The answer of one plugin to one hook, checked; None when it does not implement it."""
    caller = getattr(manager.hook, hook)
    one = next((each for each in caller.get_hookimpls() if each.plugin is found.plugin), None)
    if one is None:
        return None
    package = str(getattr(module_of(found.plugin), "__name__", "")).partition(".")[0]
    answer = in_time(lambda: _asked(one, hook, found, given), SECONDS, package)
    if isinstance(answer, Answer):
        return answer
    where = answer.where or where_broke_or_written(None, one.function, module_of(found.plugin))
    what = NOT_BACK.format(seconds=f"{SECONDS:g}")
    return Answer(troubles=(_trouble(found, hook, where, "", what, TAKE_OUT),))


def _asked(one: pluggy.HookImpl, hook: str, found: DiscoveredPlugin, given: dict[str, Any]) -> Answer:
    started = time.perf_counter()
    try:
        value = one.function(*(given[name] for name in one.argnames))
        took = time.perf_counter() - started
        wrongs = list(CHECKS[hook](value, found.plugin))
    except BaseException as error:  # noqa: BLE001  a hook is the author's code: one that breaks harms no other
        where = where_broke_or_written(error, one.function, module_of(found.plugin))
        return Answer(troubles=(_trouble(found, hook, where, "", RAISED.format(error=one_line(error)), CORRECT),))
    where = where_broke_or_written(None, one.function, module_of(found.plugin))
    troubles = [_trouble(found, hook, each.line or where, each.part, each.what, each.now_what) for each in wrongs]
    if took > SLOW_AFTER:
        troubles.append(_slow(found, hook, where, took))
    return Answer(value=value, troubles=tuple(troubles))


def _trouble(found: DiscoveredPlugin, hook: str, line: str, part: str, what: Words, now_what: Words) -> Trouble:
    where = " · ".join(each for each in (f"{hook}()", line, part) if each)
    return Trouble(who=str(found.origin), where=where, what=what, now_what=now_what, plugin=found.origin.name)


def _slow(found: DiscoveredPlugin, hook: str, where: str, took: float) -> Trouble:
    return Trouble(
        who=str(found.origin),
        where=" · ".join(part for part in (f"{hook}()", where) if part),
        what=TOOK_LONG.format(milliseconds=f"{took * 1000:.0f}"),
        so_what=WAITS,
        now_what=TAKE_OUT,
        plugin=found.origin.name,
        severe=False,
    )


HELD_BACK = Text(
    fr="l’extension n’est pas chargée; ses livraisons attendent",
    en="the plugin is not loaded; its deliveries wait",
)
WRONG_SETTINGS = Text(
    fr="les paramètres de son extension sont erronés\u00a0: {where}\u00a0: {what}",
    en="the settings of its plugin are wrong: {where}: {what}",
)
CHOSEN = ("locators", "payments", "virus_scanners", "identity_providers", "file_stores", "document_renderers")
CLAIMED = ("request_types", "channels", "connectors", *CHOSEN)
"""Of each of their names one plugin alone."""
LISTS = (
    "request_types",
    "subscriptions",
    *CLAIMED[1:],
    "panels",
    "chores",
    "pages",
    "endpoints",
    "commands",
    "figures",
)


def load_plugins(
    found: Iterable[DiscoveredPlugin], settings_for: SettingsFor | None = None, troubles: Iterable[Trouble] = ()
) -> PluginRegistry:
    """The registry of everything these plugins declare; a plugin that breaks is a trouble, never an exception."""
    manager = pluggy.PluginManager("parvis")
    manager.add_hookspecs(hooks)
    all_troubles = list(troubles)
    declared: list[PluginDeclarations] = []
    held_back: list[HeldBack] = []
    for each in in_order(found):
        answer, wrong = hear(manager, each, settings_for or settings_from())
        all_troubles.extend(wrong)
        if isinstance(answer, PluginDeclarations):
            declared.append(answer)
        elif answer is not None:
            held_back.append(answer)
    return assembled(tuple(declared), tuple(all_troubles), {}, tuple(held_back))


def claimed(plugins: PluginRegistry, owners: Owners) -> PluginRegistry:
    """The same registry once it is known to whom its names belong: strangers are refused, whose they were have them."""
    return assembled(plugins.heard, plugins.at_first, owners, plugins.held_back)


def assembled(
    heard: tuple[PluginDeclarations, ...],
    at_first: tuple[Trouble, ...],
    owners: Owners,
    held_back: tuple[HeldBack, ...] = (),
) -> PluginRegistry:
    """The registry of what was declared, as far as each name and each address is its plugin's own."""
    waiting = [each.origin for each in held_back]
    kept, strange = without_strangers([*(one.found.origin for one in heard), *waiting], owners)
    connectors = [(one.found.origin, noun) for one in heard for noun in one.lists["connectors"]]
    kept, connectors, alike = apart_from_connectors(kept, [each for each in connectors if each[0] in kept], owners)
    all_troubles = [*at_first, *strange, *alike]
    declared = [one for one in heard if any(one.found.origin is each for each in kept)]
    themes = themes_known(((one.found.origin, one.lists[TYPES]) for one in declared), owners)
    for at, one in enumerate(declared):
        request_types, told = under_their_themes(one.found.origin, one.lists[TYPES], themes, owners)
        all_troubles.extend(told)
        if told:
            declared[at] = structs.replace(one, lists=one.lists | {TYPES: request_types})
    lists = {hook: [(one.found.origin, noun) for one in declared for noun in one.lists[hook]] for hook in LISTS}
    lists["connectors"] = [each for each in connectors if each[0] in kept]
    offered = {hook: clashes(hook, lists[hook], owners) for hook in CLAIMED}
    for _, wrong in offered.values():
        all_troubles.extend(wrong)
    nouns: dict[str, Any] = {hook: offered[hook][0] for hook in CLAIMED}
    for origin, connector in lists["connectors"]:
        all_troubles.extend(misfits(origin, connector, nouns["request_types"].values()))
    for origin, subscription in lists["subscriptions"]:
        all_troubles.extend(unheard(origin, subscription, nouns["request_types"]))
    for one in declared:
        all_troubles.extend(strays(one, nouns["request_types"]))
    return PluginRegistry(
        by_name={one.found.origin.name: plugin(one, nouns) for one in declared},
        subscriptions=tuple(subscribed(origin, noun) for origin, noun in lists["subscriptions"]),
        panels=tuple(
            NamedPanel(name=f"{origin.name}.{noun.code}", origin=origin, panel=noun) for origin, noun in lists["panels"]
        ),
        pages=tuple(
            NamedPage(name=f"{origin.name}.{noun.code}", origin=origin, page=noun) for origin, noun in lists["pages"]
        ),
        troubles=tuple(all_troubles),
        held_back=tuple(each for each in held_back if any(each.origin is one for one in kept)),
        heard=heard,
        at_first=at_first,
        **nouns,
    )


def subscribed(origin: Origin, noun: Subscription) -> NamedSubscription:
    """A subscription under its whole name."""
    return NamedSubscription(name=f"{origin.name}.{noun.name}", origin=origin, subscription=noun)


def beside_the_rest(origin: Origin, mistake: DeclarationMistake, *where: str) -> Trouble:
    """A mistake that leaves nothing out but what it is about."""
    return Trouble(
        who=str(origin),
        where=" · ".join(part for part in (*where, mistake.where) if part),
        what=mistake.what,
        so_what=mistake.so_what,
        now_what=mistake.now_what,
        plugin=origin.name,
        severe=False,
    )


def misfits(origin: Origin, connector: Connector, request_types: Iterable[RequestType]) -> Iterator[Trouble]:
    """Everything in the mappings of a connector that does not fit the types that are declared here."""
    for mistake in mistakes(connector.mappings, request_types, connector.needs):
        yield beside_the_rest(origin, mistake, "connectors()", connector.name)


def strays(one: PluginDeclarations, types: Mapping[str, RequestType]) -> Iterator[Trouble]:
    """What nouns of a plugin name that is not there: types of request, what is in scopes, connectors of its own."""
    origin, own = one.found.origin, [each.name for each in one.lists["connectors"]]
    for hook, function in (("panels", "show"), ("pages", "show"), ("figures", "count"), ("chores", "work")):
        for noun in one.lists[hook]:
            line = where_function_is(getattr(noun, function), module_of(one.found.plugin))
            named = f"{hook.removesuffix('s')} {noun.code!r}"
            named_types, finds = getattr(noun, "types", ()), getattr(noun, "finds", ())
            wrong = () if hook == "chores" else stray_mistakes(named, named_types, noun.connector, types, own)
            for mistake in (*wrong, *finds_mistakes(named, finds, types)):
                yield beside_the_rest(origin, mistake, f"{hook}()", line)


def unheard(origin: Origin, subscription: Subscription, types: Mapping[str, RequestType]) -> Iterator[Trouble]:
    """The types and facts that a subscription waits for and that nobody here declares."""
    handler: Any = getattr(subscription.handler, "func", subscription.handler)
    line = where_function_is(handler, sys.modules.get(getattr(handler, "__module__", "")))
    for mistake in heard_mistakes(subscription, types):
        yield beside_the_rest(origin, mistake, "subscriptions()", line)


def in_order(found: Iterable[DiscoveredPlugin]) -> list[DiscoveredPlugin]:
    """Those built in first, then by name."""
    return sorted(found, key=lambda each: (not each.origin.built_in, each.origin.name))


def plugin(one: PluginDeclarations, nouns: dict[str, dict[str, Any]]) -> Plugin:
    """The plugin as the registry shows it, with what of its declarations is really offered."""
    offered = {
        hook: tuple(named(each) for each in one.lists[hook] if nouns[hook].get(named(each)) is each) for hook in CLAIMED
    }
    return Plugin(
        origin=one.found.origin,
        module=one.found.plugin,
        settings=one.settings,
        subscriptions=tuple(each.name for each in one.lists["subscriptions"]),
        panels=tuple(each.code for each in one.lists["panels"]),
        chores=tuple(each.code for each in one.lists["chores"]),
        pages=tuple(each.code for each in one.lists["pages"]),
        figures=tuple(each.code for each in one.lists["figures"]),
        endpoints=tuple(each.code for each in one.lists["endpoints"]),
        commands=tuple(each.code for each in one.lists["commands"]),
        **offered,
    )


def hear(
    manager: pluggy.PluginManager, found: DiscoveredPlugin, settings_for: SettingsFor
) -> tuple[PluginDeclarations | HeldBack | None, list[Trouble]]:
    """All that one plugin declares, or None when it is left out; and everything that is wrong with it.

    If only its settings are wrong it is held back, and the events that it subscribes to are kept for it.
    """
    troubles = list(look_over(manager, found))
    if any(trouble.so_what == LEFT_OUT for trouble in troubles):
        return None, troubles
    if not manager.is_registered(found.plugin):  # two distributions may name one module
        manager.register(found.plugin, name=f"{found.origin.name} {found.origin.distribution}")
    settings, wrong, usable = hear_settings(manager, found, settings_for)
    troubles.extend(wrong)
    if severe := [trouble for trouble in wrong if trouble.severe]:
        return held(manager, found, usable, severe[0]), troubles
    lists: dict[str, Sequence[Any]] = {}
    for hook in LISTS:
        answer = ask(manager, hook, found, settings=settings)
        troubles.extend(answer.troubles if answer else ())
        lists[hook] = answer.value if answer and answer.value is not None else ()
    if any(trouble.so_what == LEFT_OUT for trouble in troubles):
        return None, troubles
    # What is offered is what a request will carry with it: the declaration as it comes back from storage.
    folder = folder_of(found.plugin)
    lists["request_types"] = [
        with_sources(load_type(dump_type(request_type), nouns_of(request_type)), folder)
        for request_type in lists["request_types"]
    ]
    return PluginDeclarations(found=found, settings=settings, lists=lists), troubles


def hear_settings(
    manager: pluggy.PluginManager, found: DiscoveredPlugin, settings_for: SettingsFor
) -> tuple[Struct | None, list[Trouble], Struct | None]:
    """The settings of a plugin, filled; or what is wrong with them, and what of them is right as far as it goes."""
    answer = ask(manager, "settings", found)
    if answer is None:
        return None, [], None
    if answer.is_broken:
        return None, list(answer.troubles), None
    try:
        return settings_for(found.origin.name, answer.value), list(answer.troubles), None
    except SettingsWrong as error:
        place = where_function_is(getattr(found.plugin, "settings", None), module_of(found.plugin))
        wrong = [
            Trouble(
                who=str(found.origin),
                where=" · ".join(part for part in ("settings()", place, key) if part),
                what=what,
                so_what=HELD_BACK,
                now_what=now_what,
                plugin=found.origin.name,
            )
            for key, what, now_what in error.mistakes
        ]
        return None, wrong, error.usable


def held(manager: pluggy.PluginManager, found: DiscoveredPlugin, usable: Struct | None, why: Trouble) -> HeldBack:
    """What of a plugin with wrong settings is known all the same: the hooks that need none of them, or not the wrong
    ones, are asked; one that fails at that says nothing."""
    lists: dict[str, Sequence[Any]] = {}
    for hook in ("subscriptions", "connectors", "channels"):
        answer = ask(manager, hook, found, settings=usable)
        lists[hook] = answer.value if answer is not None and answer.value and not answer.is_broken else ()
    origin = found.origin
    return HeldBack(
        origin=origin,
        why=WRONG_SETTINGS.format(where=why.where.rpartition(" · ")[2], what=why.what),
        subscriptions=tuple(subscribed(origin, noun) for noun in lists["subscriptions"]),
        connectors=tuple(lists["connectors"]),
        channels=tuple(each.name for each in lists["channels"]),
        methods=tuple(each.contact_method for each in lists["channels"] if hasattr(each, "contact_method")),
    )
