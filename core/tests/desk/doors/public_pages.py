"""What an agent is asked who decides about the public page of a request."""

OPENED_BY = {
    ("POST", "{base}/page-publique"): {"amend"},
}
