"""Every mistake that the author of a request type can make, across its form, its workflow, its parts and its words."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from parvis_sdk.about import about_slips, answer_slips, operation_slips, scheduled_slips
from parvis_sdk.children import child_slips
from parvis_sdk.eligibility import eligibility_slips
from parvis_sdk.errors import Slip
from parvis_sdk.fields import OneOf, Sensitivity
from parvis_sdk.message_slips import message_slips
from parvis_sdk.overlaps import overlap_slips
from parvis_sdk.parties import party_slips
from parvis_sdk.requests import Phase
from parvis_sdk.slips import code_slips, condition_slips, slug_slips, text_slips

if TYPE_CHECKING:
    from parvis_sdk.request_types import PlaceRule, RequestType


def type_slips(kind: "RequestType") -> Iterator[Slip]:
    """Every mistake, in the order of the declaration."""
    yield from code_slips(kind.code, "code")
    yield from code_slips(kind.theme.code, "theme")
    yield from slug_slips(kind.slug, "slug")
    yield from slug_slips(kind.theme.slug, "theme · slug")
    if kind.version < 1:
        yield Slip(where="version", what=f"{kind.version} is no version", now_what="count from 1")
    for name, text in (("title", kind.title), ("summary", kind.summary), ("slug", kind.slug)):
        yield from text_slips(text, name)
    yield from kind.form.slips()
    yield from kind.workflow.slips(kind.form.fields())
    if kind.occurrence is not None:
        for slip in kind.occurrence.slips():
            yield slip.within("occurrence")
    if not kind.identity.modes:
        yield Slip(where="identity", what="no way to present oneself is offered", now_what="name at least one mode")
    if kind.retention.days < 1:
        yield Slip(where="retention", what=f"{kind.retention.days} days is no time", now_what="give a day or more")
    yield from _place_slips(kind.place)
    yield from about_slips(kind.about)
    yield from answer_slips(kind.theme.answers, "theme")
    yield from scheduled_slips(kind.scheduled, kind.form.fields())
    yield from operation_slips(kind.operation, kind.opened_by, kind.form.fields())
    yield from _category_slips(kind)
    yield from eligibility_slips(kind.eligibility, kind.form.fields())
    yield from overlap_slips(kind.overlaps, kind.form.fields(), kind.place.shapes)
    yield from _level_slips(kind)
    yield from party_slips(kind.parties)
    yield from _part_slips(kind)
    yield from child_slips(kind.children, kind.place, kind.workflow)
    yield from message_slips(kind)
    yield from _optional_slips(kind)


def _place_slips(rule: "PlaceRule") -> Iterator[Slip]:
    if rule.assets and rule.most_assets < 1:
        yield Slip(where="place", what="nothing of its layer may be chosen", now_what="allow one thing or more")
    if rule.assets and "point" not in rule.shapes:
        yield Slip(where="place", what="things are points, and it takes none", now_what="add 'point' to its shapes")


def _category_slips(kind: "RequestType") -> Iterator[Slip]:
    field = kind.form.field(kind.category)
    if not kind.category:
        return
    if not isinstance(field, OneOf):
        yield Slip(where="category", what=f"{kind.category!r} is no choice of the form", now_what="name a OneOf")
    elif field.privacy.sensitivity not in (Sensitivity.PUBLIC, Sensitivity.INTERNAL):
        yield Slip(where="category", what=f"{kind.category!r} is personal", now_what="count by something else")


def _level_slips(kind: "RequestType") -> Iterator[Slip]:
    codes = [level.code for level in kind.service_levels]
    for level in kind.service_levels:
        where = f"service level {level.code!r}"
        yield from code_slips(level.code, where)
        yield from text_slips(level.title, f"{where} · title")
        yield from condition_slips(level.when, kind.form.fields(), f"{where} · when")
        if codes.count(level.code) > 1:
            yield Slip(where=where, what="two service levels have this code", now_what="give each its own code")
        given = [value for value in (level.business_days, level.business_hours, level.hours) if value]
        if len(given) != 1 or given[0] < 0:
            yield Slip(
                where=where,
                what="it must give exactly one delay",
                now_what="give business_days, business_hours or hours",
            )
    begins = {"", *Phase, *(state.code for state in kind.workflow.states), *kind.facts()}
    for number, level in enumerate(kind.service_levels):
        where = f"service level {level.code!r}"
        alike = [(each.since, each.until) for each in kind.service_levels[number + 1 :]]
        if level.when is None and (level.since, level.until) in alike:
            yield Slip(
                where=where,
                what="it always holds, so those after it never will",
                now_what="put it last or give it a condition",
            )
        if level.since not in begins:
            now_what = "name a state, a phase or a fact of a part"
            yield Slip(where=f"{where} · since", what=f"{level.since!r} never begins", now_what=now_what)


def _part_slips(kind: "RequestType") -> Iterator[Slip]:
    names = [f"{part.part} {part.code!r}" for part in kind.parts]
    for part, name in zip(kind.parts, names, strict=True):
        yield from part.slips()
        yield from part.slips_in(kind)
        if names.count(name) > 1:
            yield Slip(where=name, what="two parts of this kind have this code", now_what="give each its own code")
    known = kind.facts()
    brought = [name for name, fact in known.items() if fact.brought]
    for state in kind.workflow.states:
        yield from _fact_slips(state.brings, brought, f"state {state.code!r} · brings")
    for each in kind.workflow.transitions:
        where = f"transition {each.code!r}"
        yield from _fact_slips(each.brings, brought, f"{where} · brings")
        yield from _fact_slips((*each.needs, *each.after), known, f"{where} · needs and after")


def _optional_slips(kind: "RequestType") -> Iterator[Slip]:
    """What goes wrong where a town does without a kind of part that the type says it can do without."""
    declared = {part.part for part in kind.parts}
    for word in kind.optional:
        where = f"optional {word!r}"
        if word not in declared:
            what = "the type has no part of this kind"
            yield Slip(where=where, what=what, now_what=f"name one of {', '.join(sorted(declared)) or 'its parts'}")
    if not declared.isdisjoint(kind.optional):
        for slip in type_slips(kind.without(kind.optional)):
            yield slip.within(f"without {', '.join(kind.optional)}")


def _fact_slips(named: Collection[str], known: Collection[str], where: str) -> Iterator[Slip]:
    for fact in named:
        if fact not in known:
            now_what = f"use one of {', '.join(sorted(known))}" if known else "declare the part that it is about"
            yield Slip(where=where, what=f"{fact!r} is nothing that can happen here", now_what=now_what)
