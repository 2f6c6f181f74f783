"""Writes in each language the page of the services that come with Parvis: what each is for, and how people say it."""

import importlib
from collections.abc import Iterator
from typing import Literal

from parvis_sdk.request_types import RequestType, ServiceLevel
from parvis_sdk.text import Text

PLUGINS = ("parvis_reports.plugin", "parvis_complaints.plugin", "parvis_permits.plugin")
MODES = {
    "named": Text(fr="nommée", en="named"),
    "confidential": Text(fr="confidentielle", en="confidential"),
    "anonymous": Text(fr="anonyme", en="anonymous"),
}
TITLE = Text(fr="Choisir le type de requête", en="Choosing the type of a request")
TOLD = Text(
    fr="Une personne dit «\xa0un chien jappe toute la nuit\xa0» ou «\xa0le bac n’a pas été vidé\xa0»\xa0: "
    "voici le type à choisir. "
    "Au bureau, *Nouvelle requête* propose ces mêmes types dès que vous écrivez ce que dit la personne. "
    "Les délais sont ceux que le logiciel propose\xa0: [votre ville a les siens](../delais.md). "
    "Si rien ne convient, prenez le type que votre ville offre pour tout le reste.",
    en="Somebody says “a dog has been barking all night” or “my bin was not emptied”: this is the type to choose. "
    "At the desk, *New request* suggests the same types while you write down what the person says. "
    "The service levels are those that come with Parvis: [your town has its own](../service-levels.md). "
    "If nothing fits, choose the type that your town offers for everything else.",
)
SAID = Text(fr="Les gens disent", en="People say")
UNLIKE = Text(fr="Ne convient pas pour", en="Not for")
PREPARE = Text(fr="À demander à la personne", en="What to ask the person for")
PROMISED = Text(fr="Délai proposé", en="Proposed service level")
WHO = Text(fr="Identité", en="Identity")
BY_THE_TOWN = Text(fr="Seule la Ville ouvre ce type de requête.", en="Only the town opens requests of this type.")


def page(language: Literal["fr", "en"]) -> str:
    """Each type by its theme, in the order in which the plugins declare them."""
    lines = [f"# {TITLE.to(language)}", "", TOLD.to(language), ""]
    themes: dict[str, list[RequestType]] = {}
    for each in every_type():
        themes.setdefault(each.theme.title.to(language), []).append(each)
    for theme, types in themes.items():
        lines += [f"## {theme}", ""]
        for each in types:
            lines += _type(each, language)
    return "\n".join(lines)


def every_type() -> Iterator[RequestType]:
    for name in PLUGINS:
        yield from importlib.import_module(name).request_types()


def _type(each: RequestType, language: Literal["fr", "en"]) -> Iterator[str]:
    colon = "\xa0:" if language == "fr" else ":"
    facts = (
        (SAID, ", ".join(words.to(language) for words in each.keywords)),
        (UNLIKE, ", ".join(words.to(language) for words in each.unlike)),
        (PREPARE, each.prepare.to(language) if each.prepare else ""),
        (PROMISED, "; ".join(_promised(level, language) for level in each.service_levels if not level.internal)),
        (WHO, ", ".join(MODES[mode].to(language) for mode in each.identity.modes)),
    )
    yield from (f"### {each.title.to(language)}", "", each.summary.to(language), "")
    if each.opened_by == "town":
        yield from (BY_THE_TOWN.to(language), "")
    else:
        yield from (f"- **{title.to(language)}**{colon} {words}" for title, words in facts if words)
        yield ""


def _promised(level: ServiceLevel, language: Literal["fr", "en"]) -> str:
    """The service level with its length, in the unit in which it is counted."""
    count = level.hours or level.business_hours or level.business_days
    hours, days = ("heures", "jours") if language == "fr" else ("hours", "days")
    unit = (hours if level.hours or level.business_hours else days)[: None if count > 1 else -1]
    if level.hours:
        length = f"{count} {unit}"
    elif language == "fr":
        length = f"{count} {unit} ouvrable{'s' if count > 1 else ''}"
    else:
        length = f"{count} business {unit}"
    return f"{level.title.to(language)} ({length})"
