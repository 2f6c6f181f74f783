"""What a step would make, shown before the step is made: a button of its form, declared where it is made."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from litestar import Response
from msgspec import Struct

from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.places import ITS_NAME, SlotItem
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.workflow import Denied, Transition

SLOT = "desk.move"


class MovePreview(SlotItem, frozen=True, kw_only=True):
    """What some steps would make.

    `codes` are those of what a step would make, a button for each; `make` answers one as it would be with these
    answers, or why it cannot be had.
    """

    IF_BROKEN = {"text": ITS_NAME, "codes": ()}
    text: Callable[[], str]
    codes: Callable[[RequestType, Transition], Iterable[str]]
    make: Callable[
        [DeskContext, Record, RequestType, Transition, str, Any], Awaitable[Response[bytes] | Denied | Problems]
    ]
    slot: str = SLOT

    @property
    def field(self) -> str:
        """Under which the form sends the code of what is to be shown."""
        return f"_{self.name}"


class PreviewButton(Struct, frozen=True, kw_only=True):
    """One button of the form of a step."""

    name: str
    value: str
    text: str


def buttons_of(
    room: DeskContext, kind: RequestType, moves: Iterable[Transition]
) -> dict[str, tuple[PreviewButton, ...]]:
    """The buttons of each of these steps, by its code."""
    previews = room.nouns(MovePreview, SLOT)
    return {
        move.code: tuple(
            PreviewButton(name=each.field, value=code, text=each.text())
            for each in previews
            for code in each.codes(kind, move)
        )
        for move in moves
    }
