"""What the API says of documents that were issued."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from parvis.api.said_shapes import Languages


class DocumentShape(Struct, frozen=True, kw_only=True):
    """A document of a request. `digest` is the SHA-256 of its file; `url` is null once its content was destroyed.

    `standing` says whether it holds now: by itself, and by the validity that it is worth.
    """

    id: str
    code: str
    kind: Literal["permit", "certificate", "refusal", "letter", "receipt"]
    title: Languages
    number: str
    version: int
    standing: Literal["valid", "suspended", "expired", "ended", "revoked", "replaced"]
    issued_at: datetime
    languages: list[str]
    verification: str
    digest: str
    size: int
    url: str | None


class Documents(Struct, frozen=True, kw_only=True):
    """The documents of a request that the caller may open, oldest first."""

    documents: list[DocumentShape]
