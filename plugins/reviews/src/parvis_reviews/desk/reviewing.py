"""The opinions on a request as its page at the desk shows them: who is asked, by when, and what the viewer may read."""

from uuid import UUID

from parvis.i18n import gettext
from parvis.people.agents import agents
from parvis.requests.rows_there import RowsOf
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_reviews.review_letters import TASKS
from parvis_reviews.shown import shown_reviews, state_words
from parvis_sdk.reviews import Review


def task_path(id: UUID | str, *steps: str) -> str:
    """The address of a task, or of what is done with it."""
    return "/".join((TASKS, str(id), *steps))


def file_path(id: UUID, file: str) -> str:
    return task_path(id, "fichiers", file)


async def review_panel(room: DeskContext, case: Case) -> Panel | None:
    """All tasks with their states and dates, and for those who decide what they come to; None before any is asked."""
    people = {one.id: one.name for one in await agents(room.host.engine, room.town.code)}
    reviews = await shown_reviews(room.host, case.record, case.request_type, room.viewer, file_path, people)
    values = {"reviews": reviews, "state_words": state_words, "task_path": task_path}
    return Panel(template="reviews/box.html", values=values) if reviews else None


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="opinions",
    after="conditions",
    title=lambda: gettext("Opinions"),
    applies=lambda room, case: bool(case.request_type.of(Review)),
    rows=(RowsOf("review"),),
    draw=review_panel,
)
