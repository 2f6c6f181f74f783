"""Reads tables of TOML files patiently: a wrong value is noted with its file and key, and reading goes on."""

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from parvis_sdk.text import Text


class JurisdictionMistake(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing to mend: where it stands, what is wrong, what to do."""

    file: str
    key: str
    what: str
    todo: str

    def line(self) -> str:
        return " · ".join(part for part in (self.file, self.key, self.what, self.todo) if part)


class JurisdictionError(Exception):
    """The folder of the towns is not usable as it stands; nothing of it was loaded."""

    def __init__(self, mistakes: Iterable[JurisdictionMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(f"mistakes in the territory: {len(self.mistakes)}; nothing was loaded")

    def __str__(self) -> str:
        return "\n".join([str(self.args[0]), *(f"  {mistake.line()}" for mistake in self.mistakes)])


CODE = re.compile(r"[a-z][a-z0-9_-]{0,62}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SHOWN_DOUBTS = 10
Box = tuple[float, float, float, float]
"""West, south, east, north."""
CANADA: Box = (-141.1, 41.6, -52.5, 83.2)
LANGUAGE = re.compile(r"[a-z]{2,3}")


class Findings:
    """The mistakes met so far in the files of all towns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[JurisdictionMistake] = []
        self.doubts: list[JurisdictionMistake] = []
        self.home: Box = CANADA
        self.only_french: list[tuple[Path, str]] = []
        self.opened: set[Path] = set()
        self.unread: list[str] = []

    def add(self, file: Path | str, key: str, what: str, todo: str) -> None:
        self.mistakes.append(JurisdictionMistake(file=self._name(file), key=key, what=what, todo=todo))

    def doubt(self, file: Path | str, key: str, what: str, todo: str) -> None:
        """Something to mend with which the town is served all the same."""
        self.doubts.append(JurisdictionMistake(file=self._name(file), key=key, what=what, todo=todo))

    def doubts_told(self) -> tuple[JurisdictionMistake, ...]:
        """The doubts of each file: the first ones one by one, the others counted."""
        told: list[JurisdictionMistake] = []
        for file in dict.fromkeys(each.file for each in self.doubts):
            those = [each for each in self.doubts if each.file == file]
            told += those[:SHOWN_DOUBTS]
            if (more := len(those) - SHOWN_DOUBTS) > 0:
                told.append(
                    JurisdictionMistake(
                        file=file, key="", what=f"has {more} more such shapes", todo="check each of them"
                    )
                )
        return tuple(told)

    def _name(self, file: Path | str) -> str:
        return file.relative_to(self.folder).as_posix() if isinstance(file, Path) else file

    def text_of(self, path: Path) -> str | None:
        """The content of a file; unreadable or not UTF-8 is a finding."""
        self.opened.add(path)
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self.add(path, "", f"is not UTF-8 (byte {error.start})", "save the file as UTF-8")
        except OSError as error:
            self.add(path, "", f"cannot be read: {error.strerror}", "check that the file exists and can be read")
        return None

    def table(self, path: Path) -> "Table | None":
        """The root table of a TOML file."""
        text = self.text_of(path)
        if text is None:
            return None
        try:
            return Table(self, path, "", tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            self.add(path, "", f"is not valid TOML: {error}", "correct the line named")
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists in lists
            self.add(path, "", f"cannot be read as TOML: {error}", "write it more simply")
        return None

    def optional(self, path: Path) -> "Table | None":
        """The same of a file that may be left out; a link that leads nowhere was not left out."""
        return self.table(path) if path.exists() or path.is_symlink() else None


class Table:
    """One table of a file, asked for its values one by one; `close()` reports the keys nobody asked for."""

    def __init__(self, findings: Findings, file: Path, path: str, values: Mapping[str, Any]) -> None:
        self.findings = findings
        self.file = file
        self.path = path
        self.values = values
        self.asked: set[str] = set()
        self.begun = len(findings.mistakes)

    @property
    def faulty(self) -> bool:
        """Whether something was found wrong since this table was opened: then what follows from it need not be told."""
        return len(self.findings.mistakes) > self.begun

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, what: str, todo: str) -> None:
        self.findings.add(self.file, self.key(name) if name else self.path, what, todo)

    def take(self, name: str, kind: type, wanted: str, required: bool = False) -> Any:
        """The value if it is there and of its kind, None otherwise (noted when wrong or missing)."""
        self.asked.add(name)
        if name not in self.values:
            if required:
                self.wrong(name, "is missing", f"add {wanted}")
            return None
        value = self.values[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(name, f"is {described(value)}", f"write {wanted}")
            return None
        return value

    def string(self, name: str, default: str = "", required: bool = False) -> str:
        value = self.take(name, str, "a text between quotes", required)
        if value is not None and required and not value.strip():
            self.wrong(name, "is empty", "write a text between quotes")
        return default if value is None else value.strip()

    def matching(
        self, name: str, pattern: re.Pattern[str], wanted: str, default: str = "", required: bool = False
    ) -> str:
        value = self.string(name, default, required)
        if value and not pattern.fullmatch(value):
            self.wrong(name, f"'{value}' is not {wanted}", f"write {wanted}")
            return default
        return value

    def code(self, name: str, required: bool = False) -> str:
        return self.matching(
            name, CODE, "a code (a lowercase letter, then lowercase letters, digits, _ or -)", "", required
        )

    def email(self, name: str, required: bool = False) -> str:
        return self.matching(name, EMAIL, "an e-mail address", "", required)

    def url(self, name: str, required: bool = False) -> str:
        value = self.string(name, "", required)
        if value and not is_web_address(value):
            self.wrong(
                name,
                f"'{value}' is not a web address",
                "write an address starting with https:// (or / for a page here)",
            )
            return ""
        return value

    def number(self, name: str, low: int, high: int) -> int | None:
        value: int | None = self.take(name, int, f"a whole number from {low} to {high}")
        if value is not None and not low <= value <= high:
            self.wrong(name, f"is {value}", f"write a whole number from {low} to {high}")
            return None
        return value

    def yes(self, name: str, default: bool) -> bool:
        value = self.take(name, bool, "true or false")
        return default if value is None else bool(value)

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.string(name, default)
        if value not in choices:
            self.wrong(
                name, f"'{value}' is unknown", f"write one of {', '.join(choices)}{did_you_mean(value, choices)}"
            )
            return default
        return value

    def strings(self, name: str, required: bool = False) -> tuple[str, ...]:
        value = self.take(name, list, "a list of texts", required)
        if value is None:
            return ()
        if bad := [item for item in value if not isinstance(item, str) or not item.strip()]:
            self.wrong(name, f"holds {described(bad[0])}", "write a list of texts only")
        return tuple(item.strip() for item in value if isinstance(item, str) and item.strip())

    def text(self, name: str, required: bool = False) -> Text:
        """A text shown to people: one string for every language, or a table with one string a language."""
        self.asked.add(name)
        value = self.values.get(name)
        if isinstance(value, str) and value.strip():
            return Text(fr=value.strip(), en=value.strip())
        if isinstance(value, dict):
            return self.translations(name, value)
        if value is not None:
            self.wrong(name, f"is {described(value)}", 'write { fr = "…", en = "…" }')
        elif required:
            self.wrong(name, "is missing", 'add { fr = "…", en = "…" }')
        return Text(fr="")

    def texts(self, name: str, required: bool = False) -> tuple[Text, ...]:
        """A list of texts shown to people, each written as one alone is."""
        given = self.take(name, list, 'a list of { fr = "…", en = "…" }', required) or ()
        lines = {f"{name}[{position}]": value for position, value in enumerate(given, start=1)}
        if required and not lines and name in self.values:
            self.wrong(name, "is empty", 'add { fr = "…", en = "…" }')
        each = Table(self.findings, self.file, self.path, lines)
        return tuple(each.text(line, required=True) for line in lines)

    def translations(self, name: str, value: Mapping[str, Any]) -> Text:
        for language, words in value.items():
            if not LANGUAGE.fullmatch(language) or not isinstance(words, str):
                self.wrong(f"{name}.{language}", f"is {described(words)}", 'write { fr = "…", en = "…" }')
        words = {language: word.strip() for language, word in value.items() if isinstance(word, str)}
        if not words.get("fr"):
            self.wrong(name, "has no French", 'add fr = "…": French is always required')
        elif not words.get("en"):
            self.findings.only_french.append((self.file, self.key(name)))
        others = {language: word for language, word in words.items() if language not in ("fr", "en")}
        return Text(fr=words.get("fr", ""), en=words.get("en", ""), others=others)

    def table(self, name: str) -> "Table":
        """A table inside this one; an empty one when it is absent."""
        value = self.take(name, dict, "a table") or {}
        return Table(self.findings, self.file, self.key(name), value)

    def tables(self, name: str) -> Iterator["Table"]:
        """The tables of a list written `[[name]]`."""
        for position, value in enumerate(self.take(name, list, f"tables headed [[{name}]]") or (), start=1):
            if isinstance(value, dict):
                yield Table(self.findings, self.file, f"{self.key(name)}[{position}]", value)
            else:
                self.wrong(f"{name}[{position}]", f"is {described(value)}", f"write a table headed [[{name}]]")

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """The tables of this table, whose names are codes."""
        for name in self.values:
            self.asked.add(name)
            if not CODE.fullmatch(name):
                self.wrong(
                    name, "is not a code", "use a lowercase letter first, then lowercase letters, digits, _ or -"
                )
            elif isinstance(self.values[name], dict):
                yield name, Table(self.findings, self.file, self.key(name), self.values[name])
            else:
                self.wrong(name, f"is {described(self.values[name])}", f"write a table headed [{self.key(name)}]")

    def only(self, names: Collection[str]) -> "Table | None":
        """These keys of the table, for a reader that shares it with others; None where it has none of them."""
        self.asked.update(names)
        mine = {name: value for name, value in self.values.items() if name in names}
        return Table(self.findings, self.file, self.path, mine) if mine else None

    def close(self) -> None:
        for name in self.values:
            if name not in self.asked:
                self.wrong(name, "is not a key known here", f"remove it{self.near(name)}")

    def near(self, name: str, least: float = 0.6) -> str:
        """Which of the keys asked for may be meant by another that resembles it at least so much."""
        return did_you_mean(name, tuple(self.asked), least)


def require_english(findings: Findings, languages: tuple[str, ...], regime: str) -> None:
    """A town that answers in English says everything in English too."""
    for file, key in findings.only_french if "en" in languages else ():
        findings.add(file, key, f"has no English, which the regime {regime} requires", 'add en = "…"')


def did_you_mean(word: str, known: tuple[str, ...], least: float = 0.6) -> str:
    near = difflib.get_close_matches(word, known, 1, least)
    return f" (did you mean '{near[0]}'?)" if near else ""


def not_installed(file: str, key: str, name: str, kind: str, known: Collection[str]) -> JurisdictionMistake:
    """A name of what a plugin should bring, and none that is installed does."""
    what, near = f"'{name}' is not an installed {kind}", did_you_mean(name, tuple(known))
    return JurisdictionMistake(file=file, key=key, what=what, todo=f"install its plugin or correct the name{near}")


def is_web_address(value: str) -> bool:
    if value.startswith("/") and not value.startswith("//"):
        return True
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def described(value: object) -> str:
    names = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return f"{names.get(type(value), type(value).__name__)} ({value!r:.40})"
