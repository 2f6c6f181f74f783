"""Every mistake that the author of a request type can make, across its form, its workflow, its parts and its words."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from parvis_sdk.about import about_mistakes, answer_mistakes, operation_mistakes, scheduled_mistakes
from parvis_sdk.children import child_mistakes
from parvis_sdk.eligibility import eligibility_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import OneOf, Sensitivity
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.message_mistakes import message_mistakes
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, kept_slug_mistakes, slug_mistakes, text_mistakes
from parvis_sdk.overlaps import OVERLAP_NUMBERS, overlap_mistakes
from parvis_sdk.parties import party_mistakes
from parvis_sdk.requests import Phase

if TYPE_CHECKING:
    from parvis_sdk.request_types import PlaceRule, RequestType


def type_mistakes(request_type: "RequestType") -> Iterator[DeclarationMistake]:
    """Every mistake, in the order of the declaration; of one that is not made of the right things, nothing else."""
    if unlike := tuple(shape_mistakes(request_type)):
        yield from unlike
        return
    yield from code_mistakes(request_type.code, "code")
    yield from code_mistakes(request_type.theme.code, "theme")
    yield from slug_mistakes(request_type.slug, "slug")
    yield from kept_slug_mistakes(request_type.slug, "slug")
    yield from slug_mistakes(request_type.theme.slug, "theme · slug")
    if request_type.version < 1:
        yield DeclarationMistake(where="version", what=f"{request_type.version} is no version", now_what="count from 1")
    for name, text in (("title", request_type.title), ("summary", request_type.summary), ("slug", request_type.slug)):
        yield from text_mistakes(text, name)
    yield from request_type.form.mistakes()
    yield from request_type.workflow.mistakes(request_type.form.fields())
    if request_type.occurrence is not None:
        for mistake in request_type.occurrence.mistakes():
            yield mistake.within("occurrence")
    if not request_type.identity.modes:
        yield DeclarationMistake(
            where="identity", what="no way to present oneself is offered", now_what="name at least one mode"
        )
    if request_type.retention.days < 1:
        yield DeclarationMistake(
            where="retention", what=f"{request_type.retention.days} days is no time", now_what="give a day or more"
        )
    yield from _place_mistakes(request_type.place)
    yield from about_mistakes(request_type.about)
    yield from answer_mistakes(request_type.theme.answers, "theme")
    yield from scheduled_mistakes(request_type.scheduled, request_type.form.fields())
    yield from operation_mistakes(request_type.operation, request_type.opened_by, request_type.form.fields())
    yield from _category_mistakes(request_type)
    yield from eligibility_mistakes(request_type.eligibility, request_type.form.fields())
    yield from overlap_mistakes(request_type.overlaps, request_type.form.fields(), request_type.place.shapes)
    yield from _level_mistakes(request_type)
    yield from party_mistakes(request_type.parties)
    yield from _part_mistakes(request_type)
    yield from child_mistakes(request_type.children, request_type.place, request_type.workflow)
    yield from message_mistakes(request_type)
    yield from _optional_mistakes(request_type)


def _place_mistakes(rule: "PlaceRule") -> Iterator[DeclarationMistake]:
    if rule.assets and rule.most_assets < 1:
        yield DeclarationMistake(
            where="place", what="nothing of its layer may be chosen", now_what="allow one thing or more"
        )
    if rule.assets and "point" not in rule.shapes:
        yield DeclarationMistake(
            where="place", what="things are points, and it takes none", now_what="add 'point' to its shapes"
        )


def _category_mistakes(request_type: "RequestType") -> Iterator[DeclarationMistake]:
    field = request_type.form.field(request_type.category)
    if not request_type.category:
        return
    if not isinstance(field, OneOf):
        yield DeclarationMistake(
            where="category", what=f"{request_type.category!r} is no choice of the form", now_what="name a OneOf"
        )
    elif field.privacy.sensitivity not in (Sensitivity.PUBLIC, Sensitivity.INTERNAL):
        yield DeclarationMistake(
            where="category", what=f"{request_type.category!r} is personal", now_what="count by something else"
        )


def _level_mistakes(request_type: "RequestType") -> Iterator[DeclarationMistake]:
    codes = [level.code for level in request_type.service_levels]
    for level in request_type.service_levels:
        where = f"service level {level.code!r}"
        yield from code_mistakes(level.code, where)
        yield from text_mistakes(level.title, f"{where} · title")
        yield from condition_mistakes(level.when, request_type.form.fields(), f"{where} · when")
        if codes.count(level.code) > 1:
            yield DeclarationMistake(
                where=where, what="two service levels have this code", now_what="give each its own code"
            )
        given = [value for value in (level.business_days, level.business_hours, level.hours) if value]
        if len(given) != 1 or given[0] < 0:
            yield DeclarationMistake(
                where=where,
                what="it must give exactly one delay",
                now_what="give business_days, business_hours or hours",
            )
    begins = {"", *Phase, *(state.code for state in request_type.workflow.states), *request_type.facts()}
    for number, level in enumerate(request_type.service_levels):
        where = f"service level {level.code!r}"
        alike = [(each.since, each.until) for each in request_type.service_levels[number + 1 :]]
        if level.when is None and (level.since, level.until) in alike:
            yield DeclarationMistake(
                where=where,
                what="it always holds, so those after it never will",
                now_what="put it last or give it a condition",
            )
        if level.since not in begins:
            now_what = "name a state, a phase or a fact of a part"
            yield DeclarationMistake(where=f"{where} · since", what=f"{level.since!r} never begins", now_what=now_what)


def _part_mistakes(request_type: "RequestType") -> Iterator[DeclarationMistake]:
    names = [f"{part.part} {part.code!r}" for part in request_type.parts]
    for part, name in zip(request_type.parts, names, strict=True):
        yield from part.mistakes()
        yield from part.mistakes_in(request_type)
        if names.count(name) > 1:
            yield DeclarationMistake(
                where=name, what="two parts of this kind have this code", now_what="give each its own code"
            )
    known = request_type.facts()
    brought = [name for name, fact in known.items() if fact.brought]
    for state in request_type.workflow.states:
        yield from _fact_mistakes(state.brings, brought, f"state {state.code!r} · brings")
    for each in request_type.workflow.transitions:
        where = f"transition {each.code!r}"
        yield from _fact_mistakes(each.brings, brought, f"{where} · brings")
        yield from _fact_mistakes((*each.needs, *each.after), known, f"{where} · needs and after")
        yield from _fact_mistakes([need.fact for need in each.needs_when], known, f"{where} · needs_when")
        overlaps = OVERLAP_NUMBERS if request_type.overlaps is not None else ()
        asked = (*request_type.form.fields(), *request_type.workflow.fields(), *overlaps)
        for need in each.needs_when:
            yield from condition_mistakes(need.when, asked, f"{where} · needs_when · {need.fact}")
            yield from text_mistakes(need.says, f"{where} · needs_when · {need.fact} · says")


def _optional_mistakes(request_type: "RequestType") -> Iterator[DeclarationMistake]:
    """What goes wrong where a town does without a kind of part that the type says it can do without."""
    declared = {part.part for part in request_type.parts}
    for word in request_type.optional:
        where = f"optional {word!r}"
        if word not in declared:
            what = "the type has no part of this kind"
            yield DeclarationMistake(
                where=where, what=what, now_what=f"name one of {', '.join(sorted(declared)) or 'its parts'}"
            )
    if not declared.isdisjoint(request_type.optional):
        for mistake in type_mistakes(request_type.without(request_type.optional)):
            yield mistake.within(f"without {', '.join(request_type.optional)}")


def _fact_mistakes(named: Collection[str], known: Collection[str], where: str) -> Iterator[DeclarationMistake]:
    for fact in named:
        if fact not in known:
            now_what = f"use one of {', '.join(sorted(known))}" if known else "declare the part that it is about"
            yield DeclarationMistake(where=where, what=f"{fact!r} is nothing that can happen here", now_what=now_what)
