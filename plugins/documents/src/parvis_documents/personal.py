"""What is personal of documents, and what of them lies in the store: as data, so that it outlives this code."""

from parvis.requests.personal import ErasureRule, Personal, StoredContent

GONE: dict[str, str | int | bool | None] = {"content": "", "size": 0}
ERASURE = ErasureRule(
    # What they said goes; that they were issued, and their digests, stay.
    personal=(Personal(table="document", blank=GONE),),
    # Nothing tells any more who may read a title: the person is told the numbers, and asks the town for the rest.
    once_removed=(Personal(table="document", blank=GONE, told=("number", "version", "state", "issued_at")),),
    contents=(StoredContent(table="document", column="content"),),
)
