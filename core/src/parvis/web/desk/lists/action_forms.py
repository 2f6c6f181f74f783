"""Forms of their own for what is done to many requests: declared by those to whom plain questions are not enough."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis.plugins.trying import Failure
from parvis.requests.many.many import Action, judge
from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.panels import Panel, tried
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
    read: Callable[[DeskContext, FormInput], Awaitable[Action | Problems]]
    foresee: Callable[[DeskContext, Sequence[Record], Any], Awaitable[Foreseen]] | None = None
    said: Callable[[DeskContext, Any], str] | None = None
    done: str = ""
    taken_back: Callable[[], str] | None = None
    slot: str = SLOT


class ShownForm(Struct, frozen=True, kw_only=True):
    """A form as the page draws it."""

    form: ActionForm
    values: Mapping[str, Any]


def forms_of(room: DeskContext) -> Mapping[str, ActionForm]:
    """Those that are there in the town, by the name of their action."""
    return {each.name: each for each in room.nouns(ActionForm, SLOT)}


async def shown_forms(
    room: DeskContext, records: Sequence[Record], names: Collection[str]
) -> Mapping[str, ShownForm | None]:
    """The forms of these actions for these requests, by their names; None for one that failed."""
    shown: dict[str, ShownForm | None] = {}
    for name, form in forms_of(room).items():
        if name not in names:
            continue
        done = await tried(form.owner, name, partial(form.show, room, records))
        shown[name] = None if isinstance(done, Failure) else ShownForm(form=form, values=done.value)
    return shown


async def foreseen(room: DeskContext, form: ActionForm | None, records: Sequence[Record], action: Action) -> Foreseen:
    """What the action would do to these."""
    if form is None or form.foresee is None:
        return Foreseen(judged=[(each, await judge(room.host, room.viewer, each, action)) for each in records])
    found = await form.foresee(room, records, action)
    panel = found.panel and structs.replace(found.panel, owner=form.owner, name=form.name)
    return structs.replace(found, panel=panel)
