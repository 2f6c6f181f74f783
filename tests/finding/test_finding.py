"""The words of three hundred residents lead to the right service, in either language; what is not ours is said."""

from collections import Counter

import pytest

from . import phrases as said


@pytest.fixture(scope="module")
def finder():
    return said.finder()


def test_the_phrases_try_every_type_in_both_languages_and_no_half_knows_the_other(finder):
    tuning, apart = said.phrases_of("tuning"), said.phrases_of("kept_apart")
    assert not {row["phrase"].casefold() for row in tuning} & {row["phrase"].casefold() for row in apart}
    installed = {shelf.request_type.code for shelf in finder.shelves}
    for half in (tuning, apart):
        tried = Counter((row["type"], row["language"]) for row in half if row["type"])
        assert set(tried) == {(code, language) for code in installed for language in ("fr", "en")}
    assert sum(bool(row["type"]) for row in (*tuning, *apart)) >= 300


def test_phrases_kept_apart_find_their_type_first_and_nearly_always_among_three(finder):
    measured = said.measure("kept_apart", finder)
    told = "\n".join(measured.missed)
    assert measured.first >= 0.85 * measured.phrases, told
    assert measured.in_three >= 0.97 * measured.phrases, told


def test_phrases_to_tune_with_do_not_fall_behind(finder):
    measured = said.measure("tuning", finder)
    assert measured.first >= 0.95 * measured.phrases, "\n".join(measured.missed)


def test_what_no_service_is_for_is_seldom_answered_as_if_one_were(finder):
    measured = said.measure("kept_apart", finder)
    assert measured.sure_of_nothing <= 0.25 * measured.uncovered


def test_a_phrase_takes_less_than_twenty_milliseconds(finder):
    seconds = sorted(said.measure("kept_apart", finder).seconds)
    assert seconds[len(seconds) // 2] < 0.02


@pytest.mark.parametrize(
    ("typed", "code", "because"),
    [
        ("Il y a un TROU dans la rue!!", "pothole", {"TROU"}),
        ("y'a un arbre tombé su'a piste", "fallen_branch", {"arbre", "tombé"}),
        ("lampadère", "street_light", {"lampadère"}),
        ("poto de lumière penché", "street_light", {"poto"}),
        ("snow bank", "snowy_sidewalk", {"snow bank"}),
    ],
)
def test_the_words_that_led_to_a_service_are_told_as_typed(finder, typed, code, because):
    hit = finder.find(typed)[0]
    assert hit.request_type.code == code
    assert because <= set(hit.because)


def test_words_that_mean_something_else_speak_against_a_service(finder):
    assert finder.find("lumière de rue brisée")[0].request_type.code == "street_light"
    assert not any(hit.sure for hit in finder.find("feu de circulation brisé"))
    assert finder.find("pothole")[0].sure


@pytest.mark.parametrize(
    "typed", ["", " ", "!!!", "le la les", "zzzz", "\x00", "א" * 200, "🕳️", "a" * 5_000, "du du " * 1_000]
)
def test_nothing_typed_is_too_strange(finder, typed):
    assert all(hit.score > 0 for hit in finder.find(typed))
