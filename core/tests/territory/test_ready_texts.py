"""Ready texts of a town: read from its file, called by a slash, told of what cannot be filled in."""

import pytest

from parvis.requests.ready.choosing import called, expanded
from parvis.territory import TerritoryError

TEXTS = """
[delay]
title = { fr = "Délai plus long que prévu", en = "Longer than expected" }
text = { fr = "Bonjour {name},", en = "Hello {name}," }

[delivery]
title = { fr = "Bac livré", en = "Bin delivered" }
text = { fr = "Votre bac est livré.", en = "Your bin is delivered." }
types = ["bin"]
"""


@pytest.fixture
def texts(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS)
    return small_town.load().ready_texts


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


def test_what_is_never_filled_in_is_a_mistake_that_names_what_is(small_town):
    small_town.write("essai/ready_texts.toml", TEXTS.replace("{name},", "{nom},"))
    with pytest.raises(TerritoryError, match=r"\{nom\} is nothing that is filled in"):
        small_town.load()


def test_a_text_for_some_types_is_offered_for_no_others(texts):
    assert [[ready.code for ready in texts if ready.is_for(type)] for type in ("bin", "pothole")] == [
        ["delay", "delivery"],
        ["delay"],
    ]
