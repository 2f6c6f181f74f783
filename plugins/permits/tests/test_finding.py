"""The words people use lead to the right permit: every word of what they type begins a word that the type knows."""

import pytest

from parvis_sdk.testing import types_found

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


@pytest.mark.parametrize(("code", "typed"), [(code, typed) for code, all_typed in TYPED.items() for typed in all_typed])
def test_what_people_type_finds_the_permit(types, code, typed):
    assert code in types_found(types, typed)


def test_every_permit_is_tried_in_both_languages(types):
    assert set(TYPED) == set(types)


@pytest.mark.parametrize("typed", ["nid de poule", "chien qui aboie", "lampadaire", "garbage pickup"])
def test_what_is_no_permit_finds_none(types, typed):
    assert types_found(types, typed) == set()
