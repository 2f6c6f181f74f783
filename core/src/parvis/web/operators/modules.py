"""Modules: what is installed and what each brings, in which towns it is on, who said so; and saying otherwise."""

from collections.abc import Collection, Iterable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from parvis import i18n
from parvis.chores import chores_of_modules
from parvis.db.migrating import left_behind
from parvis.declared import declared
from parvis.i18n import gettext, pgettext
from parvis.jurisdictions import Jurisdiction
from parvis.modules import InstalledModule, ModuleRegistry
from parvis.requests.contacts import ManualContact
from parvis.requests.module_use import ModuleUse, module_use, warnings_of
from parvis.switches import Decision, State
from parvis.switches.deciding import decide, reason, used
from parvis.web.links import PageLink
from parvis.web.operators.context import MODULES, OperatorContext
from parvis.web.pages import AnyRequest, FooterLink
from parvis.web.panels import PagePanel
from parvis.web.places import Nouns
from parvis.web.typed import typed
from parvis_sdk.contact_methods import BUILT_IN, ContactMethod
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

WHY = Text(fr="Indiquez le motif. Il est conservé avec la décision.", en="Give a reason. It is kept with the decision.")
MOST_DIGITS = 10


class InTown(Struct, frozen=True, kw_only=True):
    """One module in one town: its state, whether the town's file says so, and otherwise who did."""

    town: Jurisdiction
    state: State
    by_file: bool
    said: Decision | None
    may_change: bool
    use: ModuleUse


class ModuleSection(Struct, frozen=True, kw_only=True):
    """One module as its section of the page shows it."""

    installed: InstalledModule
    brings: tuple[tuple[str, tuple[str, ...]], ...]
    rows: int
    needed_by: tuple[str, ...]
    states: tuple[State, ...]
    towns: tuple[InTown, ...]


@get(MODULES)
async def show_modules(request: AnyRequest) -> Response[Any]:
    """Every module that works, what is wrong with the others, and those whose tables were left behind."""
    room = OperatorContext(request)
    registry = room.host.modules.registry
    shown = [await shown_module(room, each) for each in registry.modules]
    words = state_words()
    left = await left_behind(registry)
    return room.show("modules.html", modules=shown, troubles=registry.troubles, left=left, words=words)


@get(MODULES + "/{name:str}")
async def preview(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """What would appear or go, before anything does."""
    room, asked = OperatorContext(request), request.query_params
    module, town = _module(room, name), _town(room, asked.get("ville", ""))
    return await _preview(room, module, town, _state(room, name, asked.get("etat", "")))


@post(MODULES + "/{name:str}", status_code=200)
async def change(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """Somebody decided it, with a reason; every process goes by it within a second."""
    room, sent = OperatorContext(request), await typed(request)
    module, town = _module(room, name), _town(room, sent.text("ville"))
    state = _state(room, name, sent.text("etat"))
    board, why = room.host.modules, reason(sent.text("why"))
    if not why or board.hindrances(town, name, state):
        problems = Problems(found=(Problem(path="why", code="required", message=WHY),)) if not why else None
        return await _preview(room, module, town, state, status=422, why=why, problems=problems)
    known = await decide(
        room.host.engine,
        board,
        jurisdiction=town.code,
        module=name,
        state=state,
        by=room.person.name,
        why=why,
        seen=_seen(sent.text("seen")),
    )
    if not known:
        return await _preview(room, module, town, state, status=409, why=why, meanwhile=True)
    room.note("module", module=module.name, town=town.code, state=state)
    return Redirect(f"{MODULES}?fait=decide#module-{module.name}", status_code=303)


async def shown_module(room: OperatorContext, each: InstalledModule) -> ModuleSection:
    board, towns = room.host.modules, room.host.jurisdictions.by_code.values()
    return ModuleSection(
        installed=each,
        brings=tuple(
            (words, things)
            for words, things in (*_brought(room, each), (pgettext("database", "Tables"), each.table_names))
            if things
        ),
        rows=await used(each),
        needed_by=tuple(i18n.say(one.module.title) for one in board.needing(each.name)),
        states=board.states_of(each.name),
        towns=tuple(
            [
                InTown(
                    town=town,
                    state=board.of(town).state(each.name),
                    by_file=town.modules is not None,
                    said=board.said_of(town, each.name),
                    may_change=town.modules is None and room.runs(town.code),
                    use=await module_use(room.host, town, each.name),
                )
                for town in towns
            ]
        ),
    )


def state_words() -> dict[str, str]:
    return {"on": pgettext("module", "on"), "closing": pgettext("module", "closing"), "off": pgettext("module", "off")}


def _brought(room: OperatorContext, each: InstalledModule) -> list[tuple[str, tuple[str, ...]]]:
    """What comes and goes with a switch of a module, in the words that people see; its tables stay whatever is said."""
    nouns: Nouns = room.request.app.state.nouns
    chores = chores_of_modules(ModuleRegistry(modules=(each,)), room.host)
    by_hand = _by_hand(room, each.name)
    return [
        (gettext("Pages"), _unlike(one.text() for one in _lines(nouns, each.name))),
        (gettext("Page panels"), _unlike(one.title() for one in nouns.of_owner(PagePanel, each.name))),
        (gettext("API operations"), _operations(room, each.name)),
        (gettext("Chores"), _unlike(i18n.say(one.title) or one.name for one in chores)),
        (gettext("Town files"), tuple(one.name for one in each.town_files)),
        (gettext("Figures"), tuple(i18n.say(one.title) for one in each.figures)),
        (gettext("Actions on several requests"), tuple(i18n.say(one.title) for one in each.queue_actions)),
        (gettext("Contact methods"), tuple(i18n.say(one.title) for one in by_hand)),
        (gettext("Replaces a failing channel"), tuple(i18n.say(one.title) for one in _before(room, by_hand))),
        (gettext("Rights"), tuple(i18n.say(one.title) for one in each.module.rights)),
        (gettext("Scopes"), tuple(one.name for one in each.module.scopes)),
        (gettext("Commands"), tuple(f"parvis {one.typed}" for one in each.module.commands)),
    ]


def _by_hand(room: OperatorContext, name: str) -> tuple[ContactMethod, ...]:
    """The contact methods that a module has people of the town carry out."""
    place = room.host.modules.registry.packages("heard").get(name)
    return tuple(method for one in declared(ManualContact, *([place] if place else ())) for method in one.methods)


def _before(room: OperatorContext, methods: Collection[ContactMethod]) -> tuple[ContactMethod, ...]:
    """The contact methods of channels that name one of these as the next, where they do not deliver."""
    names = {each.name for each in methods}
    known = {each.name: each for each in (*BUILT_IN, *room.host.plugins.methods_of())}
    return tuple(each for each in known.values() if each.next in names and not each.by_hand)


def _lines(nouns: Nouns, name: str) -> tuple[PageLink | FooterLink, ...]:
    """The lines that lead to pages of a module: of menus, and at the end of every page."""
    return (*nouns.of_owner(PageLink, name), *nouns.of_owner(FooterLink, name))


def _operations(room: OperatorContext, name: str) -> tuple[str, ...]:
    routes = room.request.app.routes
    handlers = [handler for route in routes for handler in getattr(route, "route_handlers", ())]
    found = (handler.opt["operation"] for handler in handlers if "operation" in handler.opt)
    return _unlike(each.id for each in found if each.owner == name)


def _unlike(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


async def _preview(
    room: OperatorContext,
    module: InstalledModule,
    town: Jurisdiction,
    state: State,
    *,
    status: int = 200,
    why: str = "",
    problems: Problems | None = None,
    meanwhile: bool = False,
) -> Response[Any]:
    board = room.host.modules
    said = board.said_of(town, module.name)
    return room.show(
        "module.html",
        status=status,
        module=module,
        town=town,
        state=state,
        before=board.of(town).state(module.name),
        words=state_words(),
        brings=[(words, things) for words, things in _brought(room, module) if things],
        use=await module_use(room.host, town, module.name),
        hindrances=board.hindrances(town, module.name, state),
        warnings=await warnings_of(room.host, town, module.name, state, room.person.id),
        seen=said.number if said else 0,
        why=why,
        problems=problems,
        meanwhile=meanwhile,
    )


def _module(room: OperatorContext, name: str) -> InstalledModule:
    if (found := room.host.modules.registry.named(name)) is None:
        raise NotFoundException("There is no such module.")
    return found


def _town(room: OperatorContext, code: str) -> Jurisdiction:
    town = room.host.jurisdictions.get(code)
    if town is None or not room.runs(code):
        raise NotFoundException("There is no such town.")
    return town


def _seen(given: str) -> int:
    """The number of the last decision that the page showed; one that no decision has where the form was changed."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < MOST_DIGITS else -1


def _state(room: OperatorContext, name: str, given: str) -> State:
    found = next((each for each in room.host.modules.states_of(name) if each == given), None)
    if found is None:
        raise NotFoundException("There is no such state.")
    return found


LINK = PageLink(slot="operators.menu", path=MODULES, after="/exploitation/extensions", text=lambda: gettext("Modules"))
