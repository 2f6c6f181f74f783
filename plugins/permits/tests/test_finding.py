"""The words people use lead to the right permit: every word of what they type begins a word that the type knows."""

import re
import unicodedata

import pytest

TYPED = {
    "construction": (
        "permis de construction",
        "permis pour rénover ma cuisine",
        "agrandir ma maison",
        "piscine creusée",
        "démolir un garage",
        "building permit",
        "extension of my house",
        "build a deck",
        "above-ground pool",
    ),
    "occupation": (
        "échafaudage sur le trottoir",
        "conteneur dans la rue",
        "fermer la rue",
        "sidewalk patio",
        "crane on the street",
    ),
    "sign": ("enseigne lumineuse", "changer l’enseigne du commerce", "shop sign", "business sign permit"),
    "event": (
        "fête de voisins",
        "vente de garage",
        "tournage d’un film",
        "block party",
        "wedding in the park",
    ),
    "tree_felling": (
        "abattre un arbre",
        "permis pour couper un arbre",
        "arbre mort dans ma cour",
        "enlever une haie de cèdres",
        "frêne malade agrile",
        "cut down a tree",
        "tree permit",
        "remove dead tree in my yard",
        "sick ash tree",
        "stump and roots near the foundation",
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
def test_what_people_type_finds_the_permit(types, code, typed):
    assert code in found(types, typed)


def test_every_permit_is_tried_in_both_languages(types):
    assert set(TYPED) == set(types)


@pytest.mark.parametrize("typed", ["nid de poule", "chien qui aboie", "lampadaire", "garbage pickup"])
def test_what_is_no_permit_finds_none(types, typed):
    assert found(types, typed) == set()
