"""Forms: sections of questions, read as one from hostile input to a clean submission or to every problem at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from parvis_sdk.conditions import Condition, holds
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, File, Group, Information, Money, Photo, PlaceFact
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, field_mistakes, text_mistakes
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.reading import Reading, read_value, unknown
from parvis_sdk.renamed import also_called, now_at
from parvis_sdk.requests import Attachment
from parvis_sdk.schemas import form_schema
from parvis_sdk.text import Text


class Section(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Questions on one topic, shown as one step; those of a short form are shown together."""

    code: str
    title: Text
    fields: tuple[AnyField, ...]
    help: Text | None = None
    show_when: Condition | None = None


class FormAnswers(Struct, frozen=True, kw_only=True):
    """Clean answers by question code, ready to be stored as JSON, and the ids of the files they name."""

    answers: dict[str, Any]
    attachments: tuple[str, ...] = ()


class Form(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The questions of a request type, a transition or an occurrence.

    >>> from parvis_sdk.fields import YesNo
    >>> danger = YesNo(code="danger", label=Text(fr="Est-ce dangereux ?", en="Is it dangerous?"))
    >>> form = Form(sections=(Section(code="what", title=Text(fr="Quoi", en="What"), fields=(danger,)),))
    >>> form.read({"danger": "oui"})
    FormAnswers(answers={'danger': True}, attachments=())
    >>> form.read({}).found[0].message.en
    'Choose an answer to “Is it dangerous?”.'
    """

    sections: tuple[Section, ...] = ()

    def fields(self) -> tuple[AnyField, ...]:
        """Every question in order, sections flattened; fields of groups stay inside their group."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, code: str) -> AnyField | None:
        """The question of that code."""
        return next((field for field in self.fields() if field.code == code), None)

    def read(
        self,
        raw: object,
        *,
        today: date | None = None,
        attachments: Mapping[str, Attachment] | None = None,
        complete: bool = True,
        here: Mapping[str, Mapping[str, Any]] | None = None,
        beside: Mapping[str, Any] | None = None,
        asked: Sequence[AnyField] = (),
    ) -> FormAnswers | Problems:
        """Read `{question code: value}` as sent by a page (strings) or by JSON (native values); both give the same.

        `today` is the town's date, against which limits of days are judged; `attachments` are the files already
        received, by id. Answers to hidden questions are dropped; a question that does not exist is a problem. With
        `complete` false an answer may be missing, as in files from the past. `here` is what the town's layers say of
        the place; without it, what was known of the place before is kept. `beside` are answers given before, which
        checks may look at; `asked` are their questions.
        """
        given = attachments or {}
        by_code = {field.code: field for field in (*asked, *self.fields())}
        reading = Reading(
            today=today, attachments=given, complete=complete, here=here, beside=beside or {}, asked=by_code
        )
        return read_sections(self.sections, raw, reading)

    def visible(self, answers: Mapping[str, Any]) -> tuple[AnyField, ...]:
        """The questions that these answers leave shown, in order."""
        shown = (section for section in self.sections if section.show_when is None or holds(section.show_when, answers))
        return tuple(
            field
            for section in shown
            for field in section.fields
            if field.show_when is None or holds(field.show_when, answers)
        )

    def json_schema(self, language: str = "fr") -> dict[str, Any]:
        """A JSON Schema (2020-12) of the answers, with titles in `language`."""
        return form_schema(self.sections, language)

    def mistakes(self, beside: tuple[AnyField, ...] = ()) -> tuple[DeclarationMistake, ...]:
        """Every mistake in this form; `beside` are questions answered before it."""
        return tuple(_form_mistakes(self, beside))


also_called(Form, slips="mistakes")
if not TYPE_CHECKING:
    __getattr__ = now_at(__name__, __name__, Submission="FormAnswers")


def read_sections(sections: tuple[Section, ...], raw: object, reading: Reading) -> FormAnswers | Problems:
    """The answers of these sections out of `raw`, or every problem found on the way."""
    if not isinstance(raw, Mapping):
        return Problems(found=(problem("unreadable", ""),))
    answers: dict[str, Any] = {}
    found: list[Problem] = []
    known = {field.code for section in sections for field in section.fields}
    for section in sections:
        if section.show_when is not None and not holds(section.show_when, answers):
            continue
        for field in section.fields:
            value = read_value(field, raw.get(field.code), field.code, reading, answers)
            if isinstance(value, Problems):
                found.extend(value.found)
            elif value is not NOTHING:
                answers[field.code] = value
    found.extend(unknown(raw, known))
    if found:
        return Problems(found=tuple(found))
    return FormAnswers(answers=answers, attachments=tuple(_files(sections, answers)))


def raw_of(fields: tuple[AnyField, ...], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as form values: amounts formatted, all else unchanged."""
    raw = dict(answers)
    for field in fields:
        if isinstance(field, Money) and field.code in raw:
            raw[field.code] = f"{Decimal(raw[field.code]) / 100:.2f}"
        elif isinstance(field, Group) and field.code in raw:
            raw[field.code] = [raw_of(field.fields, item) for item in raw[field.code]]
    return raw


def as_programs_send(fields: tuple[AnyField, ...], raw: Any) -> Any:
    """What a program sent, with amounts in words made unreadable: "150050" may be dollars or cents."""
    if not isinstance(raw, Mapping):
        return raw
    sent = dict(raw)
    for field in fields:
        value = sent.get(field.code)
        if isinstance(field, Money) and isinstance(value, str):
            sent[field.code] = [value]
        elif isinstance(field, Group) and isinstance(value, list):
            sent[field.code] = [as_programs_send(field.fields, row) for row in value]
        elif isinstance(field, Group) and isinstance(value, Mapping):
            sent[field.code] = {name: as_programs_send(field.fields, row) for name, row in value.items()}
    return sent


def with_facts_of(fields: tuple[AnyField, ...], raw: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The submission with the facts known `before` about the place, which a client can neither resend nor change."""
    facts = {field.code for field in fields if isinstance(field, PlaceFact)}
    sent = {code: value for code, value in raw.items() if code not in facts}
    return sent | {code: before[code] for code in facts if code in before}


def _files(sections: tuple[Section, ...], answers: Mapping[str, Any]) -> Iterator[str]:
    for section in sections:
        yield from _files_of(section.fields, answers)


def _files_of(fields: tuple[AnyField, ...], answers: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        if isinstance(field, Photo | File):
            yield from answers.get(field.code, ())
        elif isinstance(field, Group):
            for item in answers.get(field.code, ()):
                yield from _files_of(field.fields, item)


def _form_mistakes(form: Form, beside: tuple[AnyField, ...]) -> Iterator[DeclarationMistake]:
    seen: list[AnyField] = []
    sections: set[str] = set()
    for section in form.sections:
        here = f"section {section.code!r}"
        yield from code_mistakes(section.code, here)
        if section.code in sections:
            yield DeclarationMistake(where=here, what="two sections have this code", now_what="give each its own code")
        sections.add(section.code)
        yield from text_mistakes(section.title, f"{here} · title")
        yield from condition_mistakes(section.show_when, seen, f"{here} · show_when")
        for field in section.fields:
            if any(field.code == other.code for other in seen):
                where = f"field {field.code!r}"
                yield DeclarationMistake(
                    where=where, what="two questions have this code", now_what="give each its own code"
                )
            yield from field_mistakes(field, seen, beside)
            if not isinstance(field, Information) or isinstance(field, PlaceFact):
                seen.append(field)
