"""The words people use lead to the right complaint: every word of what they type begins a word that the type knows."""

import pytest

from parvis_sdk.testing import types_found

TYPED = {
    "noise": (
        "voisin bruyant",
        "musique trop forte la nuit",
        "tapage nocturne",
        "bruit de chantier tôt le matin",
        "thermopompe du voisin",
        "noisy neighbour",
        "loud music at night",
        "construction noise",
        "party keeps me awake",
        "leaf blower early morning",
    ),
    "animal_nuisance": (
        "chien qui aboie",
        "chien sans laisse",
        "j’ai été mordu par un chien",
        "chat errant",
        "rats dans la ruelle",
        "barking dog",
        "dog off leash",
        "dog bite",
        "raccoon in my yard",
        "dead animal on the road",
    ),
    "service_complaint": (
        "porter plainte contre la ville",
        "employé impoli",
        "mauvais service",
        "pas de réponse à mes appels",
        "décision injuste",
        "complaint about the city",
        "rude employee",
        "bad service",
        "nobody called me back",
        "unfair decision",
    ),
}


@pytest.mark.parametrize(("code", "typed"), [(code, typed) for code, all_typed in TYPED.items() for typed in all_typed])
def test_what_people_type_finds_the_complaint(types, code, typed):
    assert code in types_found(types, typed)


def test_every_complaint_is_tried_in_both_languages(types):
    assert set(TYPED) == set(types)


@pytest.mark.parametrize("typed", ["nid de poule", "permis de construction", "pothole", "street light"])
def test_what_is_no_complaint_finds_none(types, typed):
    assert types_found(types, typed) == set()


def test_no_complaint_answers_to_the_words_of_another(types):
    for code, all_typed in TYPED.items():
        others = {other for typed in all_typed for other in types_found(types, typed)} - {code}
        assert len(others) <= 1
