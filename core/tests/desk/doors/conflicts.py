"""What the page of conflicts of interest asks for."""

OPENED_BY = {
    ("GET", "/bureau/conflits"): {"see", "privacy"},
    ("POST", "/bureau/conflits"): {"see", "privacy"},
    ("POST", "/bureau/conflits/01a21300-0000-7000-8000-000000000000/fin"): {"see", "privacy"},
}
