"""One's own account; what is done to it is tried in `test_account`."""

from .rights import ANYBODY

OPENED_BY = {
    ("GET", "/bureau/compte"): ANYBODY,
    ("GET", "/bureau/compte/code"): ANYBODY,
}
