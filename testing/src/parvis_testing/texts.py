"""Every text that people read, by language and place: catalogues, declarations, pages, towns, guides."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("fr", "en")
IN_FRENCH = ("docs/fr/", "docs/glossaire")
SAMPLES = ("plugins/demo/",)  # what invented residents write, in words of their own
GUIDES = re.compile(r"[A-Z]+\.md|docs/(fr/)?[^/]+\.md|(core|sdk|testing|plugins/[^/]+|examples/[^/]+)/README\.md")
FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`]*`|<!--.*?-->|(?<=\])\([^()\s]*\)|https?://\S+", re.DOTALL)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
BLOCK = re.compile(r"(?ms)^  (fr|en): \{$(.*?)^  \},$")
STRING = re.compile(r'(?s)"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
VERBATIM = re.compile(r"%\(\w+\)[sd]|\$?\{[^{}]*\}|<[^<>]*>|https?://\S+|`[^`]*`")


class Shown(msgspec.Struct, frozen=True):
    """A text in one language; `where` is its file, relative to the repository, with its line if known.

    `key` is what a page asks a catalogue for, empty where the text stands in no catalogue.
    """

    language: str
    where: str
    words: str
    key: str = ""


def texts(root: Path, files: Iterable[Path]) -> Iterator[Shown]:
    """The texts in `files` below `root`, without those of tests and of invented residents."""
    for path in files:
        name = path.relative_to(root).as_posix()
        if "tests" in path.relative_to(root).parts or name.startswith(SAMPLES):
            continue
        if path.suffix == ".po":
            yield from _catalogue(name, path)
        elif path.suffix == ".py" and "src" in path.relative_to(root).parts:
            yield from _declared(name, path)
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            yield from _template(name, path)
        elif path.suffix == ".toml" and path.name != "pyproject.toml" and "/src/" in name:
            yield from _of_town(name, tomllib.loads(path.read_text("utf-8")))
        elif path.suffix == ".js" and path.parent.name == "scripts":
            yield from _script(name, path)
        elif GUIDES.fullmatch(name):
            yield from _guide(name, path)


def prose(words: str) -> str:
    """The text without placeholders, tags, addresses and code."""
    return VERBATIM.sub(" ", words)


def _catalogue(name: str, path: Path) -> Iterator[Shown]:
    """A translation, and the English of the sources, which is shown wherever no English catalogue says otherwise."""
    language = path.parent.parent.name
    english = path.parents[2] / "en/LC_MESSAGES" / path.name
    said = read_po(BytesIO(english.read_bytes())) if english.is_file() else Catalog()
    for message in read_po(BytesIO(path.read_bytes())):
        if message.id:
            where, key = f"{name}:{message.lineno}", _forms(message.id)[0]
            yield from (Shown(language, where, form, key) for form in _forms(message.string) if form)
            if language == "fr" and not said.get(message.id, message.context):
                yield from (Shown("en", where, form, key) for form in _forms(message.id))


def _forms(said: Any) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, list | tuple) else (said or "",)


def _declared(name: str, path: Path) -> Iterator[Shown]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
            for word in node.keywords:
                if word.arg in LANGUAGES and isinstance(word.value, ast.Constant) and word.value.value:
                    yield Shown(word.arg, f"{name}:{word.value.lineno}", word.value.value)


def _template(name: str, path: Path) -> Iterator[Shown]:
    """Words that stand in a template itself, between tags: they are English, and translated by its catalogue."""
    if words := " ".join(JINJA.sub(" ", path.read_text("utf-8")).split()):
        yield Shown("en", name, words)


def _of_town(name: str, told: Any, at: str = "") -> Iterator[Shown]:
    """The pairs `fr` and `en` of a file of a town, however deep."""
    if isinstance(told, list):
        for one in told:
            yield from _of_town(name, one, at)
    elif isinstance(told, dict):
        for key, value in told.items():
            if key in LANGUAGES and isinstance(value, str):
                yield Shown(key, f"{name} {at}".rstrip(), value)
            else:
                yield from _of_town(name, value, f"{at}.{key}".lstrip("."))


def _script(name: str, path: Path) -> Iterator[Shown]:
    for language, block in BLOCK.findall(path.read_text("utf-8")):
        yield from (Shown(language, name, quoted or ticked) for quoted, ticked in STRING.findall(block))


def _guide(name: str, path: Path) -> Iterator[Shown]:
    """A guide by paragraphs, without code and without the targets of its links."""
    text = FENCED.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
    text = CODE.sub(lambda found: " " + "\n" * found[0].count("\n"), text)
    language, line = "fr" if name.startswith(IN_FRENCH) else "en", 1
    for part in re.split(r"(\n\s*\n)", text):
        if part.strip():
            yield Shown(language, f"{name}:{line}", part.strip())
        line += part.count("\n")
