"""Incidents gather requests of every unit, notices close services of the whole town: a unit alone does neither."""

NONE_OF_A_UNIT: set[str] = set()
OPENED_BY = {
    ("GET", "/bureau/incidents"): {"see"},
    ("GET", "/bureau/incidents/nouveau"): NONE_OF_A_UNIT,
    ("POST", "/bureau/incidents/nouveau"): NONE_OF_A_UNIT,
}
OPENED_BY |= {
    ("GET", "/bureau/avis"): NONE_OF_A_UNIT,
    ("GET", "/bureau/avis/nouveau"): NONE_OF_A_UNIT,
    ("POST", "/bureau/avis/nouveau"): NONE_OF_A_UNIT,
    ("POST", "/bureau/avis/lever"): NONE_OF_A_UNIT,
}
APART = ("/bureau/incidents/", "/bureau/avis/")
