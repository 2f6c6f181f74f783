"""What `parvis_sdk.type_mistakes` was called; it goes with 0.3."""

from parvis_sdk.renamed import now_at

__getattr__ = now_at(__name__, "parvis_sdk.type_mistakes")
