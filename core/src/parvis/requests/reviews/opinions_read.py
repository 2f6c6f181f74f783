"""The opinions on a request that one viewer may read, in words: for whatever is handed out whole."""

from datetime import datetime

from msgspec import Struct

from parvis.requests.records import Record
from parvis.requests.reviews.opinion_readers import reads
from parvis.requests.reviews.opinions import last_of, opinions_of
from parvis.requests.reviews.review_tasks import declared, tasks_of
from parvis.requests.visibility import Viewer
from parvis.territory import Territory
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import RECOMMENDED, Review
from parvis_sdk.text import Text


class ReadOpinion(Struct, frozen=True, kw_only=True):
    """One opinion as it stands, with the ids of its files."""

    title: Text
    recommendation: Text
    conditions: tuple[str, ...]
    words: str
    files: tuple[str, ...]
    at: datetime


async def opinions_for(
    viewer: Viewer, record: Record, kind: RequestType, territory: Territory
) -> tuple[ReadOpinion, ...]:
    """Gather them, in the order in which they were asked for."""
    tasks = await tasks_of(record.id) if kind.of(Review) else ()
    readable = [task for task in tasks if task.opinions and reads(viewer, task, tasks, record, kind, territory)]
    opinions = await opinions_of(record.id) if readable else ()
    shown = []
    for task in readable:
        found, opinion = declared(kind, task), last_of(opinions, task.id)
        if found is not None and opinion is not None:
            shown.append(
                ReadOpinion(
                    title=found[1].title,
                    recommendation=RECOMMENDED[opinion.recommendation],
                    conditions=opinion.conditions,
                    words=opinion.words,
                    files=opinion.files,
                    at=opinion.at,
                )
            )
    return tuple(shown)
