"""Checks of what an author declared: every mistake found, each with its place and what to do now."""

import re
from collections.abc import Iterable, Iterator, Sequence

from parvis_sdk.conditions import TODAY, Condition, NotBefore, fields_of, looks_at
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import (
    LARGEST_DECLARED,
    AnyField,
    Consent,
    Date,
    File,
    Group,
    Information,
    Money,
    Number,
    OneOf,
    Photo,
    PlaceFact,
    SeveralOf,
    ShortText,
    limits_of,
)
from parvis_sdk.never_answered import never_answered, never_compared
from parvis_sdk.text import Text

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def code_mistakes(code: str, where: str) -> Iterator[DeclarationMistake]:
    """Whether a code can serve as a stable key: small letters, digits and low lines."""
    if not CODE.fullmatch(code):
        yield DeclarationMistake(
            where=where,
            what=f"{code!r} cannot be a code",
            now_what="use lowercase letters, digits and _, starting with a letter, 60 at most",
        )


def text_mistakes(text: Text | None, where: str) -> Iterator[DeclarationMistake]:
    """The mistakes of a shown text: it must not be empty in French."""
    if text is not None and not text.fr.strip():
        yield DeclarationMistake(
            where=where, what="the French text is empty", now_what="write it: French is always complete"
        )


def slug_mistakes(slug: Text, where: str) -> Iterator[DeclarationMistake]:
    """The mistakes of a text used in addresses, in each language."""
    for language in slug.languages():
        words = slug.to(language)
        if not SLUG.fullmatch(words):
            yield DeclarationMistake(
                where=where,
                what=f"{words!r} cannot stand in an address",
                now_what="use small letters without accents, digits and single hyphens",
            )


KEPT_SLUGS = {"en": ("files",)}
"""What no service may have for its word of an address, by language: the portal has pages of its own there."""
KEPT = Text(
    fr="{word} est un mot d’adresse dont le portail a besoin ({language})",
    en="{word} is a word of an address that the portal needs ({language})",
)
OTHER_WORD = Text(fr="prenez-en un autre", en="use another one")


def kept_slug_mistakes(slug: Text, where: str) -> Iterator[DeclarationMistake]:
    """The mistake of a service whose address is that of a page of the portal."""
    for language, words in KEPT_SLUGS.items():
        if slug.to(language) in words:
            what = KEPT.format(word=repr(slug.to(language)), language=language)
            yield DeclarationMistake(where=where, what=what, now_what=OTHER_WORD)


def named_mistakes(
    code: str, asked: Iterable[AnyField], kinds: tuple[type[AnyField], ...], where: str
) -> Iterator[DeclarationMistake]:
    """Whether a code names one of these questions, of one of these kinds; an empty one names nothing."""
    if code and not any(field.code == code and isinstance(field, kinds) for field in asked):
        named = " or ".join(kind.__name__ for kind in kinds)
        what = f"{code!r} is no question that is asked there"
        yield DeclarationMistake(where=where, what=what, now_what=f"ask it as {named}, or correct its code")


def condition_mistakes(
    condition: Condition | None, known: Sequence[AnyField], where: str, *, today: bool = False
) -> Iterator[DeclarationMistake]:
    """Whether a condition uses only questions asked before it, and compares them with possible answers. `today` is
    allowed only in conditions that are evaluated when an answer is given.
    """
    if condition is None:
        return
    if not today and TODAY in looks_at(condition):
        what = "the condition looks at today, and would turn out otherwise tomorrow"
        yield DeclarationMistake(where=where, what=what, now_what="say it in a check of the question")
    by_code = {field.code: field for field in known}
    for code in fields_of(condition):
        if code not in by_code:
            yield DeclarationMistake(
                where=where,
                what=f"the condition looks at {code!r}, which is not asked before it",
                now_what=f"ask {code!r} earlier, or correct its code",
            )
    yield from _value_mistakes(condition, by_code, where)


def _value_mistakes(condition: Condition, by_code: dict[str, AnyField], where: str) -> Iterator[DeclarationMistake]:
    parts = getattr(condition, "parts", None) or ((condition.part,) if hasattr(condition, "part") else ())
    for part in parts:
        yield from _value_mistakes(part, by_code, where)
    if isinstance(condition, NotBefore):
        for code in fields_of(condition):
            if code in by_code and not isinstance(by_code[code], Date):
                yield DeclarationMistake(
                    where=where, what=f"{code!r} is no date", now_what="compare the days of two Date questions"
                )
    field = by_code.get(getattr(condition, "field", ""))
    if field is not None:
        other = by_code.get(getattr(condition, "other", ""))
        unlike = never_compared(condition, field, other) if other is not None else ()
        for what, now_what in (*never_answered(condition, field), *unlike):
            yield DeclarationMistake(where=where, what=what, now_what=now_what)


def field_mistakes(
    field: AnyField, known: Sequence[AnyField], beside: Sequence[AnyField] = ()
) -> Iterator[DeclarationMistake]:
    """Every mistake in the declaration of one question; `known` are the questions asked before it, `beside` those of
    the request whose move asks it.
    """
    where = f"field {field.code!r}"
    yield from code_mistakes(field.code, where)
    yield from text_mistakes(field.label, f"{where} · label")
    yield from text_mistakes(field.help, f"{where} · help")
    yield from condition_mistakes(field.show_when, known, f"{where} · show_when")
    yield from condition_mistakes(field.required_when, known, f"{where} · required_when")
    yield from _limit_mistakes(field, where)
    for check in field.checks:
        yield from text_mistakes(check.says, f"{where} · check")
        yield from condition_mistakes(check.must, (*beside, *known, field), f"{where} · check", today=True)
        if field.code not in fields_of(check.must):
            what = f"its check does not look at {field.code!r}"
            yield DeclarationMistake(where=where, what=what, now_what="check each answer at its own question")
    match field:
        case OneOf() | SeveralOf():
            yield from _option_mistakes(field, where)
        case ShortText(pattern=pattern) if pattern:
            yield from _pattern_mistakes(pattern, where)
        case Photo(kinds=()) | File(kinds=()):
            yield DeclarationMistake(
                where=where, what="no kind of file is accepted", now_what="name at least one media type"
            )
        case Consent(statement=statement):
            yield from text_mistakes(statement, f"{where} · statement")
        case PlaceFact(layer=layer, name=name):
            yield from code_mistakes(layer, f"{where} · layer")
            yield from code_mistakes(name, f"{where} · name")
        case Information(body=body):
            yield from text_mistakes(body, f"{where} · body")
        case Group():
            yield from _group_mistakes(field, known, beside, where)
        case _:
            pass


LIMITS = (("least", "most"), ("min_length", "max_length"), ("earliest", "latest"))


def _limit_mistakes(field: AnyField, where: str) -> Iterator[DeclarationMistake]:
    for low, high in LIMITS:
        least, most = getattr(field, low, None), getattr(field, high, None)
        if least is not None and most is not None and least > most:
            yield DeclarationMistake(
                where=where, what=f"{low} {least} is above {high} {most}", now_what="swap or correct them"
            )
    if isinstance(field, Number | Money):
        least, most = limits_of(field)
        if field.most is None and least > most:
            what = f"least {least} is above the usual most, {most}"
            yield DeclarationMistake(where=where, what=what, now_what="name a most as well")
        if most > LARGEST_DECLARED or least < -LARGEST_DECLARED:
            what = f"its limits go beyond {LARGEST_DECLARED}, which nothing here can count"
            yield DeclarationMistake(where=where, what=what, now_what="name limits that a town may meet")
    if isinstance(field, SeveralOf) and field.options and field.least > len(field.options):
        what = f"least {field.least} is above the number of options, {len(field.options)}"
        yield DeclarationMistake(where=where, what=what, now_what="lower it or offer more")


def _option_mistakes(field: OneOf | SeveralOf, where: str) -> Iterator[DeclarationMistake]:
    codes = [option.code for option in field.options]
    if not codes:
        yield DeclarationMistake(where=where, what="no answer is offered", now_what="add at least one option")
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield DeclarationMistake(
            where=where, what=f"two options have the code {code!r}", now_what="give each its own code"
        )
    for option in field.options:
        yield from code_mistakes(option.code, f"{where} · option")
        yield from text_mistakes(option.label, f"{where} · option {option.code!r}")


def _pattern_mistakes(pattern: str, where: str) -> Iterator[DeclarationMistake]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield DeclarationMistake(
            where=where, what=f"the pattern is no regular expression: {error}", now_what="correct the pattern"
        )


def _group_mistakes(
    field: Group, known: Sequence[AnyField], beside: Sequence[AnyField], where: str
) -> Iterator[DeclarationMistake]:
    if not field.fields:
        yield DeclarationMistake(where=where, what="the group asks nothing", now_what="add at least one question")
    inner_known: list[AnyField] = []
    for inner in field.fields:
        if isinstance(inner, Group):
            yield DeclarationMistake(
                where=f"{where} · field {inner.code!r}", what="a group stands in a group", now_what="make it flat"
            )
            continue
        if any(inner.code == other.code for other in (*inner_known, *known)):
            yield DeclarationMistake(
                where=f"{where} · field {inner.code!r}",
                what="two questions have this code",
                now_what="give each its own code",
            )
        for mistake in field_mistakes(inner, (*known, *inner_known), beside):
            yield mistake.within(where)
        inner_known.append(inner)
