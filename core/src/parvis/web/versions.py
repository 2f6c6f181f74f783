"""Every version of the answers of a request, side by side: what changed, when, by whom."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.i18n import gettext, say
from parvis.requests.actors import Actor
from parvis.requests.answer_versions import Version, versions_for
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.timeline import is_by
from parvis.requests.visibility import Viewer, sees_answer, sees_audience
from parvis.web.answers import answer_words
from parvis.web.storytelling import file_item, files_for
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment


class ShownVersion(Struct, frozen=True, kw_only=True):
    """One version in words; `files` where the answer is files. `stands` marks the one in force."""

    number: int
    at: datetime
    who: str
    words: Any
    files: list[dict[str, Any]]
    digest: str
    stands: bool


class AnswerHistory(Struct, frozen=True, kw_only=True):
    """A question with every version of its answer, oldest first."""

    label: str
    versions: tuple[ShownVersion, ...]


async def versioned(
    host: Host, record: Record, request_type: RequestType, viewer: Viewer, file_address: Callable[[str], str]
) -> tuple[AnswerHistory, ...]:
    """The questions that this viewer may see, those whose answers have changed first."""
    files = await files_for(host, record, viewer)
    shown = [
        AnswerHistory(
            label=say(field.label),
            versions=tuple(_shown(field, each, versions[-1], viewer, files, file_address) for each in versions),
        )
        for field, versions in await versions_for(viewer, record, request_type, host.jurisdictions)
    ]
    return tuple(sorted(shown, key=lambda one: len(one.versions) == 1))


class DecisionVersions(Struct, frozen=True, kw_only=True):
    """A decision with the versions that it rests on."""

    title: str
    at: datetime
    versions: tuple[tuple[str, int], ...]
    digest: str


async def rested(host: Host, record: Record, request_type: RequestType, viewer: Viewer) -> tuple[DecisionVersions, ...]:
    """The decisions of a request, each with what it rests on as far as this viewer may see that."""
    labels = {
        field.code: say(field.label)
        for field in request_type.form.fields()
        if sees_answer(viewer, field, record, host.jurisdictions)
    }
    return tuple(
        DecisionVersions(
            title=say(request_type.workflow.state(entry.body["target"]).title),
            at=entry.at,
            versions=tuple((labels[code], number) for code, number in said["versions"].items() if code in labels),
            digest=said["digest"][:16],
        )
        for entry in await entries_of(record)
        if (said := entry.body.get("rests_on")) and sees_audience(viewer, entry.audience, record, host.jurisdictions)
    )


def _shown(
    field: AnyField,
    version: Version,
    last: Version,
    viewer: Viewer,
    files: dict[str, Attachment],
    file_address: Callable[[str], str],
) -> ShownVersion:
    value = version.value
    is_files = isinstance(field, Photo | File)
    words = gettext("Withdrawn") if value is None else answer_words(field, value, files)
    return ShownVersion(
        number=version.number,
        at=version.at,
        who=_who(version.actor, viewer),
        words="" if is_files and value is not None else words,
        files=[file_item(files[id], file_address) for id in value or () if id in files] if is_files else [],
        digest=version.digest[:12],
        stands=version is last,
    )


def _who(actor: Actor, viewer: Viewer) -> str:
    if viewer.kind == "holder" and is_by(viewer, actor):
        return gettext("by you")
    if actor.kind == "requester":
        return actor.name or gettext("the requester")
    return actor.name if viewer.is_staff and actor.name else gettext("the town")
