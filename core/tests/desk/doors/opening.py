"""Entry for a caller."""

OPENED_BY = {
    ("GET", "/bureau/nouvelle"): {"intake"},
    ("POST", "/bureau/nouvelle"): {"intake"},
}
