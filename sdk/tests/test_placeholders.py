"""Filling in names."""

import pytest

from parvis_sdk.placeholders import fill_body, fill_subject


@pytest.mark.parametrize(
    ("words", "values", "filled"),
    [
        ("Reçue. Réponse le {promised}. Merci.", {"promised": ""}, "Reçue. Merci."),
        ("Reçue. Réponse le {promised}. Merci.", {"promised": "2 mai"}, "Reçue. Réponse le 2 mai. Merci."),
        ("Avant\n\n{reason}\n\nAprès", {"reason": ""}, "Avant\n\nAprès"),
        ("Motif : {reason}", {}, ""),
        ("{reason}", {"reason": "un {link} deux"}, "un {link} deux"),
        ("Le 3.5 km {x}.", {"x": "ok"}, "Le 3.5 km ok."),
        ("Vous voulez? Dites-le : {link}\nMerci", {"link": ""}, "Vous voulez?\nMerci"),
        ("{a} et {b}.", {"a": "un", "b": "deux"}, "un et deux."),
        ("Done by {day}. Thanks.", {"day": "7:00 p.m."}, "Done by 7:00 p.m. Thanks."),
        ("Done by {day}", {"day": "7:00 p.m."}, "Done by 7:00 p.m."),
    ],
)
def test_a_sentence_that_lacks_what_it_names_is_left_out(words, values, filled):
    assert fill_body(words, values) == filled


def test_a_subject_is_one_line_whatever_is_filled_in():
    assert fill_subject("A {x}  B", {"x": "1\r\n\tBcc: y\u2028\x00z"}) == "A 1 Bcc: y z B"
