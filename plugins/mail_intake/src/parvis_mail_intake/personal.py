"""What of mail goes with a request, and which files wait for a mail that nobody has sorted yet."""

from parvis.requests.personal import ErasureRule, Personal, SortingTable

HELD = "mail:"  # begins the holder of files that came by mail
WORDS = {"sender": "", "sender_name": "", "subject": "", "words": "", "folded": "", "left_out": "[]"}

ERASURE = ErasureRule(
    personal=(Personal(table="incoming_mail", column="reference", by="reference", blank={**WORDS}),),
    unsorted=(SortingTable(table="incoming_mail", states=("open",), page="/bureau/courriels"),),
    holds=HELD,
    typed=("SELECT 'mail:' || substr(key, 1, 48) FROM incoming_mail WHERE state IN ('open', 'aside')",),
)


def holder_of(key: str) -> str:
    """What holds the files of a mail until it is settled."""
    return f"{HELD}{key[:48]}"
