"""What of a text message goes with a request, and which files wait for one that nobody has sorted yet."""

from parvis.requests.personal import ErasureRule, Personal, SortingTable

HELD = "text:"  # begins the holder of photos that came by text message
WORDS = {"sender": "", "words": "", "media": "[]", "left_out": "[]", "candidates": "[]"}

ERASURE = ErasureRule(
    personal=(Personal(table="text_messages_incoming", column="reference", by="reference", blank={**WORDS}),),
    unsorted=(SortingTable(table="text_messages_incoming", states=("arrived", "open"), page="/bureau/textos"),),
    holds=HELD,
    typed=(
        "SELECT 'text:' || substr(key, 1, 48) FROM text_messages_incoming WHERE state IN ('arrived', 'open', 'aside')",
    ),
)


def holder_of(key: str) -> str:
    """What holds the photos of a message until it is settled."""
    return f"{HELD}{key[:48]}"
