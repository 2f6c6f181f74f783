"""A question without an answer is drawn once in each language; with an answer, a problem or a day in it, each time."""

from datetime import UTC, datetime

import pytest

from parvis import clock, i18n
from parvis.web import pages as module
from parvis.web.pages import environment
from parvis_sdk.conditions import NotBefore
from parvis_sdk.fields import Check, Date, LongText, OneOf, Option, ShortText
from parvis_sdk.text import Text

TEMPLATE = '{% from "macros/fields.html" import questions %}{{ questions(none, fields, values, problems, prefix) }}'
ZONE = "America/Toronto"
STREET = ShortText(code="street", label=Text(fr="Rue", en="Street"))
KIND = OneOf(
    code="kind",
    label=Text(fr="Genre", en="Kind"),
    options=(Option(code="a", label=Text(fr="Un", en="One")), Option(code="b", label=Text(fr="Deux", en="Two"))),
)


@pytest.fixture
def drawn():
    catalogues = i18n.Catalogues()
    template = environment({}, None, None, False).from_string(TEMPLATE)

    def draw(*fields, language="fr", values=None, problems=None, prefix=""):
        with catalogues.speaking(language, ZONE) as voice:
            html = template.render(fields=fields, values=values or {}, problems=problems, prefix=prefix)
            return html, len(voice.words.questions)

    return draw


def test_the_same_question_is_drawn_once_and_apart_in_each_language_and_form(drawn):
    first, kept = drawn(STREET, KIND)
    assert kept == 2
    assert drawn(STREET, KIND) == (first, 2)
    english, of_english = drawn(STREET, KIND, language="en")
    assert "Street" in english
    assert "Rue" not in english
    assert of_english == 2
    other, kept = drawn(STREET, prefix="close.")
    assert 'name="close.street"' in other
    assert 'name="street"' in first
    assert kept == 3


def test_an_answer_is_shown_and_never_kept(drawn):
    empty, kept = drawn(STREET, KIND)
    filled, after_it = drawn(STREET, KIND, values={"street": "<Rachel>", "kind": "b"})
    assert 'value="&lt;Rachel&gt;"' in filled
    assert "checked" in filled
    assert after_it == kept
    assert drawn(STREET, KIND) == (empty, kept)


def test_a_question_that_says_today_says_another_day_tomorrow(drawn):
    says = Text(fr="Dans l’avenir.", en="In the future.")
    when = Date(code="day", label=Text(fr="Jour", en="Day"), checks=(Check(must=NotBefore("day", "today"), says=says),))
    with clock.moved_to(datetime(2026, 3, 4, 17, tzinfo=UTC)) as time:
        today, kept = drawn(when)
        time.forward(days=1)
        tomorrow, _ = drawn(when)
    assert kept == 0
    assert "2026-03-04" in today
    assert "2026-03-05" in tomorrow


def test_questions_that_are_made_anew_for_each_page_neither_stay_nor_stand_for_each_other(drawn, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 5)
    for number in range(40):
        made = LongText(code="words", label=Text(fr=f"Mots {number}", en="Words"))
        html, kept = drawn(made)
        assert f"Mots {number}" in html
        assert kept <= 5
