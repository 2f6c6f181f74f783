"""What is wrong with rules: things that the town does not have, questions that nobody asks, what is never reached."""

import re
from collections.abc import Iterator

from msgspec import structs

from parvis.jurisdictions.owners import OWNERS
from parvis.requests.priority_names import PRIORITIES
from parvis.requests.town_names import CHANNELS, Names
from parvis_routing.rules import Rule, Rules, Season, is_sound
from parvis_routing.sentences import REQUESTERS
from parvis_rulesets.editing import Fault
from parvis_sdk.conditions import fields_of
from parvis_sdk.fields import Sensitivity
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MOST_RULES = 300
DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
NO_UNIT = Text(fr="L’unité «\u00a0{code}\u00a0» n’existe pas.", en="There is no unit “{code}”.")
NO_OWNER = Text(fr="«\u00a0{code}\u00a0» n’est pas dans owners.toml.", en="“{code}” is not in owners.toml.")
NO_TYPE = Text(fr="Le type «\u00a0{code}\u00a0» n’est pas offert ici.", en="The type “{code}” is not offered here.")
NO_THEME = Text(fr="Le thème «\u00a0{code}\u00a0» n’existe pas.", en="There is no theme “{code}”.")
NO_ZONE = Text(fr="Le secteur «\u00a0{code}\u00a0» n’existe pas.", en="There is no sector “{code}”.")
NO_SUCH = Text(fr="«\u00a0{code}\u00a0» n’est pas une valeur reconnue.", en="“{code}” is not a recognized value.")
NO_QUESTION = Text(
    fr="Aucun formulaire ne pose la question «\u00a0{code}\u00a0».", en="No form asks the question “{code}”."
)
SENSITIVE = Text(
    fr="«\u00a0{label}\u00a0» est une question sensible\u00a0: l’unité attribuée révélerait la réponse.",
    en="“{label}” is a sensitive question: the unit assigned would reveal the answer.",
)
NO_CONDITION = Text(
    fr="Sans condition, cette règle s’applique à toutes les requêtes et les suivantes ne s’appliquent jamais.",
    en="Without a condition, this rule applies to all requests and the rules below never apply.",
)
COVERED = Text(
    fr="Cette règle ne s’appliquera jamais\u00a0: la règle {number} couvre déjà tous ses cas. Placez-la "
    "plus haut, ou retirez-la.",
    en="This rule will never apply: rule {number} already covers all its cases. Move it up or remove it.",
)
NO_TARGET = Text(
    fr="Cette règle n’attribue la requête à personne.", en="This rule does not assign the request to anyone."
)
NO_DAY = Text(
    fr="Une saison se définit par deux dates (mois-jour), par exemple\u00a0: 11-15 et 04-01.",
    en="A season is defined by two dates (month-day), for example: 11-15 and 04-01.",
)
TWICE = Text(
    fr="Deux règles portent le même nom interne «\u00a0{code}\u00a0».",
    en="Two rules have the same internal name “{code}”.",
)
TOO_MANY = Text(fr="Il y a plus de {most} règles.", en="There are more than {most} rules.")


def faults_of(rules: Rules, names: Names) -> tuple[Fault, ...]:
    """Everything that is wrong, in the order of the rules."""
    found = [Fault(what=NO_UNIT.format(code=rules.default))] if rules.default not in names.town.units else []
    if len(rules.rules) > MOST_RULES:
        found.append(Fault(what=TOO_MANY.format(most=MOST_RULES)))
    ids = set[str]()
    for number, rule in enumerate(rules.rules, 1):
        found += [structs.replace(fault, number=number) for fault in faults_in(rule, names)]
        if rule.id in ids:
            found.append(Fault(number=number, what=TWICE.format(code=rule.id)))
        ids.add(rule.id)
        if above := _taken_above(rules, number, names):
            found.append(Fault(number=number, what=COVERED.format(number=above), blocks=False))
    return tuple(found)


def faults_in(rule: Rule, names: Names) -> Iterator[Fault]:
    """What is wrong with one rule."""
    town = names.town
    owners = {owner.code for owner in OWNERS.of(town)}
    known = (
        (rule.types, names.types.keys(), NO_TYPE),
        (rule.themes, {request_type.theme.code for request_type in names.types.values()}, NO_THEME),
        (rule.zones, {zone.code for zone in town.zones}, NO_ZONE),
        (rule.channels, CHANNELS.keys(), NO_SUCH),
        (rule.requesters, REQUESTERS.keys(), NO_SUCH),
        (rule.owners, owners, NO_OWNER),
    )
    for codes, there, words in known:
        yield from (Fault(what=words.format(code=code), blocks=False) for code in codes if code not in there)
    if rule.unit and rule.unit not in town.units:
        yield Fault(what=NO_UNIT.format(code=rule.unit))
    if rule.owner and rule.owner not in owners:
        yield Fault(what=NO_OWNER.format(code=rule.owner))
    if not rule.has_conditions:
        yield Fault(what=NO_CONDITION)
    if not (rule.unit or rule.owner):
        yield Fault(what=NO_TARGET)
    if rule.priority not in PRIORITIES:
        yield Fault(what=NO_SUCH.format(code=rule.priority))
    if rule.season is not None and not is_season(rule.season):
        yield Fault(what=NO_DAY)
    yield from _questions(rule, names)


def _taken_above(rules: Rules, number: int, names: Names) -> int:
    """The number of a rule further up that fits whatever this one fits; 0 where there is none."""
    rule = rules.rules[number - 1]
    earlier = enumerate(rules.rules[: number - 1], 1)
    return next((at for at, one in earlier if is_sound(one, names.town) and _covers(one, rule)), 0)


def _covers(one: Rule, other: Rule) -> bool:
    """Whether each condition of the one holds wherever all of the other's do, as far as the two by themselves tell."""
    lists = ("types", "themes", "zones", "channels", "owners", "requesters", "words", "times")
    chosen = ((set(getattr(one, name)), set(getattr(other, name))) for name in lists)
    return (
        one.has_conditions  # without any it is a fault of its own
        and all(not wide or (narrow and narrow <= wide) for wide, narrow in chosen)
        and one.answers in (None, other.answers)
        and one.season in (None, other.season)
    )


def _questions(rule: Rule, names: Names) -> Iterator[Fault]:
    for code in dict.fromkeys(fields_of(rule.answers)) if rule.answers is not None else ():
        asked = [field for request_type in _kinds(rule, names) if (field := request_type.form.field(code)) is not None]
        if not asked:
            yield Fault(what=NO_QUESTION.format(code=code), blocks=False)
        elif any(one.privacy.sensitivity is Sensitivity.SENSITIVE for one in asked):
            yield Fault(what=SENSITIVE.format(label=asked[0].label))


def _kinds(rule: Rule, names: Names) -> list[RequestType]:
    return [request_type for request_type in names.types.values() if not rule.types or request_type.code in rule.types]


def is_season(season: Season) -> bool:
    return all(DAY.fullmatch(day) for day in (season.first, season.last))
