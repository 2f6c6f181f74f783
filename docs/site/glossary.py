"""Writes the glossary in each language, and what was rewritten, from the data files that the tests read too."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

DATA = Path(__file__).parents[1] / "glossary.toml"
WORDING = Path(__file__).parents[1] / "wording.toml"
REWRITTEN = ("it read", "it reads", "refused", "it stood in", "it stands in")
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


def wording() -> str:
    """What readers stumbled over, what was written instead, and what a page may not do."""
    with WORDING.open("rb") as file:
        told = tomllib.load(file)
    lines = [
        "# Wording",
        "",
        "Texts that readers stumbled over on 29 November 2026, and what they are now. `docs/wording.toml` has them as "
        "data. A test refuses the words of the third column wherever people read, beside those of the "
        "[glossary](glossary.md), and fails when a text no longer stands where this page says.",
        "",
    ]
    for language, title in (("fr", "In French"), ("en", "In English")):
        lines += [f"## {title}", "", f"| {' | '.join(REWRITTEN)} |", "|---" * len(REWRITTEN) + "|"]
        lines += (_rewritten(each) for each in told["rewritten"] if each["language"] == language)
        lines += [""]
    lines += ["## In docstrings", "", "| it read | it reads | refused |", "|---|---|---|"]
    lines += (
        f"| {each['was']} | {each['now']} | {' · '.join(each.get('refused', ()))} |" for each in told["docstring"]
    )
    lines += ["", "## What a page may not do", "", "| what was seen | what prevents it today |", "|---|---|"]
    lines += (f"| {each['seen']} | {each['held']} |" for each in told["rule"])
    return "\n".join((*lines, ""))


def _rewritten(each: dict[str, Any]) -> str:
    """One text before and after; French words are marked as such."""
    refused = " · ".join(each.get("refused", (each["was"],))) + (" (as a whole text)" if each.get("alone") else "")
    said = [f'<span lang="{each["language"]}">{words}</span>' for words in (each["was"], each["now"], refused)]
    return f"| {' | '.join(said)} | `{each['stood']}` | `{each['where']}` |"
