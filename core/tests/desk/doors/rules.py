"""Rules of routing: read by everybody of the town, changed by who may do so for all of it."""

OPENED_BY = {
    ("GET", "/bureau/regles"): {"see"},
}
APART = ("/bureau/regles/",)
