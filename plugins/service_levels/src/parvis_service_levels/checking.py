"""What is wrong with levels: things that the town does not have, amounts that are none, lines that never fit."""

from collections.abc import Iterator

from msgspec import structs

from parvis.jurisdictions.levels import ANY, MOST_DAYS, MOST_HOURS, MOST_OPENING_HOURS, LevelRule, hidden_by
from parvis.requests.levels import AMOUNTS
from parvis.requests.priority_names import PRIORITIES
from parvis.requests.town_names import Names
from parvis_rulesets.editing import Fault
from parvis_sdk.text import Text
from parvis_service_levels.escalation import MOST_STEPS, Escalation, WatchedLevels

MOST_LINES = 300
MOST: dict[str, int] = {"business_days": MOST_DAYS, "business_hours": MOST_OPENING_HOURS, "hours": MOST_HOURS}
MOST_WARN_HOURS = 400
NO_TYPE = Text(fr="Le type «\u00a0{code}\u00a0» n’est pas offert ici.", en="The type “{code}” is not offered here.")
NO_LEVEL = Text(fr="Ce type n’a pas de délai «\u00a0{code}\u00a0».", en="This type has no response time “{code}”.")
NO_ZONE = Text(fr="Le secteur «\u00a0{code}\u00a0» n’existe pas.", en="There is no sector “{code}”.")
NO_SEASON = Text(
    fr="La saison «\u00a0{code}\u00a0» n’est pas dans jurisdiction.toml.",
    en="The season “{code}” is not in jurisdiction.toml.",
)
NO_PRIORITY = Text(fr="La priorité «\u00a0{code}\u00a0» n’existe pas.", en="There is no priority “{code}”.")
ONE_AMOUNT = Text(
    fr="Une règle promet un seul délai, en jours ouvrables, en heures d’ouverture ou en heures.",
    en="A rule sets one response time, in business days, opening hours or hours.",
)
TOO_MUCH = Text(fr="Inscrivez un nombre entier de 1 à {most}.", en="Enter a whole number from 1 to {most}.")
HIDDEN = Text(
    fr="Cette règle ne s’appliquera jamais\u00a0: la règle {number} couvre déjà tous ses cas. Placez-la "
    "plus haut, ou retirez-la.",
    en="This rule will never apply: rule {number} already covers all its cases. Move it up or remove it.",
)
TWICE = Text(
    fr="Deux règles portent le même nom interne «\u00a0{code}\u00a0».",
    en="Two rules have the same internal name “{code}”.",
)
TOO_MANY = Text(fr="Il y a plus de {most} règles.", en="There are more than {most} rules.")
WARN_HOURS = Text(
    fr="L’avertissement est envoyé de 0 à {most} heures d’ouverture avant la date promise.",
    en="The warning is sent 0 to {most} opening hours before the promised date.",
)
STEPS = Text(
    fr="Inscrivez au plus {most} nombres de jours en ordre croissant, par exemple\u00a0: 0, 3.",
    en="Enter at most {most} numbers of days in ascending order, for example: 0, 3.",
)


def faults_of(levels: WatchedLevels, names: Names) -> tuple[Fault, ...]:
    """Everything that is wrong, in the order of the lines."""
    found = [Fault(what=what) for what in wrong_steps(levels.escalation)]
    if len(levels.rules) > MOST_LINES:
        found.append(Fault(what=TOO_MANY.format(most=MOST_LINES)))
    ids = set[str]()
    for number, rule in enumerate(levels.rules, 1):
        found += [structs.replace(fault, number=number) for fault in faults_in(rule, names)]
        if (before := hidden_by(levels.rules, number)) is not None:
            found.append(Fault(number=number, what=HIDDEN.format(number=before)))
        if rule.id in ids:
            found.append(Fault(number=number, what=TWICE.format(code=rule.id)))
        ids.add(rule.id)
    return tuple(found)


def faults_in(rule: LevelRule, names: Names) -> Iterator[Fault]:
    """What is wrong with one line by itself."""
    town, request_type = names.town, names.types.get(rule.type)
    if rule.type != ANY and request_type is None:
        yield Fault(what=NO_TYPE.format(code=rule.type), blocks=False)
    if (
        request_type is not None
        and rule.level != ANY
        and rule.level not in {each.code for each in request_type.service_levels}
    ):
        yield Fault(what=NO_LEVEL.format(code=rule.level), blocks=False)
    zones, seasons = {zone.code for zone in town.zones}, {season.code for season in town.seasons}
    yield from (Fault(what=NO_ZONE.format(code=code), blocks=False) for code in rule.zones if code not in zones)
    yield from (Fault(what=NO_SEASON.format(code=code), blocks=False) for code in rule.seasons if code not in seasons)
    yield from (Fault(what=NO_PRIORITY.format(code=each)) for each in rule.priorities if each not in PRIORITIES)
    amounts = {name: amount for name in AMOUNTS if (amount := getattr(rule, name)) is not None}
    if len(amounts) != 1:
        yield Fault(what=ONE_AMOUNT)
    for name, amount in amounts.items():
        if not is_amount(name, amount):
            yield Fault(what=TOO_MUCH.format(most=MOST[name]))


def is_amount(name: str, amount: int) -> bool:
    """Whether so many may be promised; the files also know a promise of the very day."""
    return (0 if name == "business_days" else 1) <= amount <= MOST[name]


def wrong_steps(escalation: Escalation) -> Iterator[Text]:
    """What is wrong with when the town's own people are told."""
    days = escalation.after
    if not 0 <= escalation.warn_hours <= MOST_WARN_HOURS:
        yield WARN_HOURS.format(most=MOST_WARN_HOURS)
    rising = list(days) == sorted(set(days)) and all(0 <= day <= MOST_DAYS for day in days)
    if not rising or len(days) > MOST_STEPS:
        yield STEPS.format(most=MOST_STEPS)
