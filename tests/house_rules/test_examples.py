"""What the documents show really runs: code of README and docs, examples in docstrings, settings that can be read."""

import doctest
import importlib
import json
import re
import tomllib

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
READERS = {"toml": tomllib.loads, "json": json.loads}


@pytest.fixture(scope="session")
def documents(tracked):
    return [path for path in tracked if path.suffix == ".md"]


def test_python_blocks_of_the_documents_run(documents, subtests):
    sybil = Sybil(parsers=[PythonCodeBlockParser()])
    for document in documents:
        with subtests.test(document=str(document)):
            for example in sybil.parse(document).examples():
                example.evaluate()


def test_settings_and_answers_shown_in_the_documents_can_be_read(documents, subtests):
    for document in documents:
        for language, block in FENCE.findall(document.read_text()):
            if language in READERS:
                with subtests.test(document=str(document), block=block[:60]):
                    READERS[language](block)


def anchor_of(heading: str) -> str:
    """What a heading is called in an address, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_links_between_documents_lead_somewhere(documents, root, subtests):
    for document in documents:
        for target in LINK.findall(FENCE.sub("", document.read_text())):
            if target.startswith(("http:", "https:", "mailto:")):
                continue
            with subtests.test(document=str(document.relative_to(root)), target=target):
                name, _, anchor = target.partition("#")
                there = (document.parent / name).resolve() if name else document
                assert there.exists()
                if anchor:
                    headings = re.findall(r"^#+ (.+)$", there.read_text(), re.MULTILINE)
                    assert anchor in map(anchor_of, headings)


def test_examples_in_docstrings_say_what_happens(sources, subtests):
    tried = 0
    for path in sources:
        if ">>> " in path.read_text():
            name = path.as_posix().partition("/src/")[2].removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            with subtests.test(module=name):
                result = doctest.testmod(importlib.import_module(name))
                tried += result.attempted
                assert result.failed == 0
    assert tried > 0


def test_commands_named_in_the_documents_are_environments_of_tox(documents, root):
    tox = (root / "tox.ini").read_text()
    named = {name for path in documents for name in re.findall(r"tox (?:run )?-e ([\w.-]+)", path.read_text())}
    assert {name for name in named if not re.search(rf"\b{re.escape(name)}\b", tox) and "alone-" not in name} == set()
