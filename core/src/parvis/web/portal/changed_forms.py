"""A draft of a form that has changed since: what is new, what changed, and every answer without a question."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.i18n import say
from parvis.requests.answers_said import said_answer
from parvis.web.typed import FormInput
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import AnyField, File, Information, Photo
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.slips import CODE
from parvis_sdk.text import Text

OUTGROWN = "outgrown"  # what is kept of it beside the answers, until the request is sent
SEEN = "_told"  # what a page sends along that told of it
MOST, LONGEST = 40, 4000


class LeftOver(Struct, frozen=True, kw_only=True):
    """An answer whose question is gone, or no longer takes it: in the person's words, with its files."""

    label: Text
    said: str
    files: tuple[str, ...] = ()


class FormChanges(Struct, frozen=True, kw_only=True):
    """What has changed in a form since a draft was begun. `form` is the digest of the form that it was typed for; it is
    `seen` once a page that said so was sent.
    """

    form: str = ""
    seen: bool = False
    added: tuple[Text, ...] = ()
    changed: tuple[Text, ...] = ()
    gone: dict[str, LeftOver] = {}

    @property
    def is_news(self) -> bool:
        return not self.seen and bool(self.form or self.gone)

    def lines(self) -> list[dict[str, str]]:
        """The answers that are left over, as rows of a summary."""
        return [{"key": say(each.label), "value": each.said} for each in self.gone.values()]

    def words(self) -> str:
        """The same as a message to the town."""
        return "\n".join(f"{say(each.label)}\u00a0: {each.said}" for each in self.gone.values())

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(id for each in self.gone.values() for id in each.files)


def kept_in(raw: Mapping[str, Any]) -> FormChanges:
    """What a draft remembers of it."""
    try:
        return msgspec.convert(raw.get(OUTGROWN) or {}, FormChanges)
    except msgspec.ValidationError:
        return FormChanges()


def carried_over(
    raw: dict[str, Any], form: str, old: RequestType | None, new: RequestType, files: Mapping[str, Attachment]
) -> dict[str, Any]:
    """The draft as it goes on in the new form: nothing that was typed is lost, and what changed is told."""
    given = raw.get("answers")
    answers = dict(given) if isinstance(given, Mapping) else {}
    known = {field.code: field for field in new.form.fields()}
    before = {field.code: field for field in old.form.fields()} if old else {}
    lost = {
        code: value for code, value in answers.items() if not _fits(known.get(code), before.get(code), value, files)
    }
    told = kept_in(raw)
    gone = {code: left_over(code, before.get(code), value, files) for code, value in lost.items()}
    added = tuple(field.label for code, field in known.items() if old and code not in before and _is_asked(field))
    changed = tuple(field.label for code, field in known.items() if code in before and before[code] != field)
    now = FormChanges(
        form=told.form or form,
        added=_each_once(told.added, added),
        changed=_each_once(told.changed, changed),
        gone=told.gone | gone,
    )
    return raw | {
        "answers": {code: value for code, value in answers.items() if code not in lost},
        OUTGROWN: msgspec.to_builtins(now),
    }


def with_late(
    raw: dict[str, Any], sent: FormInput, old: RequestType | None, new: RequestType, *, is_new: bool
) -> dict[str, Any]:
    """The same with what a page of the old form sends to questions that the new one does not ask.

    A page that was open before anything was kept (`is_new`) has no form that we know: its questions go by their codes.
    """
    if OUTGROWN in raw and sent.text(SEEN):
        raw = raw | {OUTGROWN: msgspec.to_builtins(structs.replace(kept_in(raw), seen=True))}
    known = {field.code for field in new.form.fields()}
    before = {field.code: field for field in old.form.fields()} if old else {}
    late = {
        code: value
        for code, value in sent.values.items()
        if value and code not in known and (code in before or (is_new and CODE.fullmatch(code)))
    }
    if not late:
        return raw
    told = kept_in(raw)
    gone = told.gone | {code: left_over(code, before.get(code), value, {}) for code, value in late.items()}
    return raw | {
        OUTGROWN: msgspec.to_builtins(structs.replace(told, seen=False, gone=dict(list(gone.items())[:MOST])))
    }


def left_over(code: str, field: AnyField | None, value: Any, files: Mapping[str, Attachment]) -> LeftOver:
    label = field.label if field else Text(fr=code)
    if field is None or isinstance(field, Photo | File):
        ids = tuple(id for id in (value if isinstance(value, list) else [value]) if isinstance(id, str) and id in files)
        if ids:
            return LeftOver(label=label, said=", ".join(files[id].name for id in ids), files=ids)
    read = read_value(_freed(field), value, code, Reading(complete=False), {}) if field else value
    said = said_answer(field, read) if field and not isinstance(read, Problems) and _is_something(read) else ""
    return LeftOver(label=label, said=clean(said or _flat(value))[:LONGEST])


def _fits(new: AnyField | None, old: AnyField | None, value: Any, files: Mapping[str, Attachment]) -> bool:
    """Whether an answer still answers its question: of another kind, or among other choices, it may not."""
    if new is None:
        return False
    if old is None or type(new) is type(old) or isinstance(new, Photo | File):
        read = read_value(_freed(new), value, new.code, Reading(complete=False, attachments=files), {})
        codes = {problem.code for problem in read.found} if isinstance(read, Problems) else set()
        return not codes & {"not_offered", "wrong_kind"}
    return False


def _freed(field: AnyField) -> AnyField:
    """The question asked always: what it hung on may be gone as well."""
    return structs.replace(field, show_when=None, required_when=None, checks=())


def _is_asked(field: AnyField) -> bool:
    return not isinstance(field, Information)


def _is_something(value: Any) -> bool:
    return isinstance(value, str | bool | int | float | list | dict) and value not in ("", [], {})


def _each_once(first: tuple[Text, ...], more: tuple[Text, ...]) -> tuple[Text, ...]:
    return (*first, *(each for each in more if each not in first))[:MOST]


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(part for each in value.values() if (part := _flat(each)))
    if isinstance(value, list):
        return ", ".join(part for each in value if (part := _flat(each)))
    return str(value)
