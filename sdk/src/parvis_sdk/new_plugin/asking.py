"""The five questions, asked at a terminal; an option that was given answers its question."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from parvis_sdk.new_plugin.described import KINDS, NO_SYSTEM, OTHER_SERVICES, Kind, NewPlugin, has_service
from parvis_sdk.text import Text

CALLED = Text(
    fr="1. Comment s’appelle-t-elle? (minuscules, chiffres, _)", en="1. What is it called? (small letters, digits, _)"
)
WHICH = Text(
    fr="2. Qu’est-ce que c’est? type (un service), handler (un service et ce qui suit ailleurs), connector, channel",
    en="2. What is it? type (a service), handler (a service and what follows elsewhere), connector, channel",
)
TITLED = Text(fr="3. Son titre en {language}", en="3. Its title in {language}")
SHELVED = Text(fr="4. Le thème où il se trouve, en {language}", en="4. The theme it stands under, in {language}")
FOUND = Text(fr="4. L’adresse de l’autre système", en="4. The address of the other system")
PLACED = Text(fr="5. Dans quel dossier?", en="5. In which folder?")
FRENCH, ENGLISH = Text(fr="français", en="French"), Text(fr="anglais", en="English")

Ask = Callable[[str, str], str]


def described(given: Namespace, ask: Ask, language: str) -> NewPlugin:
    """The plugin that the answers describe; `ask` is given a question and the answer that stands for an empty one."""
    name = given.name or ask(CALLED.to(language), "")
    kind = kind_named(given.kind or ask(WHICH.to(language), "type"))
    title = texts(TITLED, given.title_fr, given.title_en, Text(fr="", en=""), ask, language)
    theme, address = OTHER_SERVICES, NO_SYSTEM
    if has_service(kind):
        theme = texts(SHELVED, given.theme_fr, given.theme_en, OTHER_SERVICES, ask, language)
    if kind != "type":
        address = given.address or (NO_SYSTEM if has_service(kind) else ask(FOUND.to(language), NO_SYSTEM))
    folder = given.folder or Path(ask(PLACED.to(language), f"parvis-{name.replace('_', '-')}"))
    return NewPlugin(name=name, kind=kind, title=title, theme=theme, address=address, folder=folder)


def kind_named(word: str) -> Kind:
    """The kind that somebody typed; one that is none is refused before anything else is asked."""
    if word not in KINDS:
        raise NoSuchKind(word)
    return word


class NoSuchKind(Exception):
    """What was typed is no kind of plugin."""


def texts(question: Text, fr: str | None, en: str | None, otherwise: Text, ask: Ask, language: str) -> Text:
    """A text in both languages, each given or asked for."""
    return Text(
        fr=fr or ask(question.format(language=FRENCH).to(language), otherwise.fr),
        en=en or ask(question.format(language=ENGLISH).to(language), otherwise.en),
    )
