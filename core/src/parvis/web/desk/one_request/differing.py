"""What somebody else saved, shown beside what a person typed at the same time, with a choice where both changed it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.requests.attached.attachments import kept_of
from parvis.requests.changing import Conflict
from parvis.requests.differing import Difference
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.telling import entries
from parvis.web.typed import FormInput

SAVED = "saved"


class Beside(Struct, frozen=True, kw_only=True):
    """One field with both of its values in words; `chosen` between them by a pair of radio buttons, if at all."""

    code: str
    label: str
    saved: Any
    typed: Any
    both: bool
    chosen: bool = False


def beside(
    differences: Sequence[Difference],
    labels: Mapping[str, str],
    words: Callable[[str, Any], Any],
    *,
    chosen: bool = False,
) -> tuple[Beside, ...]:
    """Each difference with its label, and its values said by `words`, which is not asked about nothing."""

    def said(code: str, value: Any) -> Any:
        return i18n.gettext("nothing") if value in (None, "", [], {}) else words(code, value)

    return tuple(
        Beside(
            code=one.code,
            label=labels.get(one.code, one.code),
            saved=said(one.code, one.saved),
            typed=said(one.code, one.typed),
            both=one.both,
            chosen=chosen and one.both,
        )
        for one in differences
    )


def keeps_saved(sent: FormInput, code: str) -> bool:
    """Whether the person chose what was saved rather than what they typed."""
    chosen = sent.values.get("keep")
    return isinstance(chosen, Mapping) and chosen.get(code) == SAVED


async def news_of(room: DeskContext, record: Record, conflict: Conflict) -> list[dict[str, Any]]:
    """What others did meanwhile, as far as the person may know of it."""
    numbers = {entry.number for entry in conflict.entries}
    files = {one.attachment.id: one.attachment for one in await kept_of(record)}
    told = await story(room.host, record, room.viewer, room.language)
    return [entry for entry in entries(told, files) if entry["number"] in numbers]
