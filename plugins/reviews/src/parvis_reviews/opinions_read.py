"""The opinions on a request that one viewer may read, in words: for whatever is handed out whole."""

from parvis.jurisdictions import Jurisdictions
from parvis.requests.parts.part_kinds import ArchivedEntry
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_reviews.opinion_readers import reads
from parvis_reviews.opinions import last_of, opinions_of
from parvis_reviews.review_tasks import declared, tasks_of
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import RECOMMENDED, Review


async def opinions_for(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[ArchivedEntry, ...]:
    """Gather them, in the order in which they were asked for."""
    tasks = await tasks_of(record.id) if request_type.of(Review) else ()
    readable = [
        task for task in tasks if task.opinions and reads(viewer, task, tasks, record, request_type, jurisdictions)
    ]
    opinions = await opinions_of(record.id) if readable else ()
    shown = []
    for task in readable:
        found, opinion = declared(request_type, task), last_of(opinions, task.id)
        if found is not None and opinion is not None:
            shown.append(
                ArchivedEntry(
                    data={
                        "task": found[1].title,
                        "recommendation": RECOMMENDED[opinion.recommendation],
                        "conditions": opinion.conditions,
                        "words": opinion.words,
                        "files": opinion.files,
                        "at": opinion.at,
                    },
                    title=found[1].title,
                    said=RECOMMENDED[opinion.recommendation],
                    at=opinion.at,
                    words=opinion.words,
                    points=opinion.conditions,
                    files=opinion.files,
                )
            )
    return tuple(shown)
