"""What nobody was told."""

OPENED_BY = {
    ("GET", "/bureau/non-remis"): {"intake"},
    ("POST", "{base}/non-remis"): {"work", "intake"},
}
ALSO = {("POST", "{base}/non-remis"): {"contacts"}}
