"""The context of one page of operators: who is there, what they run, the menu and the sections."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import structlog
from litestar import Response
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation
from litestar.response import Redirect

from parvis import clock, i18n
from parvis.access_scope import Scope
from parvis.composition import Deployment
from parvis.i18n import gettext
from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Person
from parvis.requests.access_log import AccessLog
from parvis.requests.host import Host
from parvis.requests.records import records_of, those_of
from parvis.requests.visibility import Viewer
from parvis.viewers import permissions_in
from parvis.web.links import PageLink, spread
from parvis.web.pages import AnyRequest, MenuItem, Pages
from parvis.web.places import Nouns, Thing
from parvis.web.sign_in.signed_in import person_at, viewer_at
from parvis.web.town import find_town, town_of

HOME = "/exploitation"
PLUGINS = f"{HOME}/extensions"
MODULES = f"{HOME}/modules"
DELIVERIES = f"{HOME}/livraisons"
REVIVING = f"{DELIVERIES}/relance"
CIRCUITS = f"{HOME}/circuits"
CHORES = f"{HOME}/taches"
SETTINGS = f"{HOME}/parametres"
PEOPLE = f"{HOME}/personnes"
CLOCK = f"{HOME}/horloge"
DESK = "/bureau"
DAYS = 7  # of a period, where none is typed
LONGEST = 92
log = structlog.get_logger("parvis.operators")


class RequestReference(Protocol):
    """What may be about a request."""

    @property
    def reference(self) -> str: ...


About = TypeVar("About", bound=RequestReference)


class OperatorContext:
    """What a page of operators knows of its visitor; lives as long as it takes to answer."""

    def __init__(self, request: AnyRequest) -> None:
        self.request = request
        self.deployment: Deployment = request.app.state.deployment
        self.host: Host = self.deployment.host
        self.town: Jurisdiction = town_of(request.scope) or find_town(self.deployment.jurisdictions, request.scope)
        self.person: Person = person_at(request)
        self.viewer: Viewer = viewer_at(request)

    @property
    def towns(self) -> tuple[Jurisdiction, ...]:
        """The jurisdictions that the person runs; the installation itself is common to all."""
        every = self.deployment.jurisdictions.by_code.values()
        return tuple(town for town in every if "operate" in permissions_in(self.viewer, town.code))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """All requests of those jurisdictions."""
        return tuple(Scope(jurisdiction=town.code) for town in self.towns)

    def runs(self, jurisdiction: str) -> bool:
        """Whether the person runs this jurisdiction."""
        return any(town.code == jurisdiction for town in self.towns)

    async def theirs(self, lines: Sequence[About]) -> list[About]:
        """Those that are about requests of the jurisdictions that the person runs, or about none."""
        if len(self.towns) == len(self.deployment.jurisdictions.by_code):
            return list(lines)
        ours = await those_of(self.scopes, {each.reference for each in lines})
        return [each for each in lines if not each.reference or each.reference in ours]

    async def logs_access(self, references: Collection[str]) -> None:
        """Note that the person reads what was delivered or said about these requests; written later."""
        for record in await records_of(references):
            self.host.of(AccessLog).at(self.viewer, record, "delivery")

    def note(self, did: str, **about: Any) -> None:
        """What an operator does is told to the log, by codes and ids only."""
        log.info("operator", did=did, by=self.person.id, **about)

    def nouns(self, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
        """What is declared for a slot, of the core and of the modules that some town has."""
        nouns: Nouns = self.request.app.state.nouns
        towns, modules = tuple(self.deployment.jurisdictions.by_code.values()), self.host.modules
        return tuple(each for each in nouns.of(noun, slot) if modules.anywhere(each.owner, towns))

    def links(self, slot: str) -> list[PageLink]:
        """The lines of a slot that there is any use for."""
        return spread(self.nouns(PageLink, slot), self)

    def sections(self) -> list[MenuItem]:
        """The pages of this room."""
        return [each.item(self.request.url.path, home=HOME) for each in self.links("operators.menu")]

    def menu(self) -> list[MenuItem]:
        """The desk for those who work there too, and this room."""
        entries = [MenuItem(text=gettext("Operations"), href=HOME, icon="gear", current="page")]
        if any(permissions_in(self.viewer, self.town.code).intersection(("see", "work", "report"))):
            entries.insert(0, MenuItem(text=gettext("Queue"), href=DESK, icon="inbox"))
        return entries

    def town_name(self, code: str) -> str:
        """The name of a jurisdiction today; its code once it is gone."""
        town = self.deployment.jurisdictions.get(code)
        return i18n.say(town.name) if town else code

    def show(
        self, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
    ) -> Response[str]:
        """A page in the person's language, never kept by the browser."""
        pages: Pages = self.request.app.state.pages
        return pages.render(
            self.request,
            template if "/" in template else f"operators/{template}",  # those of modules say whose they are
            status=status,
            headers=headers,
            menu=self.menu(),
            person=self.person,
            language=self.person.language,
            alternates={},
            keep=False,
            room=self,
            done=self.request.query_params.get("fait", ""),
            **values,
        )


AtOperations = NamedDependency[SkipValidation[OperatorContext]]
AT_OPERATIONS = {"room": Provide(OperatorContext, sync_to_thread=False)}
"""What every handler of the operators’ pages may ask for: `room: AtOperations`."""


def go(path: str) -> Redirect:
    """After something was done: to a page that may be loaded again without doing it again."""
    return Redirect(path, status_code=303)


def period(since: str, until: str, town: Jurisdiction) -> tuple[date, date]:
    """The days that were typed, or the last week; in order, and not longer than a quarter."""
    today = clock.now().astimezone(ZoneInfo(town.time_zone)).date()
    first, last = sorted((_day(since, today - timedelta(days=DAYS)), _day(until, today)))
    return max(first, last - timedelta(days=LONGEST)), last


def _day(given: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return otherwise
    return day if 1990 <= day.year <= 2200 else otherwise
