"""Who is away and who stands in."""

OPENED_BY = {
    ("GET", "/bureau/absences"): {"work"},
    ("POST", "/bureau/absences"): {"work"},
    ("POST", "/bureau/absences/01a21300-0000-7000-8000-000000000000/retour"): {"work"},
}
