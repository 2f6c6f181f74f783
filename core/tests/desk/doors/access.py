"""Who may see a request, from whom it is kept, and who has looked at it."""

OPENED_BY = {
    ("GET", "{base}/acces"): {"see"},
    ("POST", "{base}/acces"): {"see"},
    ("GET", "{base}/consultations"): {"report"},
}
