"""Ready texts: read by everybody of the town, written for a unit by who decides there, kept by whoever works."""

OPENED_BY = {
    ("GET", "/bureau/textes"): {"see"},
    ("GET", "/bureau/textes/nouveau"): {"route"},
    ("POST", "/bureau/textes/nouveau"): {"route"},
    ("GET", "/bureau/textes/nouveau-a-moi"): {"work"},
    ("POST", "/bureau/textes/nouveau-a-moi"): {"work"},
}
APART = ("/bureau/textes/",)
