"""Incidents gather requests of every unit: whoever has only some units sees them and declares none."""

NONE_OF_A_UNIT: set[str] = set()
OPENED_BY = {
    ("GET", "/bureau/incidents"): {"see"},
    ("GET", "/bureau/incidents/nouveau"): NONE_OF_A_UNIT,
    ("POST", "/bureau/incidents/nouveau"): NONE_OF_A_UNIT,
}
APART = ("/bureau/incidents/",)
