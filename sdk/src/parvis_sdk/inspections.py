"""Inspections: visits that the town makes, what is checked at each, and what may come of them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.inspection_facts import FACTS
from parvis_sdk.mistakes import code_mistakes, text_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

Finding = Literal["ok", "not_ok", "not_applicable"]
FINDINGS: tuple[Finding, ...] = ("ok", "not_ok", "not_applicable")


class Point(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to check on site. `article` is the rule that it comes from ("Règlement 2021-14, art. 5.3").

    With `photo`, no "not ok" is taken without a photo. `findings` are the answers offered.
    """

    code: str
    title: Text
    help: Text | None = None
    article: Text | None = None
    photo: bool = False
    findings: tuple[Finding, ...] = FINDINGS


class Inspection(Part, frozen=True, kw_only=True, omit_defaults=True, tag="inspection"):
    """One kind of visit (footing, frame, final), wanted when a step brings it about or when the requester asks for it.

    It is made once those in `follows` have passed. A requester may ask where `on_request` is true, while the request is
    in one of the states `during` (in any that is not closed, when there are none). `prepare` tells them what must be
    ready. What was not in order is to be corrected within `correct_within` days, unless the inspector says otherwise;
    another visit is then wanted for those points alone. Which unit makes the visit is the town's affair: see
    `inspections` in its `routes.toml`; by default the unit that has the request.
    """

    FACTS: ClassVar[dict[str, Fact]] = FACTS
    points: tuple[Point, ...]
    follows: tuple[str, ...] = ()
    on_request: bool = True
    during: tuple[str, ...] = ()
    prepare: Text | None = None
    correct_within: int = 30

    def point(self, code: str) -> Point | None:
        """The point of that code."""
        return next((point for point in self.points if point.code == code), None)

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this inspection."""
        yield from super().mistakes()
        where = f"inspection {self.code!r}"
        yield from text_mistakes(self.prepare, f"{where} · prepare")
        if not self.points:
            yield DeclarationMistake(where=where, what="nothing is checked", now_what="declare at least one point")
        if self.correct_within < 1:
            yield DeclarationMistake(where=where, what="no time is left to correct", now_what="give a day or more")
        codes = [point.code for point in self.points]
        for point in self.points:
            yield from _point_mistakes(point, f"{where} · point {point.code!r}")
            if codes.count(point.code) > 1:
                what = "two points have this code"
                yield DeclarationMistake(
                    where=f"{where} · point {point.code!r}", what=what, now_what="give each its own code"
                )

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """Its mistakes about other inspections and about the workflow."""
        where, by_code = f"inspection {self.code!r}", {each.code: each for each in request_type.of(Inspection)}
        states = [state.code for state in request_type.workflow.states]
        for code in self.follows:
            if code not in by_code:
                yield DeclarationMistake(
                    where=where, what=f"there is no inspection {code!r} to follow", now_what="declare it"
                )
        if _comes_back(self.code, by_code):
            yield DeclarationMistake(
                where=where, what="it waits for itself to pass", now_what="break the ring in `follows`"
            )
        for state in self.during:
            if state not in states:
                yield DeclarationMistake(
                    where=f"{where} · during", what=f"there is no state {state!r}", now_what="name one there is"
                )


def judged(findings: Mapping[str, Finding]) -> Literal["passed", "failed"]:
    """The result of a visit with these points: it passes if every point is in order or does not apply."""
    return "failed" if "not_ok" in findings.values() else "passed"


def _comes_back(code: str, by_code: Mapping[str, Inspection]) -> bool:
    seen: set[str] = set()
    ahead = [code]
    while ahead:
        for before in by_code[ahead.pop()].follows:
            if before == code:
                return True
            if before in by_code and before not in seen:
                seen.add(before)
                ahead.append(before)
    return False


def _point_mistakes(point: Point, where: str) -> Iterator[DeclarationMistake]:
    yield from code_mistakes(point.code, where)
    yield from text_mistakes(point.title, f"{where} · title")
    yield from text_mistakes(point.help, f"{where} · help")
    yield from text_mistakes(point.article, f"{where} · article")
    if not {"ok", "not_ok"}.issubset(point.findings):
        yield DeclarationMistake(where=where, what="it cannot be judged", now_what="offer both 'ok' and 'not_ok'")
