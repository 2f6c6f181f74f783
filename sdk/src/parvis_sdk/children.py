"""Things of several owners in one submission: one request for each owner, and when the whole is done."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake

if TYPE_CHECKING:
    from parvis_sdk.request_types import PlaceRule
    from parvis_sdk.workflow import Workflow


class ChildRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Splits a submission about things of several owners into a request for the whole and one request for each owner.

    Each part has its own workflow, unit and promised date. The host makes the step `begins` of the whole when a first
    part is in progress and the whole is still received. It makes `move` when all parts have ended (with `closes="any"`:
    when one has) and at least one has made it too. `elsewhere` is an agent's move for an owner who accepts only direct
    reports; its questions `owner`, `owner_link` and `owner_phone` are filled in. The end of the whole does not end its
    parts. Requests of any type that are linked by hand as parts count as well, by the step of the same name.
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
