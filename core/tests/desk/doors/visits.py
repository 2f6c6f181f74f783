"""Inspections at the desk and in the field; a visit that is there has tests of its own."""

OPENED_BY = {
    ("GET", "/bureau/visites"): {"work"},
    ("POST", "/bureau/visites"): {"work"},
    ("GET", "/bureau/visites/tournee"): {"work"},
    ("GET", "/bureau/terrain"): {"work"},
    ("GET", "/bureau/terrain/jeton"): {"work"},
}
APART = ("/bureau/terrain/", "/bureau/visites/")
