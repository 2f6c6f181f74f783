"""The opinions on a request as its page at the desk shows them: who is asked, by when, and what the viewer may read."""

from uuid import UUID

from parvis.people.agents import agents
from parvis.requests.records import Record
from parvis.web.desk.room import Room
from parvis.web.panels import Panel
from parvis.web.reviews import shown_reviews, state_words
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import Review

TASKS = "/bureau/taches"


def task_path(id: UUID | str, *steps: str) -> str:
    """The address of a task, or of what is done with it."""
    return "/".join((TASKS, str(id), *steps))


def file_path(id: UUID, file: str) -> str:
    return task_path(id, "fichiers", file)


async def review_panel(room: Room, record: Record, kind: RequestType) -> Panel | None:
    """All tasks with their states and dates, and for those who decide what they come to; None before any is asked."""
    if not kind.of(Review):
        return None
    people = {one.id: one.name for one in await agents(room.heart.engine, room.town.code)}
    reviews = await shown_reviews(room.heart, record, kind, room.viewer, file_path, people)
    values = {"reviews": reviews, "state_words": state_words, "task_path": task_path}
    return Panel(template="parts/reviews.html", values=values) if reviews else None
