"""Whether a request is needed at all: a few questions before the form, and the verdict that they lead to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from parvis_sdk.conditions import Condition, holds
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, File, Group, Information, Photo
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, text_mistakes
from parvis_sdk.text import Text


class Verdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A verdict on the answers: a request is needed, not needed, or not allowed here. Without `when`, always."""

    code: str
    means: Literal["needed", "not_needed", "not_allowed"] = "needed"
    title: Text
    body: Text
    when: Condition | None = None


class Eligibility(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page before the form. `title` is its question; `asks` names questions of the form, whose answers are kept.

    The first verdict that holds of the answers, and of what the town knows of the place, is given; the last has no
    condition. Nothing is kept about people who only ask.
    """

    title: Text
    asks: tuple[str, ...]
    verdicts: tuple[Verdict, ...]

    def verdict(self, answers: Mapping[str, Any]) -> Verdict:
        """The verdict for these answers."""
        return next(each for each in self.verdicts if each.when is None or holds(each.when, answers))


def eligibility_mistakes(eligibility: Eligibility | None, fields: Sequence[AnyField]) -> Iterator[DeclarationMistake]:
    """Whether its questions are those of the form, and whether every answer leads to a verdict."""
    if eligibility is None:
        return
    yield from text_mistakes(eligibility.title, "eligibility · title")
    known = {field.code: field for field in fields}
    for code in eligibility.asks:
        if code not in known or isinstance(known[code], Information | File | Photo | Group):
            what = f"{code!r} is no question with a plain answer in the form"
            yield DeclarationMistake(where="eligibility · asks", what=what, now_what="name such questions of the form")
    for verdict in eligibility.verdicts:
        where = f"eligibility · verdict {verdict.code!r}"
        yield from code_mistakes(verdict.code, where)
        yield from text_mistakes(verdict.title, f"{where} · title")
        yield from text_mistakes(verdict.body, f"{where} · body")
        yield from condition_mistakes(verdict.when, fields, f"{where} · when")
    if not eligibility.verdicts or eligibility.verdicts[-1].when is not None:
        what = "some answers lead to no verdict"
        yield DeclarationMistake(where="eligibility", what=what, now_what="end with a verdict without a condition")
    for verdict in eligibility.verdicts[:-1]:
        if verdict.when is None:
            what = "it always holds, so those after it never will"
            yield DeclarationMistake(where=f"eligibility · verdict {verdict.code!r}", what=what, now_what="put it last")
