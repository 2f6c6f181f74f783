"""Ready texts as they are called: by a slash and the beginning of a word that means no other."""

import pytest

from parvis_canned_replies.choosing import called, expanded
from parvis_canned_replies.ready_texts import ReadyText
from parvis_sdk.text import Text

DELAY = ReadyText(
    code="delay",
    title=Text(fr="Délai plus long que prévu", en="Longer than expected"),
    text=Text(fr="Bonjour {name},", en="Hello {name},"),
)
DELIVERY = ReadyText(
    code="delivery",
    title=Text(fr="Bac livré", en="Bin delivered"),
    text=Text(fr="Votre bac est livré.", en="Your bin is delivered."),
    types=("bin",),
)


@pytest.fixture
def texts():
    return (DELAY, DELIVERY)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("delay", "delay"),
        ("délai", "delay"),
        ("DELAI", "delay"),
        ("longer", "delay"),
        ("bac", "delivery"),
        ("delivered", "delivery"),
        ("del", None),
        ("plombier", None),
        ("", None),
    ],
)
def test_a_text_is_called_by_its_code_or_by_a_beginning_that_means_no_other(texts, given, code):
    found = called(texts, given)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("typed", ["/del", "1/2", "voir /etc", "/ delai", "Rendez-vous le 3/12"])
def test_a_slash_that_calls_nothing_stays_as_it_was_typed(texts, typed):
    assert expanded(typed, texts, lambda ready: "!") == typed


def test_a_line_that_calls_a_text_becomes_it_and_the_others_stay(texts):
    said = expanded("Bonjour,\n/bac\nMerci", texts, lambda ready: ready.text.to("en"))
    assert said == "Bonjour,\nYour bin is delivered.\nMerci"
