"""Which request types are whole in a town: somebody there looks after every kind of part that they require."""

from parvis.switches import Switchboard
from parvis.territory import Jurisdiction
from parvis_sdk.request_types import PARTS, RequestType

CORE_PARTS = frozenset(PARTS) - {"document", "fee", "inspection", "obligation", "review", "supplement", "validity"}
"""The kinds of part that need no module."""


def parts_in(modules: Switchboard, town: Jurisdiction) -> frozenset[str]:
    """The kinds of part that new requests of a town may have: a module that is closing takes nothing new."""
    return CORE_PARTS | {kind.word for kind in modules.registry.part_kinds(modules.of(town).on)}


def lacking(kind: RequestType, known: frozenset[str]) -> frozenset[str]:
    """The kinds of part that a type requires and nobody looks after."""
    return kind.required() - known


def left_out(kind: RequestType, known: frozenset[str]) -> frozenset[str]:
    """The kinds of part that a type does without, because nobody looks after them."""
    return frozenset(kind.optional) & {part.part for part in kind.parts} - known
