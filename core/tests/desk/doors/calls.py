"""Calls and letters that are owed to people."""

OPENED_BY = {
    ("GET", "/bureau/appels"): {"intake"},
    ("POST", "{base}/appel"): {"work", "intake"},
    ("POST", "{base}/rappel"): {"work", "intake"},
}
APART = ("{base}/lettre",)  # none is owed
