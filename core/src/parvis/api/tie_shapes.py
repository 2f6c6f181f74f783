"""The shapes of ties between requests."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from parvis.api.said_shapes import Languages


class TieShape(Struct, frozen=True, kw_only=True):
    """What the request is tied to: with `from_here` the request asked about is `kind` the other, else the other way."""

    kind: str
    from_here: bool
    reference: str
    type: str
    title: Languages
    state: str
    phase: str
    since: datetime


class Ties(Struct, frozen=True, kw_only=True):
    """Everything that a request is tied to, as far as the caller may see it, oldest tie first."""

    ties: list[TieShape]


class NewTie(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the request is to another one. `duplicate_of` merges it into the other."""

    kind: Literal["duplicate_of", "child_of", "about"]
    other: str
    version: int


class NewPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is made a request of its own: as which type, in which words, with which files of the one it is part of."""

    type: str
    words: str
    files: list[str] = []
    version: int


class PartShape(Struct, frozen=True, kw_only=True):
    """The request that was made. Whoever asked is told of it; the caller may see it where it belongs to their units."""

    reference: str
    type: str
    promised_at: datetime | None
