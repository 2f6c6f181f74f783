"""What colleagues want somebody to see."""

OPENED_BY = {
    ("GET", "/bureau/pour-moi"): {"see"},
    ("POST", "{base}/vu"): {"see"},
}
