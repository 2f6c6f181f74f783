"""What residents read is within the limits of plain language: 25 words in a sentence, and usual words."""

import subprocess
import sys

import pytest

from parvis_testing.reading_level import LONGEST, for_residents, level, too_hard, worst
from parvis_testing.texts import Shown

LONG = "The town looks at it, and then it writes to the person, and then it waits for an answer, " * 2


@pytest.fixture(scope="module")
def shown(root, tracked) -> list[Shown]:
    return list(for_residents(root, tracked))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_text_for_residents_is_within_the_limits(shown, language):
    told = [each for each in shown if each.language == language]
    assert len(told) > 2500
    assert sum(bool(each.key) for each in told) > 500
    assert [f"{each.where}: {each.words}" for each in told if too_hard(each)] == []


@pytest.mark.parametrize(
    ("words", "longest"),
    [
        ("Write to us.", 3),
        ("Write to us. We answer within five days.", 5),
        ("Nous écrivons à {to} à chaque étape.", 7),
        ("À %(count)s m de {place}\nPromis pour le 3.5", 5),
        ("", 0),
    ],
)
def test_words_are_counted_by_sentence(words, longest):
    assert level(words).longest == longest


def test_a_long_sentence_and_long_words_are_too_hard():
    assert level(LONG).longest > LONGEST
    assert too_hard(Shown("en", "", LONG))
    assert not too_hard(Shown("en", "", LONG.replace(",", ".")))
    assert too_hard(Shown("en", "", "Administrative considerations necessitate supplementary verification. " * 8))


def test_the_worst_come_first(shown):
    for language in ("fr", "en"):
        lengths = [level(each.words).longest for each in worst(shown, language)]
        assert len(lengths) == 10
        assert lengths == sorted(lengths, reverse=True)
        assert lengths[0] == max(level(each.words).longest for each in shown if each.language == language)


def test_the_command_lists_ten_of_each_language(root):
    command = [sys.executable, "-m", "parvis_testing.reading_level", root]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert sum(line.startswith("fr ") for line in told) == sum(line.startswith("en ") for line in told) == 10
