"""How each person reads the queue, kept with the account: the height of its rows, its columns from left to right."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response, post

from parvis.people.agents import set_lists
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, go
from parvis.web.desk.lists.columns import MOST, QueueColumn, columns_of, every_column
from parvis.web.desk.lists.filtering import COLUMN, ListQuery
from parvis.web.desk.lists.filters import asked_in
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed

DISPLAY = f"{QUEUE}/affichage"
OPEN = "affichage"  # in the address: the box in which one chooses is open
ROOMY = "aeree"


@post(DISPLAY)
async def keep_display(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """What was pressed is kept, and the same list is shown with the box still open; usual columns are not kept."""
    room.demand("see")
    sent = await typed(request)
    asked = asked_in(room, parse_qsl(sent.text("query")[:4000]))
    there = {each.name: each for each in every_column(room)}
    chosen = chosen_of(sent, [each.name for each in columns_of(room, asked)], there)
    usual = tuple(name for name, each in there.items() if each.usual)
    kept = () if tuple(chosen) == usual else chosen[:MOST]
    roomy = sent.text("rangees") == ROOMY if sent.text("rangees") else room.person.roomy
    await set_lists(room.host.engine, room.person.id, roomy=roomy, columns=kept)
    shown = {name: given for name, given in asked.values.items() if name not in (COLUMN, "apres")}
    return go(ListQuery(values={**shown, OPEN: ("1",)}).address(QUEUE) + "#affichage")


def chosen_of(sent: FormInput, here: Sequence[str], there: dict[str, QueueColumn]) -> list[str]:
    """The columns after a press: one is moved, taken away or added, or the usual ones come back."""
    if sent.text("usuelles"):
        return []
    chosen = list(here)
    for name, by in ((sent.text("gauche"), -1), (sent.text("droite"), 1)):
        if name in chosen:
            at = chosen.index(name)
            chosen.insert(max(0, at + by), chosen.pop(at))
    if (gone := sent.text("retirer")) in chosen and len(chosen) > 1:
        chosen.remove(gone)
    added = sent.text("colonne") if sent.text("ajouter") else ""
    if added in there and added not in chosen and len(chosen) < MOST:
        chosen.append(added)
    return chosen


def addable(room: DeskContext, columns: Sequence[QueueColumn]) -> list[tuple[str, str]]:
    """The columns that are not shown, by name and title; none where there is no place for another."""
    here = {each.name for each in columns}
    return [(each.name, each.title()) for each in every_column(room) if each.name not in here and len(here) < MOST]
