"""Rules in words: a sentence for the page on which they stand, and a few words for the request that one decided."""

from parvis.requests.priority_names import priority_name
from parvis.requests.routing import NONE_FITS, NUMBERED
from parvis.requests.town_names import CHANNELS, Names, either, joined
from parvis_routing.rules import Decision, Rule, Season, Share, Time
from parvis_sdk.conditions import (
    All,
    Answered,
    AtLeast,
    AtMost,
    Condition,
    Includes,
    Is,
    Not,
    NotBefore,
    OneOfThese,
    Some,
)
from parvis_sdk.fields import AnyField, OneOf, Sensitivity, SeveralOf
from parvis_sdk.text import Text

REQUESTERS = {
    "named": Text(fr="identité connue", en="known identity"),
    "confidential": Text(fr="identité confidentielle", en="confidential identity"),
    "anonymous": Text(fr="anonymat", en="anonymous"),
}
TIMES: dict[Time, Text] = {
    "open": Text(fr="pendant les heures d’ouverture", en="during opening hours"),
    "closed": Text(fr="hors des heures d’ouverture", en="outside opening hours"),
    "night": Text(fr="la nuit (de 22 h à 6 h)", en="at night (10 p.m. to 6 a.m.)"),
    "weekend": Text(fr="la fin de semaine", en="on weekends"),
}
MONTHS_FR = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WORDS = Text(fr="mots de la requête", en="words in the request")
THE_WORDS = Text(fr="mots «\u00a0{words}\u00a0»", en="words “{words}”")
ABOUT = Text(fr="réponse à «\u00a0{label}\u00a0»", en="answer to “{label}”")
SAYS = Text(fr="«\u00a0{label}\u00a0» {value}", en="“{label}” {value}")
AT_LEAST = Text(fr="«\u00a0{label}\u00a0» {value} ou plus", en="“{label}” {value} or more")
NOT_BEFORE = Text(
    fr="«\u00a0{label}\u00a0» est égal ou postérieur à «\u00a0{other}\u00a0»", en="“{label}” is on or after “{other}”"
)
NOT_BEFORE_BY = Text(
    fr="«\u00a0{label}\u00a0» est égal ou postérieur à «\u00a0{other}\u00a0» (jours\u00a0: {days})",
    en="“{label}” is on or after “{other}” (days: {days})",
)
AT_LEAST_OTHER = Text(
    fr="«\u00a0{label}\u00a0» vaut au moins «\u00a0{other}\u00a0»", en="“{label}” is at least “{other}”"
)
AT_MOST_OTHER = Text(fr="«\u00a0{label}\u00a0» vaut au plus «\u00a0{other}\u00a0»", en="“{label}” is at most “{other}”")
TIMES_MORE = Text(fr="{words} (× {times}, + {value})", en="{words} (× {times}, + {value})")
AT_MOST = Text(fr="«\u00a0{label}\u00a0» {value} ou moins", en="“{label}” {value} or less")
HAS_ANSWER = Text(fr="réponse donnée à «\u00a0{label}\u00a0»", en="“{label}” is answered")
NOT = Text(fr="sauf ({part})", en="except ({part})")
Simple = Is | OneOfThese | Includes | AtLeast | AtMost | NotBefore | Answered
NEVER = Text(fr="jamais", en="never")
YES, NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")
OF_OWNER = Text(fr="endroit appartenant à {owner}", en="place owned by {owner}")
IF = Text(fr="Si {conditions} → {target}", en="If {conditions} → {target}")
ALWAYS = Text(fr="Toujours → {target}", en="Always → {target}")
NOT_OURS = Text(fr="ne relève pas de la Ville; diriger vers {owner}", en="not a town responsibility; direct to {owner}")
PERSONS = Text(fr="{num} personnes", en="{num} people")
SHARED: dict[Share, Text] = {
    "turns": Text(fr="{target}, à tour de rôle ({who})", en="{target}, in turn ({who})"),
    "load": Text(
        fr="{target}, à la personne qui a le moins de requêtes ({who})",
        en="{target}, to the person with the fewest requests ({who})",
    ),
}
WITH_PRIORITY = Text(fr="{target}, priorité {priority}", en="{target}, priority {priority}")


def why_of(decision: Decision, names: Names) -> Text:
    """Why the rules decided so, for everybody who works on the request: without personal answers or words of them."""
    rule = decision.rule
    if rule is None:
        return NONE_FITS
    words = rule.title or joined(conditions_of(rule, names, heard=decision.heard))
    return NUMBERED.format(number=decision.number, words=words)


def sentence_of(rule: Rule, names: Names, *, openly: bool = True) -> Text:
    """The whole rule as one sentence; `openly` with the personal answers that it asks about."""
    target = NOT_OURS.format(owner=names.owner(rule.owner)) if rule.owner else names.unit(rule.unit)
    if rule.persons:
        told = [Text(fr=names.people.get(each, "?"), en=names.people.get(each, "?")) for each in rule.persons]
        who = joined(told) if names.people else PERSONS.format(num=len(rule.persons))
        target = SHARED[rule.share].format(target=target, who=who)
    if rule.priority:
        lower = priority_name(rule.priority).each(lambda words, _: words.lower())
        target = WITH_PRIORITY.format(target=target, priority=lower)
    conditions = conditions_of(rule, names, heard=rule.words if openly else (), openly=openly)
    return IF.format(conditions=joined(conditions), target=target) if conditions else ALWAYS.format(target=target)


def conditions_of(rule: Rule, names: Names, *, heard: tuple[str, ...] = (), openly: bool = False) -> tuple[Text, ...]:
    """What a rule asks for, one text for each kind of condition."""
    parts = [
        either(names.zone(code) for code in rule.zones),
        either(names.theme(code) for code in rule.themes),
        either(names.type(code) for code in rule.types),
        either(CHANNELS.get(code, Text(fr=code)) for code in rule.channels),
        either(OF_OWNER.format(owner=names.owner(code)) for code in rule.owners),
        either(REQUESTERS.get(code, Text(fr=code)) for code in rule.requesters),
        _answers(rule.answers, rule.types, names, openly=openly) if rule.answers is not None else None,
        (THE_WORDS.format(words=", ".join(heard)) if heard else WORDS) if rule.words else None,
        either(TIMES[time] for time in rule.times),
        _season(rule.season) if rule.season else None,
    ]
    return tuple(part for part in parts if part is not None)


def _answers(condition: Condition, types: tuple[str, ...], names: Names, *, openly: bool) -> Text:
    match condition:
        case All(parts=parts):
            return joined(_answers(part, types, names, openly=openly) for part in parts)
        case Some(parts=parts):
            return either(_answers(part, types, names, openly=openly) for part in parts) or NEVER
        case Not(part=part):
            return NOT.format(part=_answers(part, types, names, openly=openly))
        case _:
            field = names.question(condition.field, types)
            other = condition.other if isinstance(condition, NotBefore | AtLeast | AtMost) else ""
            than = names.question(other, types) if other else None
            return _answer(condition, field, openly=openly, than=than.label if than else None)


def _answer(condition: Simple, field: AnyField | None, *, openly: bool, than: Text | None = None) -> Text:
    label = field.label if field else Text(fr=condition.field)
    told = field is not None and field.privacy.sensitivity in (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
    if not (told or openly):
        return ABOUT.format(label=label)
    match condition:
        case Answered():
            return HAS_ANSWER.format(label=label)
        case OneOfThese(values=values):
            return SAYS.format(label=label, value=either(_value(value, field) for value in values) or "")
        case AtLeast(value=value, other=""):
            return AT_LEAST.format(label=label, value=value)
        case AtMost(value=value, other=""):
            return AT_MOST.format(label=label, value=value)
        case AtLeast(other=other) | AtMost(other=other):
            words = AT_LEAST_OTHER if isinstance(condition, AtLeast) else AT_MOST_OTHER
            words = words.format(label=label, other=than or Text(fr=other))
            if (condition.times, condition.value or 0) == (1, 0):
                return words
            return TIMES_MORE.format(words=words, times=condition.times, value=condition.value or 0)
        case NotBefore(other=other, days=days):
            words = NOT_BEFORE_BY if days else NOT_BEFORE
            return words.format(label=label, other=than or Text(fr=other), days=f"{days:+d}")
        case Is(value=value) | Includes(value=value):
            return SAYS.format(label=label, value=_value(value, field))


def _value(value: object, field: AnyField | None) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    options = field.options if isinstance(field, OneOf | SeveralOf) else ()
    return next(
        (option.label for option in options if option.code == value),
        Text(fr="{value}", en="{value}").format(value=value),
    )


def _season(season: Season) -> Text:
    (first_month, first_day), (last_month, last_day) = (map(int, day.split("-")) for day in (season.first, season.last))
    return Text(
        fr=f"du {_day_fr(first_month, first_day)} au {_day_fr(last_month, last_day)}",
        en=f"from {MONTHS_EN[first_month - 1]} {first_day} to {MONTHS_EN[last_month - 1]} {last_day}",
    )


def _day_fr(month: int, day: int) -> str:
    return f"{'1er' if day == 1 else day} {MONTHS_FR[month - 1]}"
