"""The story of a request as the timeline on its pages: newest first, with words, answers and files ready to show."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from parvis.i18n import gettext, say
from parvis.requests.attached.attachments import StoredFile
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.timeline import StoryLine, files_reaching
from parvis.requests.visibility import Viewer
from parvis.web.answers import answer_words
from parvis.web.downloads import shown_file
from parvis.web.formats import paragraphs
from parvis.web.promise import why_moved
from parvis_sdk.fields import File, Photo
from parvis_sdk.requests import Attachment

PLAIN_WORDS = {"reason"}  # what a step was explained by needs no question above it


def entries_of_story(
    lines: Sequence[StoryLine], file_address: Callable[[str], str], *, mine: bool = False
) -> list[dict[str, Any]]:
    """The lines for `timeline`, newest first; `mine` marks what the reader did."""
    return [entry(line, file_address, mine=mine) for line in reversed(lines)]


def entry(line: StoryLine, file_address: Callable[[str], str], *, mine: bool) -> dict[str, Any]:
    return {
        "title": line.title,
        "at": line.at,
        "by": gettext("by you") if mine and line.by_requester and line.kind != "received" else line.who,
        "body": body(line, mine=mine),
        "kind": "mine" if mine and line.by_requester else "",
        "files": [file_item(file, file_address) for file in line.attachments],
    }


def body(line: StoryLine, *, mine: bool = False) -> Markup:
    """What was said, what was answered with it, and to which date the promise has moved."""
    parts = [paragraphs(line.words)] if line.words else []
    if line.folded:
        parts.append(folded(line))
    for answer in line.answers:
        if isinstance(answer.field, Photo | File):
            continue
        words = answer_words(answer.field, answer.value)
        shown = words if isinstance(words, Markup) else paragraphs(str(words))
        if answer.field.code in PLAIN_WORDS:
            parts.append(shown)
        else:
            label = say(answer.label)
            parts.append(Markup("<p><strong>{}</strong></p>{}").format(label, shown))
    if line.promised_at and line.number > 1:
        parts.append(Markup("<p>{}</p>").format(why_moved(line, mine=mine)))
    return Markup("").join(parts)


def folded(line: StoryLine) -> Markup:
    """What a mail quoted and what stood below its words, one press away."""
    label = gettext("Quoted text and signature")
    return Markup("<details><summary>{}</summary>{}</details>").format(label, paragraphs(line.folded))


def file_item(file: Attachment, file_address: Callable[[str], str]) -> dict[str, Any]:
    return shown_file(file, file_address(file.id))


async def files_for(
    host: Host, record: Record, viewer: Viewer, files: tuple[StoredFile, ...] | None = None
) -> dict[str, Attachment]:
    """The files of a request that may reach the viewer, by their ids; `files` are all of it, where they are known."""
    reaching = await files_reaching(viewer, record, host.jurisdictions, files)
    return {each.attachment.id: each.attachment for each in reaching}


def files_given(
    files: Mapping[str, Attachment], lines: Sequence[StoryLine], file_address: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Those that came with the request itself and stand nowhere in its story, for `file_list`."""
    told = files_of_story(lines)
    return [file_item(file, file_address) for id, file in files.items() if id not in told]


def files_of_story(lines: Sequence[StoryLine]) -> dict[str, Attachment]:
    return {file.id: file for line in lines for file in line.attachments}
