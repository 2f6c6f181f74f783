"""The dashboard and what comes of it."""

OPENED_BY = {
    ("GET", "/bureau/tableau"): {"report"},
    ("GET", "/bureau/tableau/chiffres.csv"): {"report"},
    ("GET", "/bureau/tableau/chiffres.xlsx"): {"report"},
    ("GET", "/bureau/tableau/carte"): {"report"},
    ("GET", "/bureau/tableau/decisions"): {"report"},
    ("GET", "/bureau/tableau/essai"): {"report"},
    ("GET", "/bureau/tableau/decisions.csv"): {"report"},
    ("GET", "/bureau/tableau/verification"): {"audit"},
    ("GET", "/bureau/tableau/verification/dossier.zip"): {"audit"},
    ("GET", "/bureau/tableau/rapports"): {"report"},
    ("POST", "/bureau/tableau/rapports"): {"report"},
    ("GET", "/bureau/codes"): {"report"},
}
APART = ("/bureau/tableau/rapports/",)
