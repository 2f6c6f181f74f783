"""What the page of what was revealed asks for."""

OPENED_BY = {
    ("GET", "/bureau/renseignements-consultes"): {"privacy"},
    ("GET", "/bureau/renseignements-consultes/en-direct"): {"privacy"},
}
