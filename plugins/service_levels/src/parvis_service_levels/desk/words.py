"""Service levels in sentences: a line with what it asks and promises, and when the town's own people are told."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext, ngettext
from parvis.jurisdictions.levels import ANY, LevelRule
from parvis.requests.priority_names import priority_name
from parvis.requests.town_names import Names
from parvis.web.promise import delay_words
from parvis_rulesets.editing import Difference, Fault, differences, sign_of
from parvis_sdk.request_types import RequestType
from parvis_service_levels.escalation import Escalation, WatchedLevels


class Line(Struct, frozen=True, kw_only=True):
    """One line as it is listed."""

    number: int
    rule: LevelRule
    sentence: str
    sign: str
    faults: tuple[tuple[str, bool], ...]


class OwnLevel(Struct, frozen=True, kw_only=True):
    """What a request type promises where no line fits."""

    type: str
    title: str
    delay: str


def sentence_of(rule: LevelRule, names: Names) -> str:
    """What the line asks and what it promises: “Pothole, Le Plateau, urgent priority, winter: 24 hours”."""
    seasons = {season.code: season.name for season in names.town.seasons}
    asked = [
        _type_words(rule, names),
        _any_of([i18n.say(names.zone(code)) for code in rule.zones]),
        _priorities(rule.priorities),
        _any_of([i18n.say(seasons[code]) if code in seasons else code for code in rule.seasons]),
    ]
    conditions = ", ".join(each for each in asked if each)
    return gettext("%(delay)s: %(why)s") % {"delay": conditions, "why": delay_words(rule)}


def _type_words(rule: LevelRule, names: Names) -> str:
    request_type = names.types.get(rule.type)
    title = gettext("all request types") if rule.type == ANY else i18n.say(names.type(rule.type))
    if rule.level == ANY:
        return title
    level = (
        next((each for each in request_type.service_levels if each.code == rule.level), None) if request_type else None
    )
    is_usual = level is not None and level.when is None and not level.since
    # What a title of the usual level says of days is what the line says otherwise.
    named = gettext("usual response time") if is_usual else level_title(request_type, rule.level)
    return f"{title} ({named})"


def level_title(request_type: RequestType | None, code: str) -> str:
    """What the level is called by its type; its code where that has none such."""
    found = next((each for each in request_type.service_levels if each.code == code), None) if request_type else None
    return i18n.say(found.title) if found else code


def _priorities(steps: Sequence[int]) -> str:
    if not steps:
        return ""
    return gettext("priority %(priority)s") % {
        "priority": _any_of([i18n.say(priority_name(step)) for step in steps]).lower()
    }


def _any_of(words: Sequence[str]) -> str:
    return i18n.format_list(words, "or")


def steps_words(escalation: Escalation) -> list[str]:
    """When the town's own people are told, a sentence for each step."""
    hours = escalation.warn_hours
    said = [
        ngettext(
            "%(num)s opening hour before the promised date: the person assigned is warned.",
            "%(num)s opening hours before the promised date: the person assigned is warned.",
            hours,
        )
        % {"num": hours}
        if hours
        else gettext("No warning is sent before the promised date.")
    ]
    for place, days in enumerate(escalation.after):
        when = (
            ngettext(
                "%(num)s business day after the promised date", "%(num)s business days after the promised date", days
            )
            % {"num": days}
            if days
            else gettext("On the promised date")
        )
        whom = (
            gettext("the unit’s manager is notified")
            if not place
            else gettext("the manager of the unit above is notified")
        )
        said.append(gettext("%(delay)s: %(why)s") % {"delay": when, "why": whom} + ".")
    return said


def lines_of(levels: WatchedLevels, names: Names, faults: tuple[Fault, ...] = ()) -> list[Line]:
    """The lines in their order, as sentences."""
    return [
        Line(
            number=number,
            rule=rule,
            sentence=sentence_of(rule, names),
            sign=sign_of(rule),
            faults=tuple((i18n.say(fault.what), fault.blocks) for fault in faults if fault.number == number),
        )
        for number, rule in enumerate(levels.rules, 1)
    ]


def own_levels(names: Names) -> list[OwnLevel]:
    """What the request types promise by themselves."""
    request_types = sorted(names.types.values(), key=lambda request_type: i18n.say(request_type.title).casefold())
    return [
        OwnLevel(type=i18n.say(request_type.title), title=i18n.say(level.title), delay=delay_words(level))
        for request_type in request_types
        for level in request_type.service_levels
    ]


def changes_of(now: WatchedLevels, draft: WatchedLevels, names: Names) -> list[tuple[Difference, str, str]]:
    """What the draft has otherwise, with the sentences before and after."""

    def said(rule: Any) -> str:
        return sentence_of(rule, names) if rule else ""

    return [(each, said(each.before), said(each.after)) for each in differences(now, draft)]
