"""Parts of a request that has none; those that are there have tests of their own."""

OPENED_BY = {
    ("GET", "/bureau/echeances"): {"see"},
}
APART = (
    "{base}/conditions/",
    "{base}/frais/",
    "{base}/paiements-en-trop/",
    "{base}/recus/",
)
