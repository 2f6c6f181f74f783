"""The queue, on the page, as a sheet and on a map."""

OPENED_BY = {
    ("GET", "/bureau"): {"see"},
    ("GET", "/bureau/liste.csv"): {"see"},
    ("GET", "/bureau/liste.xlsx"): {"see"},
    ("GET", "/bureau/carte"): {"see"},
    ("GET", "/bureau/carte/points"): {"see"},
    ("POST", "/bureau/suivante"): {"work"},
    ("POST", "/bureau/vues"): {"see"},
    ("POST", "/bureau/affichage"): {"see"},
}
APART = ("/bureau/vues/",)
ALSO = {("POST", "/bureau/suivante"): {"assign"}}
