"""The desk around one page: who is there, for which town, with which rights; its menu and its links."""

from collections.abc import Callable, Collection
from functools import cached_property
from itertools import groupby
from typing import Any, Literal, NamedTuple
from urllib.parse import quote
from uuid import UUID

from litestar import Response
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.response import Redirect

from parvis import clock, i18n
from parvis.folding import fold
from parvis.host import Host
from parvis.i18n import gettext, ngettext, pgettext
from parvis.people.agents import Person
from parvis.reach import Scope
from parvis.requests.actors import Actor
from parvis.requests.heart import Heart, types_of
from parvis.requests.keeping.looked import What
from parvis.requests.keeping.reveals import with_reveals
from parvis.requests.lists.outcomes import NOWHERE
from parvis.requests.records import Record, find
from parvis.requests.visibility import Permission, Viewer, may, scope_of, sees
from parvis.requests.work.calls import MANY
from parvis.requests.work.waiting import Waiting, waiting_for
from parvis.requests.work.writers import WHILE_TYPING, WITHOUT_SCRIPTS, Said
from parvis.territory import Jurisdiction
from parvis.territory.units import Unit
from parvis.viewing import permissions_in
from parvis.web.doors.guard import person_at, viewer_at
from parvis.web.errors import wants_page
from parvis.web.pages import AnyRequest, MenuItem, Pages
from parvis.web.town import find_town, town_of

QUEUE, NEW, FIGURES, ACCOUNT = "/bureau", "/bureau/nouvelle", "/bureau/tableau", "/bureau/compte"
CALLS = "/bureau/appels"
FOR_ME = "/bureau/pour-moi"
LYING = "/bureau/ce-qui-traine"
CODES, TASKS, DEADLINES = "/bureau/codes", "/bureau/taches", "/bureau/echeances"
VISITS = "/bureau/visites"
INCIDENTS = "/bureau/incidents"
NOTICES = "/bureau/avis"
PUBLIC_PAGES = "/bureau/pages-publiques"
MAIL = "/bureau/courriels"
RULES = "/bureau/regles"
TEXTS = "/bureau/textes"
DELAYS = "/bureau/delais"
ABSENCES = "/bureau/absences"
CONFLICTS = "/bureau/conflits"
CONFIDENTIAL = "/bureau/renseignements-consultes"
OPERATORS = "/exploitation"


class Room:
    """Lives as long as one page takes to answer."""

    def __init__(self, request: AnyRequest) -> None:
        self.request = request
        self.host: Host = request.app.state.host
        self.heart: Heart = self.host.heart
        self.town: Jurisdiction = town_of(request.scope) or find_town(self.host.territory, request.scope)
        self.person: Person = person_at(request)
        self.viewer: Viewer = viewer_at(request)

    @cached_property
    def rights(self) -> frozenset[str]:
        """What the person may do somewhere in this town."""
        return permissions_in(self.viewer, self.town.code)

    @property
    def actor(self) -> Actor:
        return Actor(kind="agent", id=self.person.id, name=self.person.name)

    @property
    def language(self) -> str:
        return self.person.language

    def demand(self, permission: Permission) -> None:
        """Refuse the page to those who have this right nowhere in the town."""
        if permission not in self.rights:
            raise PermissionDeniedException(f"This page needs the right '{permission}'.")

    async def record(self, reference: str, permission: Permission = "see", *, is_look: bool = True) -> Record:
        """The request of a reference, if the person may see it; what they may not see does not exist for them."""
        record = await find(self.heart, reference)
        if (
            record is None
            or record.jurisdiction != self.town.code
            or not sees(self.viewer, record, self.host.territory)
        ):
            raise NotFoundException("There is no such request.")
        if not may(self.viewer, permission, record, self.host.territory):
            raise PermissionDeniedException(f"This needs the right '{permission}' over the request.")
        self.viewer = await with_reveals(self.viewer, record, self.host.territory)
        if is_look:
            self.looks(record)
        return record

    def looks(self, record: Record, what: What = "page") -> None:
        """Note that the person looks at a request, or takes something of it; written later, by nobody's page."""
        self.heart.looks.at(self.viewer, record, what)

    def takes(self, name: str, rows: int, id: UUID | None = None) -> UUID:
        """Note that the person takes a list away."""
        return self.heart.looks.taken(self.viewer, self.town.code, name, rows, id)

    def writes(self, record: Record) -> None:
        """Note that the person has begun to write on a request; others who open it are told for some minutes."""
        self.heart.writers.at(self.viewer, record.reference, WITHOUT_SCRIPTS)

    def writing(self, references: Collection[str]) -> dict[str, str]:
        """That others write there now, in words; nothing of requests on which nobody does."""
        found = self.heart.writers.others(references, self.viewer)
        return {reference: _writing_words(said) for reference, said in found.items()}

    def may(self, permission: Permission, record: Record) -> bool:
        return may(self.viewer, permission, record, self.host.territory)

    def scope(self, permission: Permission) -> Scope:
        """The requests over which the person has a right."""
        return scope_of(self.viewer, self.town.code, self.host.territory, permission)

    @cached_property
    def own_units(self) -> tuple[str, ...]:
        """The units that the person works for; none for whom the whole town is theirs."""
        return tuple(sorted({each.unit for each in self.viewer.reaches if each.jurisdiction == self.town.code} - {""}))

    def units_for(self, permission: Permission) -> tuple[tuple[str, str], ...]:
        """Units over which the person has a right, by code, as a tree told by indentation."""
        allowed = self.scope(permission).units
        return tuple((code, name) for code, name in unit_tree(self.town) if allowed is None or code in allowed)

    def menu(self) -> list[MenuItem]:
        """What the person may open: each day's pages one by one, the others gathered by what they are for."""
        shown = [each for each in MENU if each.right in (ANYBODY, *self.rights) and each.when(self)]
        waiting = {CALLS: _many(calls_waiting(self.request)), PUBLIC_PAGES: _many(pages_reported(self.request))}
        items: list[MenuItem] = []
        for gathered, entries in groupby(shown, key=lambda each: each.group):
            inside = tuple(self._item(each, waiting.get(each.path, "")) for each in entries)
            if gathered is None or len(inside) == 1:
                items.extend(inside)
            else:
                within: Literal["", "true"] = "true" if any(each.current for each in inside) else ""
                items.append(MenuItem(text=gathered(), current=within, inside=inside))
        return items

    def procedures(self) -> list[MenuItem]:
        """The pages beside the one that shows a procedure of the town."""
        return [self._item(each, "") for each in PROCEDURES if each.right in self.rights]

    def _item(self, entry: "Entry", waiting: str) -> MenuItem:
        path = self.request.url.path.rstrip("/") or "/"
        current: Literal["", "page", "true"] = ""
        if path == entry.path:
            current = "page"
        elif entry.path != QUEUE and path.startswith((f"{entry.path}/", *entry.beside)):
            current = "true"
        return MenuItem(text=entry.text(), href=entry.path, icon=entry.icon, current=current, waiting=waiting)

    def show(
        self, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Response[str]:
        """A page of the desk: in the person's language, never kept by the browser."""
        pages: Pages = self.request.app.state.pages
        return pages.render(
            self.request,
            template,
            status=status,
            headers=headers,
            menu=self.menu(),
            person=self.person,
            language=self.language,
            alternates={},
            keep=False,
            room=self,
            **values,
        )


async def count_calls(request: AnyRequest) -> None:
    """Before a page is made: how many calls and reported public pages wait for whoever sees to them, for the menu."""
    if request.method != "GET" or not wants_page(request):
        return
    room = Room(request)
    asked = {"calls": "intake" in room.rights, "pages": "amend" in room.rights}
    request.state.waiting = await waiting_for(room.heart, room.viewer, room.town, **asked)


def calls_waiting(request: AnyRequest) -> int:
    """The calls among them, once they are counted."""
    return _waiting(request).calls


def pages_reported(request: AnyRequest) -> int:
    """The reported public pages among them."""
    return _waiting(request).pages


def _waiting(request: AnyRequest) -> Waiting:
    waiting: Waiting = request.state.get("waiting", Waiting())
    return waiting


def _many(number: int) -> str:
    return f"{MANY - 1}+" if number >= MANY else str(number) if number else ""


def always(room: Room) -> bool:
    """Whatever the town offers."""
    return True


def asks_opinions(room: Room) -> bool:
    """Whether any request of this town can ask for opinions."""
    return any(kind.reviews for kind in room.heart.house.types_of(room.town.plugins))


def grants_or_demands(room: Room) -> bool:
    """Whether anything that this town grants ends or has conditions."""
    return any(kind.validity or kind.obligations for kind in types_of(room.heart, room.town))


def fetches_mail(room: Room) -> bool:
    """Whether this installation takes in the mail that people write."""
    return bool(room.heart.answers_to)


def works_here(room: Room) -> bool:
    """Whether the person sees requests of this town, or answers for their privacy."""
    return bool({"see", "privacy"} & room.rights)


def inspects(room: Room) -> bool:
    """Whether any request of this town is looked at on the spot."""
    return any(kind.inspections for kind in types_of(room.heart, room.town))


def operates(room: Room) -> bool:
    """Whether the person runs the installation, whichever town's page this is."""
    return any("operate" in reach.permissions for reach in room.viewer.reaches)


def _writing_words(said: tuple[Said, ...]) -> str:
    """Who writes there now, then when those did of whom nothing more was heard."""
    now = clock.now()
    words = [
        gettext("%(name)s was writing here %(when)s")
        % {"name": each.name, "when": i18n.format_relative(each.said_at, now)}
        for each in said
        if now - each.said_at > WHILE_TYPING
    ]
    if names := [each.name for each in said if now - each.said_at <= WHILE_TYPING]:
        here = ngettext("%(names)s is writing here", "%(names)s are writing here", len(names))
        words.insert(0, here % {"names": i18n.format_list(names)})
    return " · ".join(words)


ANYBODY: Literal[""] = ""


class Entry(NamedTuple):
    """A page in the menu: the right that it needs somewhere in the town, whether the town has it, what gathers it.

    `beside` are the pages that are reached from it, and stand under no line of their own.
    """

    right: Permission | Literal[""]
    text: Callable[[], str]
    path: str
    icon: str
    when: Callable[[Room], bool] = always
    group: Callable[[], str] | None = None
    beside: tuple[str, ...] = ()


def work() -> str:
    return pgettext("menu", "Work")


def situation() -> str:
    return pgettext("menu", "Situation")


def management() -> str:
    return pgettext("menu", "Management")


PROCEDURES = (
    Entry("see", lambda: gettext("Routing"), RULES, ""),
    Entry("see", lambda: gettext("Service levels"), DELAYS, ""),
    Entry("see", lambda: gettext("Ready texts"), TEXTS, ""),
)
"""What a town decides about its work at the desk: pages beside one another, under one line of the menu."""

MENU = (
    Entry("see", lambda: gettext("Queue"), QUEUE, "inbox"),
    Entry("see", lambda: gettext("For me"), FOR_ME, "user"),
    Entry("intake", lambda: gettext("Calls to make"), CALLS, "phone"),
    Entry("see", lambda: gettext("Left lying"), LYING, "list", group=work),
    Entry("intake", lambda: gettext("Mail to sort"), MAIL, "mail", fetches_mail, work),
    Entry("work", lambda: gettext("Tasks"), TASKS, "check", asks_opinions, work),
    Entry("see", lambda: gettext("Due dates"), DEADLINES, "clock", grants_or_demands, work),
    Entry("work", lambda: gettext("Inspections"), VISITS, "calendar", inspects, work),
    Entry("see", lambda: gettext("Incidents"), INCIDENTS, "warning", group=situation),
    Entry("report", lambda: gettext("Notices"), NOTICES, "bell", group=situation),
    Entry("amend", lambda: gettext("Public pages"), PUBLIC_PAGES, "globe", group=situation),
    Entry("report", lambda: gettext("Dashboard"), FIGURES, "chart", group=management),
    Entry("report", lambda: gettext("Codes to scan"), CODES, "grid", group=management),
    Entry(
        "route",
        lambda: gettext("Procedures"),
        RULES,
        "road",
        group=management,
        beside=tuple(each.path for each in PROCEDURES),
    ),
    Entry("work", lambda: gettext("Absences"), ABSENCES, "calendar", group=management),
    Entry(ANYBODY, lambda: gettext("Conflicts of interest"), CONFLICTS, "lock", works_here, management),
    Entry("privacy", lambda: gettext("Access to confidential information"), CONFIDENTIAL, "lock", group=management),
    Entry(ANYBODY, lambda: gettext("Operations"), OPERATORS, "gear", operates),
)
"""The menu of the desk, in the order in which it is read."""


def unit_tree(town: Jurisdiction) -> tuple[tuple[str, str], ...]:
    """All units, each below the one it belongs to, with as many dashes as it lies deep."""

    def below(parent: str, depth: int) -> list[tuple[str, str]]:
        children = sorted((unit for unit in town.units.values() if unit.parent == parent), key=_name)
        lines: list[tuple[str, str]] = []
        for unit in children:
            lines.append((unit.code, f"{'– ' * depth}{i18n.say(unit.name)}"))
            lines.extend(below(unit.code, depth + 1))
        return lines

    return tuple(below("", 0))


def _name(unit: Unit) -> str:
    return fold(i18n.say(unit.name))


def unit_name(town: Jurisdiction, code: str) -> str:
    """The unit's name today; its code once it is gone."""
    unit = town.unit(code)
    return i18n.say(unit.name) if unit else code


def zone_name(town: Jurisdiction, code: str) -> str:
    zone = town.zone(code)
    return gettext("No zone") if code == NOWHERE else i18n.say(zone.name) if zone else code


def title_of(room: Room, code: str) -> str:
    """A request type's title today; its code once its plugin is gone."""
    kind = room.heart.house.request_type(code)
    return kind.title.to(room.language) if kind else code


def case_path(reference: str, *steps: str) -> str:
    """The address of a request at the desk, or of what is done to it."""
    return "/".join(("/bureau/requete", *(quote(step, safe="") for step in (reference, *steps))))


def go(path: str) -> Redirect:
    """After something was done: to a page that may be loaded again without doing it again."""
    return Redirect(path, status_code=303)
