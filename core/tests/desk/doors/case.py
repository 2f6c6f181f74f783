"""One request and what is done to it."""

OPENED_BY = {
    ("GET", "{base}"): {"see"},
    ("GET", "{base}/correction"): {"amend"},
    ("POST", "{base}/correction"): {"amend"},
    ("GET", "{base}/coordonnees"): {"work", "intake"},
    ("POST", "{base}/coordonnees"): {"work", "intake"},
    ("POST", "{base}/sans-module"): {"route"},
    ("POST", "{base}/etape/start"): {"work"},
    ("POST", "{base}/reponse"): {"work"},
    ("POST", "{base}/note"): {"work", "intake"},
    ("POST", "{base}/recu"): {"work", "intake"},
    ("POST", "{base}/attribution"): {"assign"},
    ("POST", "{base}/attribution/annuler"): {"assign"},
    ("POST", "{base}/identite"): {"reveal"},
    ("GET", "{base}/dossier"): {"see"},
    ("GET", "{base}/versions"): {"see"},
    ("GET", "{base}/presence"): {"see"},
    ("POST", "{base}/presence"): {"see"},
    ("POST", "{base}/dossier/archive"): {"see"},
    ("POST", "{base}/personnes"): {"work"},
}
ALSO = {
    ("GET", "{base}/coordonnees"): {"contacts"},
    ("POST", "{base}/coordonnees"): {"contacts"},
    ("POST", "{base}/personnes"): {"contacts"},
}
