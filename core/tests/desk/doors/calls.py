"""Calls and letters that are owed to people."""

OPENED_BY = {
    ("GET", "/bureau/appels"): {"intake"},
    ("POST", "/bureau/appels/lettres"): {"intake"},
    ("POST", "/bureau/appels/lettres.pdf"): {"intake"},
    ("POST", "{base}/appel"): {"work", "intake"},
    ("POST", "{base}/rappel"): {"work", "intake"},
}
ALSO = {("POST", "{base}/appel"): {"contacts"}, ("POST", "{base}/rappel"): {"contacts"}}
APART = ("{base}/lettre",)  # none is owed
