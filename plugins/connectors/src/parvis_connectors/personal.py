"""What of connectors goes with a request: what the news said that somebody matched with it."""

from parvis.requests.personal import ErasureRule, Personal

NOTHING_SAID = '{"key":""}'  # an update of which nothing is known any more
ERASURE = ErasureRule(
    personal=(
        Personal(
            table="stray",
            column="reference",
            by="reference",
            blank={"body": NOTHING_SAID},
        ),
    )
)
