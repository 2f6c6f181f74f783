"""Texts shown to people are in both languages and set as a printer in Québec would set them."""

import ast
import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

STRAIGHT = re.compile(r"\w'\w")
SPACES = re.compile(r"\w :(?!//)|« | »")  # an ordinary space where a no-break space belongs
NONE = re.compile(r"\w[ \u00a0\u202f](?:[;!](?:\s|$)|\?$)")  # a space where Québec sets none
STRING = re.compile(r'(?s)"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
TAG = re.compile(r"<[^>]*>|%\(\w+\)s|\{[^}]*\}|https?://\S+")


@pytest.fixture(scope="module")
def texts(sources, tracked):
    """Every text of content in the sources and every translation, by language, with where it stands."""
    found = {"fr": [], "en": []}
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                for word in node.keywords:
                    if word.arg in found and isinstance(word.value, ast.Constant):
                        found[word.arg].append((f"{path.name}:{word.value.lineno}", word.value.value))
    for path in tracked:
        if path.suffix == ".po" and (language := path.parent.parent.name) in found:
            for message in read_po(BytesIO(path.read_bytes())):
                forms = message.string if isinstance(message.string, list | tuple) else [message.string]
                found[language] += [(f"{path.name}:{message.lineno}", form) for form in forms if message.id and form]
    return found


def test_every_text_of_content_is_in_both_languages(sources):
    one_sided = []
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                given = {word.arg: word.value for word in node.keywords}
                french, english = given.get("fr"), given.get("en")
                if _says_something(french) and not (_says_something(english) or isinstance(english, ast.expr)):
                    one_sided.append(f"{path.as_posix().partition('/src/')[2]}:{node.lineno}")
                if _says_something(french) and isinstance(english, ast.Constant) and not english.value:
                    one_sided.append(f"{path.as_posix().partition('/src/')[2]}:{node.lineno}")
    assert one_sided == []


def _says_something(value: ast.expr | None) -> bool:
    """A name, such as that of a town, may be the same in both; a written sentence may not stand alone."""
    return isinstance(value, ast.Constant) and bool(value.value)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_apostrophes_are_typographic(texts, language):
    assert texts[language]
    assert [(where, text) for where, text in texts[language] if STRAIGHT.search(TAG.sub("", text))] == []


def test_french_colons_and_quotation_marks_have_a_no_break_space(texts):
    assert [(where, text) for where, text in texts["fr"] if SPACES.search(TAG.sub("", text))] == []


def test_french_semicolons_and_exclamation_marks_have_no_space(texts):
    assert [(where, text) for where, text in texts["fr"] if NONE.search(TAG.sub("", text))] == []


def test_french_words_of_browser_modules_are_set_like_those_of_pages(tracked):
    french = {
        f"{path.name}: {text[0]}": text[0]
        for path in tracked
        if path.suffix == ".js" and path.parent.name == "scripts"
        for part in re.findall(r"(?ms)^  fr: \{$.*?^  \},$", path.read_text())
        for text in STRING.finditer(part)
    }
    assert len(french) > 40
    rules = (re.compile(r"[\w}] :(?!//)|« | »"), STRAIGHT)
    assert [where for where, text in french.items() if any(rule.search(text) for rule in rules)] == []
