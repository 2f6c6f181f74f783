"""What is wrong with a rule set that somebody writes."""

from msgspec import Struct

from parvis_sdk.text import Text


class Fault(Struct, frozen=True, kw_only=True):
    """One mistake; `number` is that of the part, 0 for the whole.

    What only makes a condition never hold, such as a type that is offered no more, does not `block` the rest.
    """

    what: Text
    number: int = 0
    blocks: bool = True
