"""The words people use lead to the right report: every word of what they type begins a word that the type knows."""

import pytest

from parvis_sdk.testing import types_found

TYPED = {
    "pothole": (
        "trou dans la rue",
        "nid de poule",
        "gros trou dans l’asphalte",
        "chaussée défoncée",
        "pneu crevé dans un trou",
        "pothole",
        "big hole in the road",
        "broken pavement",
        "flat tire",
        "hole in the bike path",
    ),
    "street_light": (
        "lampadaire éteint",
        "lumière brûlée",
        "la rue est noire",
        "lampadaire qui clignote",
        "poteau frappé",
        "street light out",
        "lamp post flickering",
        "dark street no light",
        "light on during the day",
        "bulb burned out",
    ),
    "missed_collection": (
        "bac pas ramassé",
        "vidanges pas ramassées",
        "bac de recyclage plein",
        "compost oublié",
        "le camion n’est pas passé",
        "garbage not picked up",
        "missed recycling pickup",
        "they skipped the street",
        "brown bin not emptied",
        "mattress not collected",
    ),
    "graffiti": (
        "graffitis sur un mur",
        "tag sur ma porte",
        "graffiti haineux",
        "croix gammée",
        "nettoyer un graffiti",
        "graffiti on my wall",
        "spray paint",
        "racist graffiti",
        "vandalism",
        "remove a tag",
    ),
    "fallen_branch": (
        "branche tombée",
        "arbre tombé dans la rue",
        "branche cassée qui pend",
        "branche sur les fils",
        "arbre déraciné par le vent",
        "fallen tree",
        "branch down",
        "tree blocking the street",
        "limb hanging",
        "branch on a power line",
    ),
    "snowy_sidewalk": (
        "trottoir pas déneigé",
        "trottoir glissant",
        "banc de neige",
        "la charrue n’est pas passée",
        "entrée bloquée par la neige",
        "sidewalk not plowed",
        "icy sidewalk",
        "snow in my driveway",
        "slippery road",
        "snowbank at the corner",
    ),
    "illegal_dumping": (
        "dépôt sauvage",
        "déchets dans la ruelle",
        "matelas abandonné",
        "seringues dans un parc",
        "sacs de vidanges laissés",
        "illegal dumping",
        "garbage in the alley",
        "abandoned couch",
        "needles",
        "construction debris",
    ),
    "park_equipment": (
        "balançoire brisée",
        "banc de parc cassé",
        "module de jeu dangereux",
        "jeux d’eau qui fuient",
        "filet de basket déchiré",
        "broken swing",
        "playground damaged",
        "park bench broken",
        "drinking fountain leaking",
        "basketball hoop missing",
    ),
}


@pytest.mark.parametrize(("code", "typed"), [(code, typed) for code, all_typed in TYPED.items() for typed in all_typed])
def test_what_people_type_finds_the_report(types, code, typed):
    assert code in types_found(types, typed)


def test_every_report_is_tried_in_both_languages(types):
    assert set(TYPED) == set(types)


@pytest.mark.parametrize("typed", ["permis de construction", "taxes municipales", "library card", "piscine horaire"])
def test_what_is_no_report_finds_none(types, typed):
    assert types_found(types, typed) == set()


def test_no_report_answers_to_everything(types):
    everything = [typed for all_typed in TYPED.values() for typed in all_typed]
    for code in types:
        answered = [typed for typed in everything if code in types_found(types, typed)]
        assert len(answered) <= len(everything) / 4
