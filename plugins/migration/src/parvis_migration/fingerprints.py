"""What stands for each part of a row, so that a later file shows which of them changed."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

PARTS = ("submitted", "ended", "state", "words", "place", "unit", "contact", "entry")
WIDTH = 8  # characters of each


def fingerprint_of(parts: Mapping[str, Any]) -> str:
    """The digests of all parts of a row, one after the other."""
    return "".join(_digest(parts[name]) for name in PARTS)


def changed_parts(before: str, after: str) -> frozenset[str]:
    """The parts in which two rows differ."""
    split_before, split_after = _split(before), _split(after)
    return frozenset(name for name in PARTS if split_before[name] != split_after[name])


def with_parts(before: str, after: str, taken: Collection[str]) -> str:
    """What is known of a row once these of its parts were taken over: the others are told again by the next file."""
    split_before, split_after = _split(before), _split(after)
    return "".join((split_after if name in taken else split_before)[name] for name in PARTS)


def without_part(fingerprint: str, part: str) -> str:
    """What is known of a row of which a part did not come in whole: the same row is changed when it comes again."""
    return with_parts(fingerprint, "0" * (WIDTH * len(PARTS)), (part,))


def _digest(part: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(part, order="sorted")).hexdigest()[:WIDTH]


def _split(fingerprint: str) -> dict[str, str]:
    return {name: fingerprint[at * WIDTH : (at + 1) * WIDTH] for at, name in enumerate(PARTS)}
