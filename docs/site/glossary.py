"""Writes the glossary as two pages, one in each language, from the data file that the tests read too."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

DATA = Path(__file__).parents[1] / "glossary.toml"
THEMES = {
    "requests": ("Requêtes", "Requests"),
    "states": ("Où en est une requête", "How a request stands"),
    "time": ("Délais et dates", "Response times and dates"),
    "work": ("Travail", "Work"),
    "people": ("Personnes et organisation", "People and organization"),
    "contact": ("Joindre les personnes", "Reaching people"),
    "screens": ("Pages et formulaires", "Pages and forms"),
    "money": ("Droits et documents", "Fees and documents"),
    "privacy": ("Renseignements personnels et sécurité", "Privacy and security"),
    "software": ("Logiciel", "Software"),
}
TOLD = {
    "fr": (
        "Glossaire",
        "Un seul terme pour chaque chose. Un test refuse les mots de la dernière colonne dans les pages, les messages "
        "et les guides.",
        ("terme", "sens", "English", "à éviter"),
    ),
    "en": (
        "Glossary",
        "One term for one thing. A test refuses the words of the last column in pages, messages and guides.",
        ("term", "meaning", "français", "avoid"),
    ),
}


def page(language: Literal["fr", "en"]) -> str:
    """The glossary in that language, for the site in that language; terms of the other one are marked as such."""
    with DATA.open("rb") as file:
        terms = [term for key, term in tomllib.load(file).items() if key != "allowed"]
    title, told, head = TOLD[language]
    lines = [f"# {title}", "", told, ""]
    for theme, titles in THEMES.items():
        of_theme = sorted((each for each in terms if each["theme"] == theme), key=lambda each: _key(each[language]))
        lines += [f"## {titles[language == 'en']}", "", *_table(head, of_theme, language), ""]
    return "\n".join(lines)


def _table(head: tuple[str, ...], terms: list[Any], language: str) -> Iterator[str]:
    other = "en" if language == "fr" else "fr"
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for term in terms:
        word, cells = (
            term[language],
            (_term(term[language]), term[language]["meaning"], f'<span lang="{other}">{_term(term[other])}</span>'),
        )
        yield f"| {' | '.join(cells)} | {', '.join(word.get('refused', ()))} |"


def _term(word: dict[str, Any]) -> str:
    """The term, with its gender and a plural that is not simply an s."""
    grammar = ", ".join(filter(None, (word.get("gender", ""), f"pl. {word['plural']}" if "plural" in word else "")))
    return f"**{word['term']}**" + (f" ({grammar})" if grammar else "")


def _key(word: dict[str, Any]) -> str:
    """Accents do not count in the order of the alphabet."""
    return str(word["term"]).lower().translate(str.maketrans("àâçéèêëîïôöùûü", "aaceeeeiioouuu"))
