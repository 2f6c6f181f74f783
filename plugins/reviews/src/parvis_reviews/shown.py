"""Tasks and opinions as pages show them, each to the viewer who may see it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext, pgettext, say
from parvis.requests.attached.attachments import kept_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, may
from parvis.web.answers import answer_rows
from parvis.web.downloads import shown_file
from parvis_reviews.opinion_readers import does, reads
from parvis_reviews.opinions import Opinion, opinions_of
from parvis_reviews.review_tasks import OpinionTask, declared, rounds_of, tasks_of
from parvis_sdk.fields import File, Photo
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.review_rules import DEEMED, deemed_words
from parvis_sdk.reviews import RECOMMENDED, Review, Task
from parvis_sdk.text import Text

OUTCOMES: dict[str, Text] = {each.value: label for each, label in RECOMMENDED.items()}
FileAt = Callable[[UUID, str], str]


class ShownOpinion(Struct, frozen=True, kw_only=True):
    """One version of an opinion, for those who may read it."""

    number: int
    recommendation: str
    title: str
    conditions: tuple[str, ...]
    words: str
    rows: list[dict[str, Any]]
    files: list[dict[str, Any]]
    by: str
    late: bool
    at: datetime
    erased: bool
    noted: bool = False


class ShownTask(Struct, frozen=True, kw_only=True):
    """One task. `versions` are those of its opinion, the last first, none where the viewer may not read it.

    `deemed` says what one that never came is deemed to be, and by which rule: for everybody who sees the task.
    """

    id: UUID
    title: str
    who: str
    person: str
    state: str
    is_overdue: bool
    asked_at: datetime | None
    due_at: datetime | None
    given_at: datetime | None
    late: bool
    mine: bool
    withheld: bool
    versions: tuple[ShownOpinion, ...]
    deemed: str = ""

    @property
    def opinion(self) -> ShownOpinion | None:
        return self.versions[0] if self.versions else None


class ShownReview(Struct, frozen=True, kw_only=True):
    """One review: the tasks of its last round, what they came to for those who decide, the conditions they may read."""

    title: str
    state: str
    outcome: str
    tasks: tuple[ShownTask, ...]
    conditions: tuple[tuple[str, str], ...]
    earlier: tuple[ShownTask, ...]


async def shown_reviews(
    host: Host, record: Record, request_type: RequestType, viewer: Viewer, file_at: FileAt, people: Mapping[str, str]
) -> tuple[ShownReview, ...]:
    """Every review of a request that has begun; four statements at most, however many tasks there are."""
    tasks = await tasks_of(record.id) if request_type.of(Review) else ()
    rounds = await rounds_of(record.id) if request_type.of(Review) else ()
    opinions = await opinions_of(record.id) if any(task.opinions for task in tasks) else ()
    files = {each.attachment.id: each.attachment for each in await kept_of(record)} if opinions else {}
    view = _View(host, record, request_type, viewer, tasks, opinions, files, file_at, people)
    shown = []
    for review in request_type.of(Review):
        last = next((each for each in reversed(rounds) if each.code == review.code), None)
        if last is not None:
            shown.append(view.review(review, last.round, last.state))
    return tuple(shown)


class _View:
    """Lives as long as one page takes to draw."""

    def __init__(
        self,
        host: Host,
        record: Record,
        request_type: RequestType,
        viewer: Viewer,
        tasks: tuple[OpinionTask, ...],
        opinions: tuple[Opinion, ...],
        files: Mapping[str, Attachment],
        file_at: FileAt,
        people: Mapping[str, str],
    ) -> None:
        self.host, self.record, self.kind, self.viewer = host, record, request_type, viewer
        self.tasks, self.opinions, self.files = tasks, opinions, files
        self.file_at, self.people = file_at, people
        self.town = host.jurisdictions.get(record.jurisdiction)

    def review(self, review: Review, round: int, state: str) -> ShownReview:
        ours = [task for task in self.tasks if task.review == review.code]
        now = tuple(self.task(task) for task in ours if task.round == round and task.state != "cancelled")
        decides = may(self.viewer, "work", self.record, self.host.jurisdictions)
        outcome = OUTCOMES.get(state) if decides else None
        return ShownReview(
            title=say(review.title),
            state=state if decides or state in ("open", "cancelled") else "done",
            outcome=say(outcome) if outcome else "",
            tasks=now,
            conditions=_conditions(now),
            earlier=tuple(self.task(task) for task in ours if task.round < round and task.opinions),
        )

    def task(self, task: OpinionTask) -> ShownTask:
        found = declared(self.kind, task)
        readable = reads(self.viewer, task, self.tasks, self.record, self.kind, self.host.jurisdictions)
        versions = [each for each in reversed(self.opinions) if each.task == task.id] if readable else []
        unit = self.town.unit(task.unit) if self.town else None
        staff = self.viewer.is_staff
        return ShownTask(
            id=task.id,
            title=say(found[1].title) if found else task.task,
            who=task.body or (say(unit.name) if unit else task.unit),
            person=self.people.get(str(task.assignee), "") if task.assignee and staff else "",
            state=task.state,
            is_overdue=task.is_overdue(clock.now()),
            asked_at=task.asked_at,
            due_at=task.due_at,
            given_at=task.given_at,
            late=task.late,
            mine=does(self.viewer, task, self.record, self.host.jurisdictions),
            withheld=task.state == "given" and not readable,
            deemed=say(words) if task.state == DEEMED and found and (words := deemed_words(found[1])) else "",
            versions=tuple(self.opinion(each, task, found[1] if found else None) for each in versions),
        )

    def opinion(self, opinion: Opinion, task: OpinionTask, wanted: Task | None) -> ShownOpinion:
        fields = wanted.asks.fields() if wanted else ()
        asked = [field for field in fields if not isinstance(field, Photo | File)]
        named = [self.files[id] for id in opinion.files if id in self.files]
        return ShownOpinion(
            number=opinion.number,
            recommendation=opinion.recommendation.value,
            title=say(RECOMMENDED[opinion.recommendation]),
            conditions=opinion.conditions,
            words=opinion.words,
            rows=answer_rows(asked, opinion.given, self.files),
            files=[shown_file(file, self.file_at(task.id, file.id)) for file in named],
            by=opinion.by.name if self.viewer.is_staff else "",
            late=opinion.late,
            at=opinion.at,
            erased=not opinion.given,
            noted=task.state == DEEMED,
        )


def _conditions(tasks: tuple[ShownTask, ...]) -> tuple[tuple[str, str], ...]:
    """All conditions together, each with its task, where more than one opinion sets any."""
    setting = [task for task in tasks if task.opinion and task.opinion.conditions and task.state != DEEMED]
    if len(setting) < 2:
        return ()
    return tuple((task.title, condition) for task in setting if task.opinion for condition in task.opinion.conditions)


def state_words(state: str) -> str:
    """Where a task stands, in words."""
    return {
        "waiting": gettext("After the other opinions"),
        "asked": gettext("Expected"),
        "given": pgettext("opinion", "Received"),
        "deemed": gettext("Deemed given"),
        "cancelled": gettext("No longer needed"),
    }.get(state, state)
