"""Measures how easy the texts for residents are to read, and lists the ten hardest in each language.

    python -m parvis_testing.reading_level [DIRECTORY]

The guides to plain language of Québec ask for sentences of 15 to 20 words, 25 at most, and for usual words. So the
measures are words in a sentence, and LIX (words in a sentence plus the share of words longer than six letters, in
hundredths), which needs no dictionary and means the same in French and in English.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import msgspec
from babel.messages.extract import extract

from parvis_testing.texts import Shown, texts

LONGEST = 25  # words in one sentence
HARDEST = {"fr": 50.0, "en": 50.0}  # LIX of a text; a newspaper has 45 to 55
JUDGED = 40  # words of a text below which one long word would decide
RESIDENTS = re.compile(
    r"core/src/parvis/(web/(portal|tracking|track)/|web/templates/(portal|track|macros)/|notify/|privacy/)"
    r"|plugins/(permits|complaints|reports|my_requests|public_requests)/src/"
    r"|plugins/[^/]+/src/.*/(resident|portal)(/|\.py|_)|plugins/[^/]+/src/.*/(own|resident)_[^/]*\.html"
    r"|plugins/[^/]+/src/.*/(messages|wording|letters?)(\.py|/|_)|core/src/parvis/example_towns/"
    r"|sdk/src/parvis_sdk/[^/]*_(facts|wording)\.py|examples/[^/]+/src/"
)
SENTENCE = re.compile(r"[.!?…]+(?=\s|$|”|»)|\n+")
GAP = re.compile(r"%\(\w+\)[sd]|\{[^{}]*\}|https?://\S+")
WORD = re.compile(r"\w[\w’'\-]*")
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}


class Level(msgspec.Struct, frozen=True):
    """The reading level of a text: words in its longest sentence, total words, and LIX."""

    longest: int
    words: int
    lix: float


def level(words: str) -> Level:
    """The reading level; a placeholder counts as one word."""
    sentences = [WORD.findall(each) for each in SENTENCE.split(GAP.sub("gap", words))]
    counted = [each for each in sentences if each]
    every = [word for sentence in counted for word in sentence]
    long = sum(len(word) > 6 for word in every)
    lix = len(every) / len(counted) + 100 * long / len(every) if every else 0.0
    return Level(max(map(len, counted), default=0), len(every), round(lix, 1))


def too_hard(shown: Shown) -> bool:
    told = level(shown.words)
    return told.longest > LONGEST or (told.words >= JUDGED and told.lix > HARDEST[shown.language])


def for_residents(root: Path, files: Iterable[Path]) -> Iterator[Shown]:
    """The texts for residents: declared forms, letters and messages, and catalogue entries of their pages."""
    every = [path for path in files if "tests" not in path.relative_to(root).parts]
    theirs = [path for path in every if RESIDENTS.match(path.relative_to(root).as_posix())]
    asked = {words for path in theirs for words in _asked(path)}
    declared = [path for path in theirs if path.suffix in (".py", ".toml")]
    yield from texts(root, declared)
    catalogues = [path for path in every if path.suffix == ".po"]
    yield from (each for each in texts(root, catalogues) if each.key in asked)


def _asked(path: Path) -> Iterator[str]:
    if method := METHODS.get(path.suffix):
        for _, said, _, _ in extract(method, BytesIO(path.read_bytes()), options={"encoding": "utf-8"}):
            yield said if isinstance(said, str) else next(each for each in said if each)


def worst(shown: Iterable[Shown], language: str, most: int = 10) -> list[Shown]:
    """The texts, hardest first: by the length of the longest sentence, then by LIX."""
    theirs = {each.words: each for each in shown if each.language == language}
    return sorted(theirs.values(), key=lambda each: (-level(each.words).longest, -level(each.words).lix))[:most]


def main() -> None:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    command = ["git", "-c", f"safe.directory={root}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    files = [path for name in listed.split("\0") if name and (path := root / name).is_file()]
    shown = list(for_residents(root, files))
    for language in ("fr", "en"):
        for each in worst(shown, language):
            told = level(each.words)
            sys.stdout.write(f"{language} {told.longest:3} words, LIX {told.lix:5}  {each.where}\n     {each.words}\n")


if __name__ == "__main__":
    main()
