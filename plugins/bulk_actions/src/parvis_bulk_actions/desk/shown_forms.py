"""The forms of actions as the page draws them, and what each action would do, also where one of a module fails."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis.plugins.trying import Failure
from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.action_forms import SLOT, ActionForm, Foreseen
from parvis.web.panels import tried
from parvis_bulk_actions.actions import Action, judge


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
