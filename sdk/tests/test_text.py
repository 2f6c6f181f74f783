"""Texts in several languages, sentences with names in them, and the sentences of the contract itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_sdk import problems, requesters, workflow
from parvis_sdk.cleaning import UNSAFE, clean
from parvis_sdk.problems import MESSAGES, Problems, problem
from parvis_sdk.testing.texts import misprints, missing_words, unlike_placeholders
from parvis_sdk.text import Text

TREE = Text(fr="arbre", en="tree", others={"es": "árbol"})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "arbre"),
        ("en", "tree"),
        ("fr-CA", "arbre"),
        ("EN-us", "tree"),
        ("es", "árbol"),
        ("de", "arbre"),
        ("", "arbre"),
    ],
)
def test_a_text_is_said_in_the_language_asked_for_or_in_french(language, words):
    assert TREE.to(language) == words


def test_a_text_knows_its_languages():
    assert TREE.languages() == ("fr", "en", "es")
    assert Text(fr="a").languages() == ("fr",)


def test_names_are_filled_in_each_language_once():
    sentence = Text(fr="Un {what} ({n})", en="One {what} ({n})").format(what=TREE, n="{what}")
    assert (sentence.fr, sentence.en) == ("Un arbre ({what})", "One tree ({what})")


def test_a_name_without_a_value_stays_and_raises_nothing():
    assert Text(fr="{a} {b} {0} {} {a.b} {a!r} {").format(b=1).fr == "{a} 1 {0} {} {a.b} {a!r} {"


@given(st.text())
def test_what_is_clean_is_safe_and_stays_so(words):
    cleaned = clean(words)
    cleaned.encode("utf-8")
    assert not UNSAFE.search(cleaned)
    assert clean(cleaned) == cleaned


def test_the_sentences_of_the_contract_keep_their_own_rules():
    own = {"messages": MESSAGES, "words": [value for value in vars(workflow).values() if isinstance(value, Text)]}
    for thing in (own, requesters.NAME, requesters.EMAIL, requesters.PHONE, requesters.CHANNEL_LABEL):
        assert missing_words(thing) == []
        assert unlike_placeholders(thing) == []
        assert misprints(thing) == []


def test_every_problem_the_readers_name_has_its_sentence():
    for code in MESSAGES:
        assert problem(code, "x").message.fr


def test_problems_are_found_by_their_path():
    found = Problems(found=(problem("required", "a", label="A"), problem("email", "b", label="B"))).within("answers")
    assert found.at("answers.b").code == "email"
    assert found.at("b") is None
    assert problems.under(problem("required", ""), "place").path == "place"


def test_a_sentence_ends_with_one_full_stop_where_what_stands_at_its_end_has_its_own():
    ends = Text(fr="Fin prévue : {end}. Merci.", en="Expected end: {end}. Thanks.")
    assert ends.format(end=Text(fr="19 h", en="7:00 p.m.")) == Text(
        fr="Fin prévue : 19 h. Merci.", en="Expected end: 7:00 p.m. Thanks."
    )
