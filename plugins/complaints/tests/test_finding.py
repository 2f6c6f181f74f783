"""The words people use lead to the right complaint: every word of what they type begins a word that the type knows."""

import re
import unicodedata

import pytest

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
SMALL = {
    "dans",
    "sur",
    "une",
    "des",
    "les",
    "mes",
    "est",
    "ete",
    "qui",
    "par",
    "pour",
    "contre",
    "the",
    "and",
    "near",
    "they",
}


def folded(text: str) -> list[str]:
    """The words of a text without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", " "))
    return re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().casefold())


def found(types, typed):
    """The types that know every word typed, or a word that begins with it."""
    wanted = [word for word in folded(typed) if len(word) > 2 and word not in SMALL]
    return {
        code
        for code, request_type in types.items()
        if all(any(known.startswith(word) for known in vocabulary(request_type)) for word in wanted)
    }


def vocabulary(request_type):
    texts = (request_type.title, request_type.summary, request_type.theme.title, *request_type.keywords)
    return {word for text in texts for word in folded(f"{text.fr} {text.en}")}


@pytest.mark.parametrize(("code", "typed"), [(code, typed) for code, all_typed in TYPED.items() for typed in all_typed])
def test_what_people_type_finds_the_complaint(types, code, typed):
    assert code in found(types, typed)


def test_every_complaint_is_tried_in_both_languages(types):
    assert set(TYPED) == set(types)


@pytest.mark.parametrize("typed", ["nid de poule", "permis de construction", "pothole", "street light"])
def test_what_is_no_complaint_finds_none(types, typed):
    assert found(types, typed) == set()


def test_no_complaint_answers_to_the_words_of_another(types):
    for code, all_typed in TYPED.items():
        others = {other for typed in all_typed for other in found(types, typed)} - {code}
        assert len(others) <= 1
