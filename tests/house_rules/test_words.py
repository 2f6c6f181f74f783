"""Texts use the words of the glossary: the ones that it refuses stand nowhere that people read."""

import ast
import re
import shutil
import tokenize
from collections.abc import Iterable
from pathlib import Path

import pytest

from parvis.api.description import document
from parvis.api.routing import every_operation
from parvis.plugins.module_discovery import find_modules
from parvis.settings import MEANINGS
from parvis_testing.glossary import Allowed, Glossary, Rewritten, read_glossary
from parvis_testing.texts import Shown, prose, texts

LANGUAGES = ("fr", "en")
OWN_APPLICATION = re.compile(r"(?<!à )\b(?:votre|ma) demande\b(?! de révision)", re.IGNORECASE)
APPLICATIONS = (
    "core/src/parvis/example_towns/town/parvis/notices.toml",
    "core/src/parvis/privacy/",
    "docs/permits.md",
    "docs/plugins.md",
    "examples/street_party/",
    "plugins/complaints/",
    "plugins/disposal/",
    "plugins/my_requests/",
    "plugins/permits/",
)
WORDING = (Path(__file__).parents[2] / "docs/wording.toml").read_text("utf-8")
PLANTED = {
    "core/src/parvis/locale/fr/LC_MESSAGES/parvis.po": ("fr", '\nmsgid "The request"\nmsgstr "Le ticket"\n', "ticket"),
    "core/src/parvis/locale/en/LC_MESSAGES/parvis.po": ("en", '\nmsgid "Soon"\nmsgstr "A short delay"\n', "delay"),
    "plugins/permits/src/parvis_permits/abouts.py": (
        "en",
        '\nNEW = Text(fr="La requête", en="Your demand")\n',
        "demand",
    ),
    "core/src/parvis/web/templates/portal/home.html": ("en", "<p>Average delays</p>\n", "delays"),
    "core/src/parvis/example_towns/town/parvis/checklists.toml": (
        "fr",
        '\n[planted]\ntitle = { fr = "Envoyez un e-mail", en = "Write" }\n',
        "e-mail",
    ),
    "docs/desk.md": ("en", "\nWhat the town\ndemands.\n", "demands"),
    "docs/routing.md": ("en", "\nWhoever\nholds it makes a move.\n", "Whoever"),
    "plugins/tasks/README.md": ("en", "\nWhat each\nmove asks.\n", "each\nmove"),
    "plugins/incidents/src/parvis_incidents/locale/fr/LC_MESSAGES/incidents.po": (
        "fr",
        '\nmsgid "Several"\nmsgstr "Le dossier à emporter"\n',
        "à emporter",
    ),
    "plugins/public_requests/src/parvis_public_requests/locale/fr/LC_MESSAGES/public_requests.po": (
        "fr",
        '\nmsgid "The link"\nmsgstr "Il n’y a plus rien derrière ce lien"\n',
        "rien derrière",
    ),
    "docs/fr/bureau.md": ("fr", "\nLe second verrou de l’email.\n", "second verrou"),
}

PLANTED_IN_CODE = {
    "plugins/permits/src/parvis_permits/abouts.py": (
        '\n\ndef new():\n    """The file, to\n    whoever asks."""\n',
        "whoever",
    ),
    "sdk/src/parvis_sdk/events.py": ('\n\nclass New:\n    """Sent to who asked."""\n', "to who"),
    "testing/src/parvis_testing/texts.py": ("\n# not all knock at once\n", "knock"),
    "core/tests/portal/test_callers.py": ('\n\ndef test_new():\n    """Whomever it concerns."""\n', "Whomever"),
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@pytest.fixture(scope="module")
def glossary(root):
    return read_glossary(root / "docs/glossary.toml")


@pytest.fixture(scope="module")
def shown(root, tracked) -> list[Shown]:
    return [*texts(root, tracked), *described()]


def described() -> Iterable[Shown]:
    """What the API and the settings say of themselves, which the reference of the site shows."""
    for path, methods in document(every_operation(find_modules()), "Parvis", {})["paths"].items():
        yield from (Shown("en", path, words) for words in said(methods))
    yield from (Shown("en", name, meaning) for name, meaning in MEANINGS.items())


def said(told: object) -> Iterable[str]:
    """The summaries and descriptions of a description, however deep."""
    if isinstance(told, dict):
        for key, value in told.items():
            if key in ("summary", "description") and isinstance(value, str):
                yield value
            else:
                yield from said(value)
    elif isinstance(told, list):
        for one in told:
            yield from said(one)


def refused(glossary, shown: Iterable[Shown]) -> list[str]:
    found = []
    for text in shown:
        words, (file, _, line) = prose(text.words), text.where.partition(":")
        for word in glossary.refused_in(text.language, words, file):
            at = int(line or 0) + words.count("\n", 0, word.start())
            found.append(f"{text.language} {file}{f':{at}' if at else ''}: {word[0]}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_uses_a_refused_word(glossary, shown, language):
    told = [each for each in shown if each.language == language]
    assert len(told) > 4000
    assert refused(glossary, told) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_word_is_found(glossary, root, tmp_path, planted):
    language, words, word = PLANTED[planted]
    copy = tmp_path / planted
    copy.parent.mkdir(parents=True)
    shutil.copy(root / planted, copy)
    assert refused(glossary, texts(tmp_path, [copy])) == []
    with copy.open("a", encoding="utf-8") as file:
        file.write(words)
    found = refused(glossary, texts(tmp_path, [copy]))
    assert [each.removeprefix(f"{language} {planted}").rpartition(": ")[2] for each in found][:1] == [word]


@pytest.mark.parametrize(
    "words",
    [
        "A delay",
        "DELAYS",
        "it is delayed",
        "no\ndelay",
        "what it demands",
        "«demand»",
        "an e-mail",
        "e-mails",
        "dossier",
    ],
)
def test_inflections_and_capitals_are_found(glossary, words):
    assert list(glossary.refused_in("en", words))


@pytest.mark.parametrize("words", ["ondemand", "on demand", "delays_total", "retirement", "email"])
def test_other_words_and_allowed_ones_are_left_alone(glossary, words):
    assert not list(glossary.refused_in("en", words))


def test_the_glossary_is_large_and_whole(glossary):
    assert len(glossary.terms) >= 120
    for language in LANGUAGES:
        words = [getattr(term, language) for term in glossary.terms.values()]
        assert [word.term for word in words if not word.meaning.endswith(".")] == []
        assert len({word.term for word in words}) == len(words)
        assert sum(len(word.refused) for word in words) > 40


def test_the_glossary_uses_its_own_words(glossary):
    meanings = [
        Shown(language, key, f"{word.term}: {word.meaning}")
        for key, term in glossary.terms.items()
        for language in LANGUAGES
        for word in [getattr(term, language)]
    ]
    assert refused(glossary, meanings) == []


def test_each_rewritten_text_stands_where_it_is_said_to(glossary, shown):
    """So the table of the site stays true: a text that changes once more changes in `wording.toml` too."""
    assert len(glossary.wording.rewritten) >= 40
    gone = [f"{each.where}: {each.now}" for each in glossary.wording.rewritten if not reads(each, shown)]
    assert gone == []


def reads(rewritten: Rewritten, shown: Iterable[Shown]) -> bool:
    there = (each for each in shown if each.language == rewritten.language and each.where.startswith(rewritten.where))
    return any(plain(rewritten.now) in plain(each.words) for each in there)


def plain(words: str) -> str:
    return " ".join(words.lower().split())


def test_each_rewritten_docstring_stands_in_the_code(glossary, root, tracked):
    code = plain(" ".join(path.read_text("utf-8") for path in tracked if path.suffix == ".py" and "src" in path.parts))
    assert [each.now for each in glossary.wording.docstring if plain(each.now) not in code] == []
    assert [each.was for each in glossary.wording.docstring if plain(each.was) in code] == []


def test_no_docstring_or_comment_uses_a_refused_word(glossary, root, tracked):
    assert refused_in_code(glossary, root, tracked) == []


@pytest.mark.parametrize("planted", PLANTED_IN_CODE)
def test_a_word_planted_in_code_is_found(glossary, root, tmp_path, planted):
    words, word = PLANTED_IN_CODE[planted]
    copy = tmp_path / planted
    copy.parent.mkdir(parents=True)
    shutil.copy(root / planted, copy)
    with copy.open("a", encoding="utf-8") as file:
        file.write(words)
    [found] = refused_in_code(glossary, tmp_path, [copy])
    assert found.startswith(f"{planted}:")
    assert found.rpartition(": ")[2] == word


def refused_in_code(glossary, root: Path, files: Iterable[Path]) -> list[str]:
    code = [path for path in files if path.suffix == ".py" and path != Path(__file__)]
    used = [path for path in code if any(glossary.refused_in_code(path.read_text("utf-8")))]
    return [
        f"{path.relative_to(root).as_posix()}:{line}: {word[0]}"
        for path in used
        for line, words in documented(path)
        for word in glossary.refused_in_code(prose(words))
    ]


def documented(path: Path) -> Iterable[tuple[int, str]]:
    """The docstrings and comments of a file of Python, each with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, DOCUMENTED) and (words := ast.get_docstring(node)):
            yield node.body[0].lineno, words
    with path.open("rb") as file:
        yield from ((at.start[0], at.string) for at in tokenize.tokenize(file.readline) if at.type == tokenize.COMMENT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rewritten_text_is_refused_where_it_comes_back(glossary, language):
    rewritten = [each for each in glossary.wording.rewritten if each.language == language]
    assert [each.was for each in rewritten if not list(glossary.refused_in(language, each.was))] == []


@pytest.mark.parametrize("test", sorted(set(re.findall(r"\btest_\w+(?!\.py)\b", WORDING))))
def test_what_holds_a_rule_of_pages_is_there(tracked, test):
    named = [path for path in tracked if path.suffix == ".py" and path.name.startswith("test_")]
    assert any(path.stem == test or f"def {test}(" in path.read_text("utf-8") for path in named)


def test_a_request_is_called_an_application_only_where_it_is_one(shown):
    """*Votre demande* is said of permits and of access, review or erasure; anything else is *votre requête*."""
    found = [
        f"{each.where}: {each.words}"
        for each in shown
        if each.language == "fr" and OWN_APPLICATION.search(each.words) and not each.where.startswith(APPLICATIONS)
    ]
    assert found == []


@pytest.mark.parametrize(("words", "found"), [("Votre demande est reçue", True), ("à votre demande", False)])
def test_what_calls_a_request_an_application(words, found):
    assert bool(OWN_APPLICATION.search(words)) is found


def test_words_refused_as_a_whole_text_may_stand_in_a_sentence(glossary):
    assert list(glossary.refused_in("fr", "La prendre"))
    assert not list(glossary.refused_in("fr", "Vous pouvez la prendre en photo."))


def test_an_allowed_word_is_needed_and_says_why(glossary, shown):
    """What is allowed holds a refused word and still stands where it is allowed; else it leaves the file."""
    bare = Glossary(glossary.terms, (), glossary.wording)
    harmless = [each.words for each in glossary.allowed if not list(bare.refused_in(each.language, each.words))]
    assert harmless == []
    assert [each.words for each in glossary.allowed if not stands(each, shown)] == []
    assert [each.words for each in glossary.allowed if not each.reason] == []


def stands(allowed: Allowed, shown: Iterable[Shown]) -> bool:
    words = allowed.words.lower()
    there = (each for each in shown if each.language == allowed.language)
    files = (each for each in there if each.where.partition(":")[0].endswith(allowed.where))
    return any(words in " ".join(each.words.lower().split()) for each in files)
