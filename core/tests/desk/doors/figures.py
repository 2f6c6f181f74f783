"""The pack of an audit, and codes to print."""

OPENED_BY = {
    ("GET", "/bureau/tableau/verification"): {"audit"},
    ("GET", "/bureau/tableau/verification/dossier.zip"): {"audit"},
    ("GET", "/bureau/codes"): {"report"},
}
