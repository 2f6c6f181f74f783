"""Other people on a request besides the requester: their roles, and what each role may see and do."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.mistakes import code_mistakes, text_mistakes
from parvis_sdk.text import Text

Right = Literal["personal", "messages", "answer", "act", "invite"]
"""To see personal answers; to read and write messages with the town; to answer what is to be corrected or added; to
make the requester's steps; to let other people in and to end their access. Everybody on the file sees the rest."""


class PartyRole(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A role in which somebody may be let into a request: an owner, an agent with a mandate, a contractor.

    `may` names what they may do besides reading. With `mandate` a document must be joined when they are let in. They
    are told of the steps in their own language unless `told` is false; their link holds for `days`, until their access
    is ended. `most` is how many may hold the role at once.
    """

    code: str
    title: Text
    help: Text | None = None
    may: tuple[Right, ...] = ()
    mandate: bool = False
    told: bool = True
    days: int = 365
    most: int = 3


def party_mistakes(roles: Sequence[PartyRole]) -> Iterator[DeclarationMistake]:
    """Every mistake of the author of these roles."""
    codes = [role.code for role in roles]
    for role in roles:
        where = f"party {role.code!r}"
        yield from code_mistakes(role.code, where)
        yield from text_mistakes(role.title, f"{where} · title")
        if codes.count(role.code) > 1:
            yield DeclarationMistake(where=where, what="two roles have this code", now_what="give each its own code")
        if role.days < 1 or role.most < 1:
            yield DeclarationMistake(
                where=where, what="nobody could ever hold it", now_what="give `days` and `most` above zero"
            )
