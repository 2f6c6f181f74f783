"""What its requester wrote while others made the same step: kept as a message on the request, and so not lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.i18n import say
from parvis.requests.history import Entry, entries_of
from parvis.requests.work.conversation import receive
from parvis.web.answers import answer_words
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis.web.track.uploads import chosen, waiting_holder
from parvis_sdk.fields import AnyField, Consent, File, LongText, Photo, ShortText


async def keep_as_message(
    here: Visit, found: TrackedRequest, fields: Sequence[AnyField], raw: Mapping[str, Any]
) -> bool:
    """Whether there was something to keep that its requester has not said yet, as by a second press."""
    record = found.record
    lines = {field.code: line for field in fields if (line := _line(field, raw.get(field.code)))}
    files = [id for field in fields if isinstance(field, File | Photo) for id in chosen(raw.get(field.code))]
    words = "\n\n".join(lines.values())
    past = [each for each in await entries_of(record) if each.actor.kind == found.actor.kind]
    if record.erased_at is not None or not (words or files) or any(_says(each, lines, words) for each in past):
        return False
    acts = not found.answers_only and found.viewer.holds("act")
    holder = waiting_holder(here, found)
    await receive(here.host, record.reference, words, actor=found.actor, files=files, holder=holder, moves=acts)
    return True


def _line(field: AnyField, value: Any) -> str:
    if not value or isinstance(field, File | Photo):
        return ""
    if isinstance(field, Consent):
        return say(field.statement)
    if isinstance(field, LongText | ShortText):
        return str(value).strip()
    return f"{say(field.label)} {answer_words(field, value)}"


def _says(entry: Entry, lines: Mapping[str, str], words: str) -> bool:
    """Whether an entry has these words already: answers of a step, an answer to the question, or a message."""
    told = entry.personal or {}
    given = {**entry.body, **told, **told.get("given", {})}
    return told.get("words") == words or all(given.get(code) in (line, True) for code, line in lines.items())
