"""Mail to sort; a mail that is there has tests of its own."""

OPENED_BY = {
    ("GET", "/bureau/courriels"): {"intake"},
}
APART = ("/bureau/courriels/",)
