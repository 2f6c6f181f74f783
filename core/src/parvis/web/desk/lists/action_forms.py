"""Forms of their own for what is done to chosen requests: declared by those to whom plain questions are not enough."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.panels import Panel
from parvis.web.places import ITS_NAME, SlotItem
from parvis.web.typed import FormInput
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

SLOT = "desk.many"


class Foreseen(Struct, frozen=True, kw_only=True):
    """How each of the chosen requests would fare: why it would stay as it is, None where it would be changed; and what
    the page that asks once more shows of those that would be.
    """

    judged: Sequence[tuple[Record, Text | None]]
    panel: Panel | None = None


class ActionForm(SlotItem, frozen=True, kw_only=True):
    """How an action is asked for, of the `QueueAction` of the same name.

    `template` is drawn with what `show` answers of those chosen, and sends these `fields`; `read` makes the action of
    them, or says what is wrong. `foresee` judges all that were chosen, in as many statements for many as for one; where
    it is left out each is judged by itself. `said` is the action in a few words, where it has no title. `done` is drawn
    for each that was changed, with the `action`; `taken_back` says what Undo means besides.
    """

    IF_BROKEN = {"taken_back": ITS_NAME}
    template: str
    fields: tuple[str, ...]
    show: Callable[[DeskContext, Sequence[Record]], Awaitable[Mapping[str, Any]]]
    read: Callable[[DeskContext, FormInput], Awaitable[Struct | Problems]]
    foresee: Callable[[DeskContext, Sequence[Record], Any], Awaitable[Foreseen]] | None = None
    said: Callable[[DeskContext, Any], str] | None = None
    done: str = ""
    taken_back: Callable[[], str] | None = None
    slot: str = SLOT
