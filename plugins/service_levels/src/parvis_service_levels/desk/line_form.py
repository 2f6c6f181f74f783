"""The form of one line of service levels: its questions, a line as it stands in them, what was typed as a line."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.jurisdictions.levels import ANY, LevelRule
from parvis.requests.levels import AMOUNTS
from parvis.requests.priority_names import PRIORITIES
from parvis.requests.town_names import Names
from parvis.web.typed import FormInput
from parvis_rulesets.pages import several
from parvis_sdk.fields import SeveralOf
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold
from parvis_service_levels.checking import MOST, TOO_MUCH, is_amount
from parvis_service_levels.desk.words import level_title

TICKED = ("zones", "priorities", "seasons")
ZONES = Text(fr="Secteurs", en="Sectors")
PRIORITY = Text(fr="Priorités", en="Priorities")
SEASONS = Text(fr="Saisons", en="Seasons")
CHOOSE_TYPE = Text(fr="Choisissez un type de requête.", en="Choose a type of request.")
CHOOSE_LEVEL = Text(fr="Choisissez un délai de ce type.", en="Choose a response time of this type.")


class LineDraft(Struct, frozen=True, kw_only=True):
    """What was typed, as a line, and what is wrong with it."""

    rule: LevelRule
    problems: Problems | None


def ticked(names: Names, rule: LevelRule) -> list[SeveralOf]:
    """The questions of which several may be ticked, where the town has any."""
    town = names.town
    priorities = {str(step): name for step, name in PRIORITIES.items()}
    parts = (
        several("zones", ZONES, {zone.code: zone.name for zone in town.zones}, rule.zones),
        several("priorities", PRIORITY, priorities, tuple(map(str, rule.priorities))),
        several("seasons", SEASONS, {season.code: season.name for season in town.seasons}, rule.seasons),
    )
    return [part for part in parts if part.options]


def types(names: Names, chosen: str) -> list[tuple[str, str]]:
    """The types that a line may be for, first every one; one that is offered no more stays where it was chosen."""
    found = sorted(
        ((code, i18n.say(request_type.title)) for code, request_type in names.types.items()),
        key=lambda one: fold(one[1]),
    )
    gone = [(chosen, chosen)] if chosen not in ("", ANY, *names.types) else []
    return [("", ""), (ANY, gettext("All types")), *found, *gone]


def levels(names: Names, type_code: str, chosen: str) -> list[tuple[str, str]]:
    """The levels of that type, first every one; of every type those that any has."""
    request_types = (
        list(names.types.values()) if type_code == ANY else [names.types[type_code]] if type_code in names.types else []
    )
    found = {
        each.code: level_title(request_type, each.code)
        for request_type in request_types
        for each in request_type.service_levels
    }
    gone = {chosen: chosen} if chosen not in (ANY, *found) else {}
    return [(ANY, gettext("Every level")), *(found | gone).items()]


def measures() -> list[tuple[str, str]]:
    """The unit in which a response time is counted."""
    words = (gettext("business days"), gettext("opening hours"), gettext("hours, day and night"))
    return list(zip(AMOUNTS, words, strict=True))


def values_of(rule: LevelRule) -> dict[str, Any]:
    """A line as it stands in its form."""
    measure = next((name for name in AMOUNTS if getattr(rule, name) is not None), AMOUNTS[0])
    amount = getattr(rule, measure)
    return {
        "type": rule.type,
        "level": rule.level,
        "zones": list(rule.zones),
        "priorities": [str(each) for each in rule.priorities],
        "seasons": list(rule.seasons),
        "amount": "" if amount is None else str(amount),
        "measure": measure,
    }


def typed_values(sent: FormInput) -> dict[str, Any]:
    """What stands in the form as it was typed, also where it makes no line yet."""
    written = {name: sent.text(name) for name in ("type", "level", "amount", "measure")}
    return written | {name: list(sent.all(name)) for name in TICKED}


def written(names: Names, sent: FormInput, before: LevelRule) -> LineDraft:
    """What was typed as the line that it means; of codes only those that are offered."""
    type_code, level, measure = sent.text("type"), sent.text("level") or ANY, sent.text("measure")
    measure = measure if measure in AMOUNTS else AMOUNTS[0]
    said = sent.text("amount").strip()
    amount = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0
    chosen = _chosen(names, sent, before)
    rule = LevelRule(
        id=before.id,
        type=type_code,
        level=level,
        zones=chosen["zones"],
        priorities=tuple(sorted(int(each) for each in chosen["priorities"])),
        seasons=chosen["seasons"],
        **{measure: amount},
    )
    return LineDraft(rule=rule, problems=_wrong(names, rule, measure, amount))


def _chosen(names: Names, sent: FormInput, before: LevelRule) -> Mapping[str, tuple[str, ...]]:
    offered = {part.code: {option.code for option in part.options} for part in ticked(names, before)}
    return {
        name: tuple(dict.fromkeys(code for code in sent.all(name) if code in offered.get(name, ()))) for name in TICKED
    }


def _wrong(names: Names, rule: LevelRule, measure: str, amount: int) -> Problems | None:
    found = []
    if rule.type not in {code for code, _ in types(names, "") if code}:
        found.append(Problem(path="type", code="missing", message=CHOOSE_TYPE))
    elif rule.level not in {code for code, _ in levels(names, rule.type, ANY)}:
        found.append(Problem(path="level", code="unknown", message=CHOOSE_LEVEL))
    if amount < 1 or not is_amount(measure, amount):
        found.append(Problem(path="amount", code="amount", message=TOO_MUCH.format(most=MOST[measure])))
    return Problems(found=tuple(found)) if found else None
