"""What the public pages of requests ask for."""

OPENED_BY = {
    ("GET", "/bureau/pages-publiques"): {"amend"},
    ("POST", "/bureau/pages-publiques/01a21300-0000-7000-8000-000000000000"): {"amend"},
    ("POST", "{base}/page-publique"): {"amend"},
}
