"""The form of one rule: its questions, a rule as what stands in them, and what was typed as a rule."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.jurisdictions.owners import OWNERS as OWNER_FILE
from parvis.requests.offered import themes_of
from parvis.requests.priority_names import PRIORITIES
from parvis.requests.town_names import CHANNELS, Names
from parvis.web.desk.context import DeskContext, unit_tree
from parvis.web.typed import FormInput
from parvis_routing.checking import NO_CONDITION, is_season
from parvis_routing.rules import TIMES as ALL_TIMES
from parvis_routing.rules import Rule, Season
from parvis_routing.sentences import REQUESTERS, TIMES
from parvis_rulesets.pages import several
from parvis_sdk.conditions import All, Condition, Includes, Is, OneOfThese, Some
from parvis_sdk.fields import AnyField, LongText, OneOf, Option, Sensitivity, SeveralOf, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

ANSWER = "answer_"
YES, NO = "yes", "no"
MOST_WORDS, LONGEST_TITLE = 2000, 80
TITLE = Text(fr="Nom de la règle en français", en="Rule name in French")
TITLE_EN = Text(fr="Nom de la règle en anglais", en="Rule name in English")
TITLE_HELP = Text(
    fr="Ce nom est affiché sur chaque requête dirigée par la règle. N’y mettez aucun renseignement personnel.",
    en="This name is shown on every request that the rule routes. Do not include personal information.",
)
TYPES = Text(fr="Types de requêtes", en="Request types")
THEMES = Text(fr="Thèmes", en="Themes")
ZONES = Text(fr="Secteurs", en="Sectors")
CHANNEL = Text(fr="Canaux", en="Channels")
OWNERS = Text(fr="Propriétaire de l’endroit", en="Owner of the place")
REQUESTER = Text(fr="Identité de la personne", en="Requester’s identity")
WORDS = Text(fr="Mots de la requête", en="Words in the request")
WORDS_HELP = Text(
    fr="Un mot ou une expression par ligne, dans les deux langues. Les fautes et les formes voisines sont acceptées.",
    en="One word or phrase per line, in both languages. Typos and other forms of the words are accepted.",
)
TIME = Text(fr="Moments", en="Times")
FIRST = Text(fr="Premier jour de la saison (mois-jour)", en="First day of the season (month-day)")
LAST = Text(fr="Dernier jour de la saison (mois-jour)", en="Last day of the season (month-day)")
EXAMPLE = Text(fr="11-15", en="11-15")
NO_SEASON = Text(
    fr="Inscrivez le premier et le dernier jour, par exemple\u00a0: 11-15 et 04-01.",
    en="Enter the first and the last day, for example: 11-15 and 04-01.",
)
PERSONS = Text(fr="Personnes à qui attribuer la requête", en="People to assign the request to")
CHOOSE = Text(fr="Choisissez à qui attribuer la requête.", en="Choose whom to assign the request to.")
NOBODY_OF_OURS = Text(
    fr="Une requête qui ne relève pas de la Ville ne peut pas être attribuée à un membre du personnel.",
    en="A request that is not a town responsibility cannot be assigned to staff.",
)
UNIT, OWNER = "unit:", "owner:"


class RoutingRuleDraft(Struct, frozen=True, kw_only=True):
    """What was typed, as a rule, and what is wrong with it."""

    rule: Rule
    problems: Problems | None


def form_of(names: Names, types: tuple[str, ...], rule: Rule) -> Form:
    """The questions; of answers those that the chosen types ask, and that may be asked about."""
    town = names.town
    request_types = sorted(names.types.values(), key=lambda request_type: i18n.say(request_type.title))
    themes = {code: theme.title for code, theme in themes_of(request_types).items()}
    parts = (
        several("types", TYPES, {request_type.code: request_type.title for request_type in request_types}, rule.types),
        several("themes", THEMES, themes, rule.themes),
        several("zones", ZONES, {zone.code: zone.name for zone in town.zones}, rule.zones),
        several("channels", CHANNEL, CHANNELS, rule.channels),
        several("owners", OWNERS, {owner.code: owner.name for owner in OWNER_FILE.of(town)}, rule.owners),
        several("requesters", REQUESTER, REQUESTERS, rule.requesters),
        several("times", TIME, {str(time): words for time, words in TIMES.items()}, rule.times),
    )
    written = (
        ShortText(code="title_fr", label=TITLE, help=TITLE_HELP, required=False, max_length=LONGEST_TITLE),
        ShortText(code="title_en", label=TITLE_EN, required=False, max_length=LONGEST_TITLE),
        LongText(code="words", label=WORDS, help=WORDS_HELP, required=False, max_length=MOST_WORDS, rows=4),
        ShortText(code="first", label=FIRST, example=EXAMPLE, required=False, max_length=5),
        ShortText(code="last", label=LAST, example=Text(fr="04-01", en="04-01"), required=False, max_length=5),
    )
    persons = several("persons", PERSONS, _people(names), rule.persons)
    offered = tuple(part for part in (*parts, persons) if part.options)
    fields: tuple[AnyField, ...] = (*written, *offered, *_answer_fields(names, types))
    return Form(sections=(Section(code="rule", title=TITLE, fields=fields),))


def _people(names: Names) -> dict[str, Text]:
    return {id: Text(fr=name, en=name) for id, name in names.people.items()}


def _answer_fields(names: Names, types: tuple[str, ...]) -> Iterator[SeveralOf]:
    """The questions of these types that offer answers, each once."""
    seen = set[str]()
    for request_type in (names.types[code] for code in types if code in names.types):
        for field in request_type.form.fields():
            if field.code in seen or field.privacy.sensitivity is Sensitivity.SENSITIVE:
                continue
            seen.add(field.code)
            if options := _options(field):
                yield SeveralOf(code=ANSWER + field.code, label=field.label, required=False, options=options)


def _options(field: AnyField) -> tuple[Option, ...]:
    if isinstance(field, OneOf | SeveralOf):
        return field.options
    if isinstance(field, YesNo):
        return (Option(code=YES, label=Text(fr="Oui", en="Yes")), Option(code=NO, label=Text(fr="Non", en="No")))
    return ()


def targets(room: DeskContext) -> list[tuple[str, str]]:
    """Where a rule may lead: units as their tree, then owners who look after things of their own."""
    owners = [(OWNER + each.code, i18n.say(NOT_OURS.format(owner=each.name))) for each in OWNER_FILE.of(room.town)]
    return [("", ""), *((UNIT + code, name) for code, name in unit_tree(room.town)), *owners]


NOT_OURS = Text(fr="Ne relève pas de la Ville\u00a0: {owner}", en="Not a town responsibility: {owner}")


def priorities() -> list[tuple[str, str]]:
    return [(str(step), i18n.say(name)) for step, name in PRIORITIES.items()]


def values_of(rule: Rule) -> dict[str, Any]:
    """A rule as it stands in its form."""
    values: dict[str, Any] = {
        name: list(getattr(rule, name))
        for name in ("types", "themes", "zones", "channels", "owners", "requesters", "times")
    }
    return values | {
        "title_fr": rule.title.fr if rule.title else "",
        "title_en": rule.title.en if rule.title else "",
        "words": "\n".join(rule.words),
        "first": rule.season.first if rule.season else "",
        "last": rule.season.last if rule.season else "",
        "target": f"{OWNER}{rule.owner}" if rule.owner else f"{UNIT}{rule.unit}" if rule.unit else "",
        "priority": str(rule.priority),
        "persons": list(rule.persons),
        "share": rule.share,
        **{ANSWER + code: chosen for code, chosen in (picked(rule.answers) or {}).items()},
    }


def picked(condition: Condition | None) -> dict[str, list[str]] | None:
    """The answers that a condition asks for, by question; None where the form cannot say it."""
    if condition is None:
        return {}
    found: dict[str, list[str]] = {}
    for part in condition.parts if isinstance(condition, All) else (condition,):
        one = _one_question(part)
        if one is None or one[0] in found:
            return None
        found[one[0]] = one[1]
    return found


def _one_question(part: Condition) -> tuple[str, list[str]] | None:
    match part:
        case Is(field=field, value=bool() as value):
            return field, [YES if value else NO]
        case Is(field=field, value=str() as value) | Includes(field=field, value=value):
            return field, [value]
        case OneOfThese(field=field, values=values) if all(isinstance(value, str | bool) for value in values):
            return field, [value if isinstance(value, str) else YES if value else NO for value in values]
        case Some(parts=parts) if parts and all(isinstance(each, Includes) for each in parts):
            held = [each for each in parts if isinstance(each, Includes)]
            return (held[0].field, [each.value for each in held]) if len({each.field for each in held}) == 1 else None
        case _:
            return None


def written(names: Names, sent: FormInput, before: Rule) -> RoutingRuleDraft:
    """What was typed as the rule that it means; a condition that the form cannot say stays as it was."""
    types = tuple(dict.fromkeys(sent.all("types")))
    form = form_of(names, types, before)
    raw = {field.code: sent.values.get(field.code) for field in form.fields()}
    raw |= {field.code: list(sent.all(field.code)) for field in form.fields() if isinstance(field, SeveralOf)}
    read = form.read(raw)
    found = list(read.found) if isinstance(read, Problems) else []
    answers: Mapping[str, Any] = {} if isinstance(read, Problems) else read.answers
    target, first, last = sent.text("target"), answers.get("first", ""), answers.get("last", "")
    rule = Rule(
        id=before.id,
        title=Text(fr=answers["title_fr"], en=answers.get("title_en", "")) if answers.get("title_fr") else None,
        types=types,
        themes=tuple(answers.get("themes", ())),
        zones=tuple(answers.get("zones", ())),
        channels=tuple(answers.get("channels", ())),
        owners=tuple(answers.get("owners", ())),
        requesters=tuple(answers.get("requesters", ())),
        answers=before.answers if picked(before.answers) is None else _condition(names, types, answers),
        words=tuple(dict.fromkeys(line.strip() for line in answers.get("words", "").splitlines() if line.strip())),
        times=tuple(time for time in ALL_TIMES if time in answers.get("times", ())),
        season=Season(first=first, last=last) if first or last else None,
        unit=target.removeprefix(UNIT) if target.startswith(UNIT) else "",
        owner=target.removeprefix(OWNER) if target.startswith(OWNER) else "",
        persons=tuple(answers.get("persons", ())),
        share="load" if sent.text("share") == "load" else "turns",
        priority=int(given) if (given := sent.text("priority")) in {str(each) for each in PRIORITIES} else 0,
    )
    return RoutingRuleDraft(
        rule=rule, problems=_wrong(found, rule, names, target) if not found else Problems(found=tuple(found))
    )


def _wrong(found: list[Problem], rule: Rule, names: Names, target: str) -> Problems | None:
    if target not in {UNIT + code for code in names.town.units} | {
        OWNER + each.code for each in OWNER_FILE.of(names.town)
    }:
        found.append(Problem(path="target", code="missing", message=CHOOSE))
    if rule.season is not None and not is_season(rule.season):
        found.append(Problem(path="first", code="season", message=NO_SEASON))
    if rule.owner and rule.persons:
        found.append(Problem(path="persons", code="owner", message=NOBODY_OF_OURS))
    if not rule.has_conditions:
        found.append(Problem(path="types", code="condition", message=NO_CONDITION))
    return Problems(found=tuple(found)) if found else None


def _condition(names: Names, types: tuple[str, ...], answers: Mapping[str, Any]) -> Condition | None:
    """Every question that has something ticked, each satisfied by one of what is."""
    parts = [
        _asked(names.question(code.removeprefix(ANSWER), types), code.removeprefix(ANSWER), chosen)
        for code, chosen in answers.items()
        if code.startswith(ANSWER) and chosen
    ]
    return All(parts=tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def _asked(field: AnyField | None, code: str, chosen: list[str]) -> Condition:
    if isinstance(field, SeveralOf):
        each = tuple(Includes(field=code, value=value) for value in chosen)
        return Some(parts=each) if len(each) > 1 else each[0]
    values = tuple(value == YES if isinstance(field, YesNo) else value for value in chosen)
    return OneOfThese(field=code, values=values) if len(values) > 1 else Is(field=code, value=values[0])
