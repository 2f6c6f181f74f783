"""Rules of routing and service levels: read by everybody of the town, changed by who may do so for all of it."""

OPENED_BY = {
    ("GET", "/bureau/regles"): {"see"},
    ("GET", "/bureau/delais"): {"see"},
}
APART = ("/bureau/regles/", "/bureau/delais/")
