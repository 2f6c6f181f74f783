"""What is personal of documents, and what of them lies in the store: as data, so that it outlives this code."""

from parvis.requests.personal import ErasureRule, Personal, StoredContent

ERASURE = ErasureRule(
    # What they said goes; that they were issued, and their digests, stay.
    personal=(Personal(table="document", blank={"content": "", "size": 0}),),
    contents=(StoredContent(table="document", column="content"),),
)
