"""Several things of several owners in one submission: one request for each owner, and when the whole is done."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake

if TYPE_CHECKING:
    from parvis_sdk.request_types import PlaceRule
    from parvis_sdk.workflow import Workflow


class ChildRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A submission about things of several owners becomes a request that stands for all, with one for each owner.

    Each has a life, a unit and a promise of its own. The system makes `begins` of the whole as soon as one of them is
    under way, while the whole is still received; and `move` once all of them are over (with `closes="any"`: once one
    is) and at least one of them has come as far itself. `elsewhere` is the move of an
    agent by which an owner is answered for who takes reports only itself; of its questions `owner`, `owner_link` and
    `owner_phone` are answered. Whatever becomes of the whole, its parts go on. Requests of any type that the town ties
    to one of this type by hand, as parts of it, count as well; they have come as far by the move of the same name.
    """

    move: str
    closes: Literal["all", "any"] = "all"
    begins: str = ""
    elsewhere: str = ""


def child_mistakes(rule: ChildRule | None, place: "PlaceRule", workflow: "Workflow") -> Iterator[DeclarationMistake]:
    """Every mistake of a rule for children."""
    if rule is None:
        return
    if not place.assets or place.most_assets < 2:
        yield DeclarationMistake(
            where="children", what="only one thing can be chosen", now_what="let several of a layer be chosen"
        )
    made = (("begins", rule.begins, "system"), ("move", rule.move, "system"), ("elsewhere", rule.elsewhere, "agent"))
    for name, code, mover in made:
        transition = workflow.transition(code) if code else None
        if code and transition is None:
            yield DeclarationMistake(
                where="children", what=f"{name} names no transition {code!r}", now_what="name one that is there"
            )
        elif transition is not None and mover not in transition.by:
            yield DeclarationMistake(
                where="children", what=f"no {mover} may make {code!r}", now_what=f"add {mover!r} to its `by`"
            )
        elif transition is not None and transition.waits:
            yield DeclarationMistake(
                where="children", what=f"{code!r} waits for facts", now_what="name a transition without `needs`"
            )
