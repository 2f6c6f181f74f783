"""Codes to print."""

OPENED_BY = {
    ("GET", "/bureau/codes"): {"report"},
}
