"""What people at the desk type, in French and in English, and which of nine requests they mean by it."""

from typing import Any

PLACES = {
    "crater": "1234, rue Rachel Est",
    "lamp": "87, boulevard Saint-Laurent",
    "bins": "4521, avenue de l’Hôtel-de-Ville",
    "signs": "15, chemin de la Côte-Sainte-Catherine",
    "trees": "2000, rue Marie-Anne Ouest",
    "snow": "300, place d’Armes",
    "noise": "9, avenue du Mont-Royal Est",
    "water": "610, rue Saint-Hubert",
    "bench": "77, rue Laurier Est",
}
WORDS = {
    "crater": "Énorme nid-de-poule devant l’école, un cratère dangereux",
    "lamp": "Le lampadaire clignote toute la nuit",
    "bins": "Bacs et ordures éparpillés dans la ruelle depuis les travaux",
    "signs": "Deux panneaux d’arrêt arrachés, signaux tordus",
    "trees": "Broken branches hang over the sidewalk near the bus shelter",
    "snow": "Le déneigement du trottoir n’est pas fait, c’est glacé",
    "noise": "Loud music from the terrace every night, neighbours’ complaint",
    "water": "Fuite d’eau à la borne-fontaine, œuvre d’un camion",
    "bench": "Two benches were vandalized by graffiti in the park",
}
PEOPLE = {
    "crater": ("Zoé Côté", "zoe@exemple.ca", "514 555-0101"),
    "lamp": ("Jean-François L’Écuyer", "jf.lecuyer@exemple.ca", "438 555-0144"),
    "bins": ("Nguyễn Thị Hương", "huong@exemple.ca", "514 555-0199"),
    "signs": ("Marie-Ève Tremblay", "me.tremblay@exemple.ca", "450 555-0110"),
    "trees": ("Siobhán O’Brien", "obrien@example.com", "514 555-0123"),
    "snow": ("Réjean Lefebvre", "rlefebvre@exemple.ca", "579 555-0177"),
    "noise": ("Aïcha Benali", "benali@exemple.ca", "514 555-0155"),
    "water": ("Stéphane Gagnon", "sgagnon@exemple.ca", "438 555-0188"),
    "bench": ("Peter MacDonald", "peter.mcd@example.com", "263 555-0166"),
}
ALL = tuple(PLACES)
ASKED: dict[str, str] = {
    # accents, case, ligatures
    "cratère": "crater", "cratere": "crater", "CRATÈRE": "crater", "énorme": "crater", "enorme": "crater",
    "déneigement": "snow", "deneigement": "snow", "glace": "snow", "glacé": "snow", "oeuvre": "water",
    "œuvre": "water", "cote sainte catherine": "signs", "Hôtel-de-Ville": "bins", "hotel de ville": "bins",
    "éparpillés": "bins", "eparpille": "bins", "arrêt": "signs", "arret": "signs",
    # apostrophes, straight and curly, and elided words
    "l’école": "crater", "l'école": "crater", "l'ecole": "crater",
    "l'hôtel-de-ville": "bins", "l’Hotel de Ville": "bins", "place d'armes": "snow", "place d’Armes": "snow",
    "o'brien": "trees", "O’Brien": "trees", "l'écuyer": "lamp", "L’Écuyer": "lamp", "lecuyer": "lamp",
    "neighbours' complaint": "noise", "qu'un cratère": "crater", "d'arrêt": "signs",
    # one for many, many for one
    "lampadaires": "lamp", "lampadaire": "lamp", "cratères": "crater", "nids-de-poule": "crater",
    "nid de poule": "crater", "panneau": "signs", "panneaux": "signs", "signal": "signs", "signaux": "signs",
    "travail": "bins", "travaux": "bins", "ruelles": "bins", "ordure": "bins", "bac": "bins", "bacs": "bins",
    "branch": "trees", "branches": "trees", "bench": "bench", "benches": "bench", "sidewalks": "trees",
    "terraces": "noise", "complaints": "noise", "bornes-fontaines": "water", "fuites": "water",
    "camions": "water", "écoles": "crater", "trottoirs": "snow", "parks": "bench", "shelters": "trees",
    # one slip of the hand
    "crattere": "crater", "carter": "crater", "cratre": "crater", "lampadiare": "lamp", "lampdaire": "lamp",
    "lampadairre": "lamp", "deneigment": "snow", "dneeigement": "snow", "trotoir": "snow", "tortoir": "",
    "panaeu": "", "brnaches": "trees", "branchs": "trees", "sidewlak": "trees", "sidewallk": "trees",
    "vandalised": "bench", "vandlized": "bench", "grafitti": "", "graffitti": "bench", "grafiti": "bench",
    "tremblai": "signs", "tremblya": "signs", "trembly": "signs", "lefevre": "snow", "lefebre": "snow",
    "gagnonn": "water", "gagnion": "water", "macdonlad": "bench", "mcdonald": "bench", "ruchel": "crater",
     "hubret": "water", "benalli": "noise", "catehrine": "signs", "huorng": "bins",
    "ordrues": "bins", "cmaion": "water", "terasse": "", "terrasce": "noise", "xratere": "",
    # addresses, as written and as spoken
    "1234 rachel": "crater", "1234, rue Rachel Est": "crater", "1234 rue rachel e": "crater",
    "rachel street 1234": "crater", "87 st-laurent": "lamp", "87 boul st laurent": "lamp",
    "87 blvd saint laurent": "lamp", "boul. St-Laurent": "lamp", "4521 av hotel de ville": "bins",
    "15 ch cote ste catherine": "signs", "côte-ste-catherine": "signs", "2000 marie anne o": "trees",
    "2000 Marie-Anne West": "trees", "9 mont-royal": "noise", "9 avenue mont royal est": "noise",
    "9 mount royal": "noise", "610 st hubert": "water", "saint hubert": "water", "77 laurier": "bench",
    "laurier east": "bench", "300 pl armes": "snow",
    # persons, by parts of what they left
    "côté zoé": "crater", "zoe cote": "crater", "zoe@exemple.ca": "crater", "tremblay": "signs",
    "marie-eve tremblay": "signs", "marie ève": "signs", "huong": "bins", "hương": "bins", "nguyen": "bins",
    "siobhan": "trees", "obrien@example": "trees", "benali aicha": "noise", "Aïcha": "noise",
    "gagnon stephane": "water", "peter": "bench", "peter.mcd": "bench", "rlefebvre": "snow",
    # telephones in groups
    "514 555-0101": "crater", "514 555 0101": "crater", "(514) 555-0101": "crater", "5145550101": "crater",
    "514.555.0101": "crater", "514-555-0101": "crater", "+1 514 555 0101": "crater", "1-514-555-0101": "crater",
    "555-0101": "crater", "555 0101": "crater", "0101": "crater", "438 555 01 44": "lamp", "438-5550144": "lamp",
    "450 555-0110": "signs", "514 5550123": "trees", "579 555 0177": "snow", "263": "bench",
    "514 555 9999": "", "438 555-0101": "",
    # several words, wherever each of them stands
    "rachel cratere": "crater", "trou rachel école": "crater", "hole rachel": "crater",
    "tremblay panneaux": "signs", "lampadaire laurent": "lamp", "gagnon fuite 438": "water",
    "benches macdonald laurier": "bench", "rachel lampadaire": "", "tremblay fuite": "", "cote laurier": "",
    "rachel, école": "crater", "« cratère »": "crater", "(lampadaire)": "lamp", "cratère.": "crater",
    "branches? bus!": "trees",
    # words that nothing holds, and signs that mean nothing
    "zèbre": "", "giraffe": "", "100%": "", "_": "", "\\": "", "nulle part": "",
}  # fmt: skip
"""Each question with the one request that it finds, or none."""
OF_SEVERAL: dict[str, tuple[str, ...]] = {
    "trou": ALL,
    "trous": ALL,
    "holes": ALL,
    "saint": ("lamp", "signs", "water"),
    "exemple.ca": ("crater", "lamp", "bins", "signs", "snow", "noise", "water"),
    "nuit": ("lamp",),
    "night": ("noise",),
    "est": ("crater", "trees", "snow", "noise", "bench"),
    "avenue": ("bins", "noise"),
    "av.": ("bins", "noise"),
    "d’eau": ("signs", "water"),  # as panneaux holds it
    "d'eau": ("signs", "water"),
    "eaux": ("signs", "water"),
    "rachle": ("crater", "signs"),  # as arrachés holds it
    "514 555": ("crater", "bins", "trees", "noise"),
    "": ALL,
}


def submission(name: str) -> dict[str, Any]:
    """What is submitted for one of the nine."""
    person, email, phone = PEOPLE[name]
    return {
        "answers": {"danger": False, "words": WORDS[name]},
        "place": {"lon": -73.5807, "lat": 45.5236, "address": PLACES[name]},
        "requester": {"mode": "named", "name": person, "email": email, "phone": phone},
    }
