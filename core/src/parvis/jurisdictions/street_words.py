"""Words that say little in the name of a street, and what short forms stand for, in French and in English."""

# What stands on a street sign or in a directory for the word that we keep in its place. Several: any of them.
MEANINGS: dict[str, tuple[str, ...]] = {
    # kinds of streets
    "boul": ("boulevard",), "blvd": ("boulevard",), "bld": ("boulevard",), "bd": ("boulevard",), "bvd": ("boulevard",),
    "bl": ("boulevard",), "boulv": ("boulevard",), "boulvard": ("boulevard",), "blv": ("boulevard",),
    "boulvd": ("boulevard",),
    "av": ("avenue",), "ave": ("avenue",), "aven": ("avenue",), "avenu": ("avenue",),
    "r": ("rue",), "ru": ("rue",), "street": ("rue",), "str": ("rue",),
    "ch": ("chemin",), "chem": ("chemin",), "che": ("chemin",), "road": ("chemin",), "rd": ("chemin",),
    "rte": ("route",), "highway": ("route", "autoroute"), "hwy": ("route", "autoroute"), "aut": ("autoroute",),
    "pl": ("place",), "plc": ("place",), "plaza": ("plaza", "place"), "terr": ("terrasse",), "tsse": ("terrasse",),
    "ter": ("terrasse",), "terrace": ("terrasse",), "crois": ("croissant",), "cres": ("croissant",),
    "cr": ("croissant",), "crescent": ("croissant",), "mtee": ("montee",), "mte": ("montee",), "rg": ("rang",),
    "rang": ("rang",), "all": ("allee",), "imp": ("impasse",), "prom": ("promenade",), "drive": ("promenade", "drive"),
    "rle": ("ruelle",), "lane": ("ruelle", "lane"), "sq": ("square",), "carre": ("carre", "square"),
    "court": ("cour", "court"), "circle": ("cercle", "circle"), "cir": ("cercle", "circle"), "espl": ("esplanade",),
    "pass": ("passage",), "sent": ("sentier",), "trail": ("sentier",), "path": ("sentier",), "bridge": ("pont",),
    # names
    "ste": ("sainte",), "sts": ("saints",), "stes": ("saintes",), "mt": ("mont",), "mount": ("mont", "mount"),
    "mtl": ("montreal",), "mtn": ("montagne",), "dr": ("docteur", "promenade", "drive"), "doc": ("docteur",),
    "doctor": ("docteur",), "pres": ("president",), "gen": ("general",), "cap": ("capitaine",), "prof": ("professeur",),
    "mgr": ("monseigneur",), "pt": ("pont", "petit"), "pte": ("pointe", "petite"), "gd": ("grand",), "grd": ("grand",),
    "gde": ("grande",), "riv": ("riviere",), "ile": ("ile",), "island": ("ile",), "river": ("riviere",),
    "lake": ("lac",), "mc": ("mc", "mac"), "fort": ("fort",), "nd": ("notredame",), "ndg": ("notredamedegrace",),
    "cdn": ("cotedesneiges",), "cote": ("cote",), "old": ("old", "vieux"), "queen": ("queen", "reine"),
    # saints whose streets have an English name as well
    "lawrence": ("laurent", "lawrence"), "james": ("jacques", "james"), "john": ("jean", "john"),
    "peter": ("pierre", "peter"), "andrew": ("andre", "andrew"), "francis": ("francois", "francis"),
    "stephen": ("etienne", "stephen"), "mary": ("marie", "mary"), "anthony": ("antoine", "anthony"),
    # places
    "park": ("parc",), "library": ("bibliotheque",), "biblio": ("bibliotheque",), "bibli": ("bibliotheque",),
    "school": ("ecole",), "high": ("secondaire", "high"), "elementary": ("primaire", "elementary"),
    "church": ("eglise",), "hospital": ("hopital",), "hosp": ("hopital",), "pool": ("piscine",), "arena": ("arena",),
    "rink": ("patinoire", "arena"), "centre": ("centre",), "center": ("centre",), "ctr": ("centre",),
    "community": ("communautaire",), "cultural": ("culture", "culturel", "culturelle"), "museum": ("musee",),
    "theatre": ("theatre",), "theater": ("theatre",), "market": ("marche",), "station": ("station", "gare", "metro"),
    "garden": ("jardin",), "gardens": ("jardins",), "cemetery": ("cimetiere",), "fire": ("incendie", "caserne"),
    "firehall": ("caserne",), "police": ("police", "poste"), "town": ("ville",), "city": ("ville",),
    "hall": ("hotel", "hall", "mairie"), "mairie": ("mairie", "bureau"), "garage": ("garage",),
    "daycare": ("garderie",),
    "cpe": ("cpe", "garderie"), "university": ("universite",), "univ": ("universite",), "college": ("college",),
    "playground": ("jeu", "jeux"), "chalet": ("chalet", "pavillon"),
    # directions
    "east": ("est",), "west": ("ouest",), "north": ("nord",), "south": ("sud",),
}  # fmt: skip
LETTERS = {"e": "est", "o": "ouest", "w": "ouest", "n": "nord", "s": "sud"}
DIRECTIONS = frozenset({"est", "ouest", "nord", "sud"})
STREET_KINDS = frozenset({
    "allee", "autoroute", "avenue", "boulevard", "carre", "carrefour", "cercle", "chemin", "circle", "cote", "cour",
    "cours", "crescent", "croissant", "drive", "esplanade", "impasse", "jardin", "montee", "parc", "passage", "place",
    "placette", "plaza", "promenade", "quai", "rang", "road", "rond", "route", "rue", "ruelle", "sentier", "square",
    "street", "terrasse", "voie",
})  # fmt: skip
SAYING_LITTLE = DIRECTIONS | {
    "allee", "autoroute", "avenue", "boulevard", "chemin", "croissant", "impasse", "montee", "place", "promenade",
    "rang", "route", "rue", "ruelle", "terrasse",
}  # fmt: skip
