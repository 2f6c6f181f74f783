"""The tasks: opinions that the person or their unit must give, as the address says; and how long they take."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.exceptions import ClientException
from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext, pgettext
from parvis.people.agents import agents
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.offered import brought
from parvis.requests.remaining_parts import has_part
from parvis.web.desk.context import AtDesk, DeskContext, unit_name, work
from parvis.web.desk.lists.filtering import ME, NOBODY, assignee_of
from parvis.web.desk.lists.stalled import StalledList, StalledSource, stalled_since
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis_reviews.desk.reviewing import task_path
from parvis_reviews.opinion_days import days_by_task
from parvis_reviews.review_letters import TASKS
from parvis_reviews.shown import state_words
from parvis_reviews.tasks_found import FoundTasks, TaskFilters, Which, tasks_for
from parvis_sdk.reviews import Review

ROWS = 50
STATES: dict[str, Which] = {
    "": "open",
    "retard": "overdue",
    "suite": "waiting",
    "donnes": "given",
    "tous": "all",
}
MOST_VALUE = 100


class AskedTasks(Struct, frozen=True, kw_only=True):
    """A list of tasks as its address asks for it."""

    state: str = ""
    who: str = ""
    unit: str = ""
    task: str = ""
    after: str = ""

    def address(self, **changes: str) -> str:
        names = {"etat": self.state, "a": self.who, "unite": self.unit, "tache": self.task, "apres": ""} | changes
        query = urlencode([(name, value) for name, value in names.items() if value])
        return f"{TASKS}?{query}" if query else TASKS


def read(request: AnyRequest) -> AskedTasks:
    def given(name: str) -> str:
        return request.query_params.get(name, "").replace("\x00", "").strip()

    state = given("etat")
    return AskedTasks(
        state=state if state in STATES else "",
        who=given("a")[:MOST_VALUE],
        unit=given("unite")[:MOST_VALUE],
        task=given("tache")[:MOST_VALUE],
        after=given("apres")[:400],
    )


@get(TASKS)
async def show_tasks(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The list; a fixed number of statements, however many tasks there are."""
    room.demand("work")
    asked = read(request)
    found = await _found(room, asked)
    names = {one.id: one.name for one in await agents(room.host.engine, room.town.code)}
    titles = _titles(room)
    return room.show(
        "reviews/tasks.html",
        asked=asked,
        found=found,
        names=names,
        views=_views(asked),
        units=[("", gettext("Any")), *room.units_for("work")],
        kinds=[("", gettext("Any")), *sorted(titles.items(), key=lambda one: one[1])],
        people=[("", gettext("Anybody")), (ME, gettext("Me")), (NOBODY, gettext("Nobody yet"))],
        states=[
            ("", pgettext("opinions", "To give")),
            ("retard", gettext("Overdue")),
            ("suite", gettext("Waiting for other opinions")),
            ("donnes", pgettext("opinions", "Given")),
            ("tous", gettext("All")),
        ],
        next_page=asked.address(apres=found.next_cursor) if found.next_cursor else "",
        task_path=task_path,
        state_words=state_words,
        unit_name=lambda code: unit_name(room.town, code),
        title_of=lambda code: titles.get(code, code),
        number=i18n.format_number,
        figures=await days_by_task(room.scope("report"), room.town.calendar) if "report" in room.rights else (),
    )


async def _found(room: DeskContext, asked: AskedTasks) -> FoundTasks:
    units = room.town.units_under(asked.unit) or ({asked.unit} if asked.unit else set())
    filters = TaskFilters(
        which=STATES[asked.state],
        assignee=assignee_of(asked.who, room.person.id),
        units=tuple(sorted(units)),
        task=asked.task,
    )
    try:
        return await tasks_for(room.host, room.viewer, room.town.code, filters, limit=ROWS, cursor=asked.after)
    except BadCursor as error:
        raise ClientException("The address of this page of the list is not one of ours.") from error


def _titles(room: DeskContext) -> dict[str, str]:
    """The names of all tasks that requests of this town may ask for, by their codes."""
    request_types = brought(room.host, room.town)
    return {
        task.code: i18n.say(task.title)
        for request_type in request_types
        for review in request_type.of(Review)
        for task in review.tasks
    }


def _views(asked: AskedTasks) -> list[tuple[str, str, bool]]:
    views = [
        (pgettext("opinions", "To give"), AskedTasks()),
        (gettext("Mine"), AskedTasks(who=ME)),
        (gettext("Nobody yet"), AskedTasks(who=NOBODY)),
        (gettext("Overdue"), AskedTasks(state="retard")),
        (gettext("Waiting for other opinions"), AskedTasks(state="suite")),
        (pgettext("opinions", "Given"), AskedTasks(state="donnes")),
    ]
    here = asked.address()
    return [(text, view.address(), view.address() == here) for text, view in views]


def asks_opinions(room: DeskContext) -> bool:
    """Whether any request of this town can ask for opinions."""
    return has_part(room.host, room.town, Review)


LINK = PageLink(
    slot="desk.menu",
    path=TASKS,
    guide="docs/permits#opinions",
    after="/bureau/ce-qui-traine",
    text=lambda: gettext("Opinions to give"),
    right="work",
    when=asks_opinions,
    icon="check",
    group=work,
)


async def overdue_opinions(room: DeskContext) -> tuple[StalledList, ...]:
    """Those whose day has passed."""
    late = await tasks_for(room.host, room.viewer, room.town.code, TaskFilters(which="overdue"), limit=1)
    overdue = StalledList(
        title=gettext("Opinions overdue"),
        meaning=gettext("Requested opinions that are past their due date."),
        href=f"{TASKS}?etat=retard",
        found=stalled_since(late.total, (row.task.due_at for row in late.rows)),
    )
    return (overdue,)


OVERDUE = StalledSource(
    name="opinions",
    after="calls",
    title=lambda: gettext("Opinions overdue"),
    right="work",
    when=asks_opinions,
    find=overdue_opinions,
)
