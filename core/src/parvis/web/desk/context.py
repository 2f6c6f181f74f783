"""The context of one page of the desk: who is there, for which town, with which rights; its menu and its links."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import SkipValidation
from litestar.response import Redirect
from msgspec import structs

from parvis import clock, i18n
from parvis.access_scope import Condition, Scope
from parvis.i18n import gettext, ngettext, pgettext
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.units import Unit
from parvis.people.agents import Person
from parvis.requests.access_log import AccessLog, What, find_revealed
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Permission, Viewer, may, scope_of, sees
from parvis.requests.work.presence import WHILE_TYPING, WITHOUT_SCRIPTS, Presence, PresenceSignal
from parvis.requests.work.waiting import MANY, counts_of
from parvis.viewers import permissions_in
from parvis.web.desk.row_selection import SLOT as SELECTED
from parvis.web.desk.row_selection import RowSelection
from parvis.web.errors import wants_page
from parvis.web.links import ANYBODY, PageLink, gathered, spread
from parvis.web.pages import AnyRequest, MenuItem, Pages
from parvis.web.places import Thing, nouns_in
from parvis.web.sign_in.signed_in import person_at, viewer_at
from parvis.web.town import find_town, town_of
from parvis.web.value_names import NOWHERE
from parvis_sdk.text_normalisation import fold

if TYPE_CHECKING:
    pass


def work() -> str:
    return pgettext("menu", "Work")


def management() -> str:
    return pgettext("menu", "Management")


def operates(room: "DeskContext") -> bool:
    """Whether the person runs the installation, whichever town's page this is."""
    return any("operate" in reach.permissions for reach in room.viewer.reaches)


PROCEDURES = PageLink(
    slot="desk.menu",
    path="/bureau/regles",
    after="/bureau/codes",
    text=lambda: gettext("Procedures"),
    right="route",
    icon="road",
    group=management,
    holds="desk.procedures",
)
"""What a town decides about its work at the desk: pages beside one another, led to by one line of the menu."""

OPERATIONS = PageLink(
    slot="desk.menu",
    path="/exploitation",
    after="/bureau/regles",
    text=lambda: gettext("Operations"),
    when=operates,
    icon="gear",
)


QUEUE, ACCOUNT = "/bureau", "/bureau/compte"
MENU = "desk.menu"


class DeskContext:
    """What a page of the desk knows of its visitor and town; lives as long as it takes to answer."""

    def __init__(self, request: AnyRequest) -> None:
        self.request = request
        self.host: Host = request.app.state.deployment.host
        self.town: Jurisdiction = town_of(request.scope) or find_town(self.host.jurisdictions, request.scope)
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
        record, viewer = await find_revealed(self.host, reference, self.viewer)
        if (
            record is None
            or record.jurisdiction != self.town.code
            or not sees(self.viewer, record, self.host.jurisdictions)
        ):
            raise NotFoundException("There is no such request.")
        if not may(self.viewer, permission, record, self.host.jurisdictions):
            raise PermissionDeniedException(f"This needs the right '{permission}' over the request.")
        self.viewer = viewer
        if is_look:
            self.logs_access(record)
        return record

    def logs_access(self, record: Record, what: What = "page") -> None:
        """Note that the person looks at a request, or takes something of it; written later, by nobody's page."""
        self.host.of(AccessLog).at(self.viewer, record, what)

    def takes(self, name: str, rows: int, id: UUID | None = None) -> UUID:
        """Note that the person takes a list away."""
        return self.host.of(AccessLog).taken(self.viewer, self.town.code, name, rows, id)

    def writes(self, record: Record) -> None:
        """Note that the person has begun to write on a request; others who open it are told for some minutes."""
        self.host.of(Presence).at(self.viewer, record.reference, WITHOUT_SCRIPTS)

    def writing(self, references: Collection[str]) -> dict[str, str]:
        """That others write there now, in words; nothing of requests on which nobody does."""
        found = self.host.of(Presence).others(references, self.viewer)
        return {reference: _writing_words(said) for reference, said in found.items()}

    def may(self, permission: Permission, record: Record) -> bool:
        return may(self.viewer, permission, record, self.host.jurisdictions)

    def scope(self, permission: Permission) -> Scope:
        """The requests over which the person has a right."""
        return scope_of(self.viewer, self.town.code, self.host.jurisdictions, permission)

    @cached_property
    def own_units(self) -> tuple[str, ...]:
        """The units that the person works for; none for whom the whole town is theirs."""
        return tuple(sorted({each.unit for each in self.viewer.reaches if each.jurisdiction == self.town.code} - {""}))

    def units_for(self, permission: Permission) -> tuple[tuple[str, str], ...]:
        """Units over which the person has a right, by code, as a tree told by indentation."""
        allowed = self.scope(permission).units
        return tuple((code, name) for code, name in unit_tree(self.town) if allowed is None or code in allowed)

    def nouns(self, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
        """What is declared for a slot and there in this town."""
        return nouns_in(self.request, self.host, self.town, noun, slot)

    def links(self, slot: str) -> list[PageLink]:
        """The lines of a slot that the person has, in this town."""
        rights = (ANYBODY, *self.rights)
        return spread((each for each in self.nouns(PageLink, slot) if each.right in rights), self)

    @cached_property
    def selection(self) -> RowSelection | None:
        """What the person does with rows that they tick; None where nothing is, or not by this person."""
        found = (each for each in self.nouns(RowSelection, SELECTED) if not self.rights.isdisjoint(each.rights))
        return next(found, None)

    def menu(self) -> list[MenuItem]:
        """What the person may open: each day's pages one by one, the others gathered by what they are for."""
        waiting = waiting_at(self.request)
        lines = (line for each in self.links(MENU) if (line := self._leading(each)) is not None)
        return gathered((each.group, self._item(each, _many(waiting.get(each.path, 0)))) for each in lines)

    def procedures(self) -> list[MenuItem]:
        """The pages beside the one that shows a rule set of the town."""
        return [self._item(each) for each in self.links("desk.procedures")]

    def _leading(self, link: PageLink) -> PageLink | None:
        """A line that holds pages leads to the first of those that the town has, and is not there where it has none."""
        held = self.links(link.holds) if link.holds else [link]
        return structs.replace(link, path=held[0].path) if held else None

    def _item(self, link: PageLink, waiting: str = "") -> MenuItem:
        beside = [each.path for each in self.links(link.holds)]
        return link.item(self.request.url.path, waiting=waiting, home=QUEUE, beside=beside)

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


AtDesk = NamedDependency[SkipValidation[DeskContext]]
AT_THE_DESK = {"room": Provide(DeskContext, sync_to_thread=False)}
"""What every handler of the desk may ask for: `room: AtDesk`."""


async def count_waiting(request: AnyRequest, besides: Callable[["DeskContext"], Mapping[str, Condition]]) -> None:
    """Before a page is made: how much waits behind the lines of its menu, and `besides` on it, in one statement."""
    if request.method != "GET" or not wants_page(request):
        return
    room = DeskContext(request)
    counted = {each.path: each.waiting(room) for each in room.links(MENU) if each.waiting}
    asked = {path: query for path, query in counted.items() if query}
    request.state.waiting = await counts_of({**asked, **besides(room)})


def waiting_at(request: AnyRequest) -> Mapping[str, int]:
    """How much waits behind each line of the menu that counts, once it is counted."""
    waiting: Mapping[str, int] = request.state.get("waiting", {})
    return waiting


def _many(number: int) -> str:
    return f"{MANY - 1}+" if number >= MANY else str(number) if number else ""


def _writing_words(said: tuple[PresenceSignal, ...]) -> str:
    """Who writes there now, then those who stopped, with the time of their last sign."""
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
    return gettext("No sector") if code == NOWHERE else i18n.say(zone.name) if zone else code


def title_of(room: DeskContext, code: str) -> str:
    """A request type's title today; its code once its plugin is gone."""
    request_type = room.host.plugins.request_type(code)
    return request_type.title.to(room.language) if request_type else code


def case_path(reference: str, *steps: str) -> str:
    """The address of a request at the desk, or of what is done to it."""
    return "/".join(("/bureau/requete", *(quote(step, safe="") for step in (reference, *steps))))


def go(path: str) -> Redirect:
    """After something was done: to a page that may be loaded again without doing it again."""
    return Redirect(path, status_code=303)
