"""The page on which one line of the draft of service levels is written."""

import secrets
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.jurisdictions.levels import LevelRule
from parvis.requests.town_names import Names, names_in
from parvis.web.desk.context import AtDesk, DeskContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_rulesets.editing import Edit, EditConflict, adding, changing, part_of, sign_of
from parvis_rulesets.pages import demand_editor, new_id
from parvis_rulesets.versions import change_draft, draft_of, in_force
from parvis_sdk.problems import Problems
from parvis_service_levels.desk.levels import DRAFT, ONE
from parvis_service_levels.desk.line_form import levels, measures, ticked, typed_values, types, values_of, written
from parvis_service_levels.desk.words import sentence_of
from parvis_service_levels.escalation import WatchedLevels
from parvis_service_levels.kept import LEVELS

NEW = "nouvelle"
LONGEST_ID = 40


@get(ONE)
async def show_line(room: AtDesk, id: FromPath[str]) -> Response[Any]:
    """One line in its form; an empty one for a new line."""
    demand_editor(room)
    rule = await _line(room, id)
    if rule is None:
        raise NotFoundException("There is no such line.")
    return _page(room, names_in(room.host, room.town), id, rule, values_of(rule), saw=sign_of(rule))


@post(ONE, status_code=200)
async def save_line(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Keep the line in the draft; or show the levels of the type that was chosen, everything typed being kept."""
    demand_editor(room)
    sent, names = await typed(request), names_in(room.host, room.town)
    before = (await _line(room, id)) or LevelRule(id=id[:LONGEST_ID], type="")
    if id == NEW:
        before = LevelRule(id=new_id(sent), type="")
    meant = written(names, sent, before)
    if sent.text("_levels") or meant.problems:
        problems = None if sent.text("_levels") else meant.problems
        return _page(room, names, id, before, typed_values(sent), saw=sent.text("saw"), problems=problems)
    edit: Edit[WatchedLevels] = adding(meant.rule) if id == NEW else changing(meant.rule, sent.text("saw"))
    answer = await change_draft(LEVELS, room.host, room.town, edit, actor=room.actor)
    if isinstance(answer, EditConflict):
        saw = sign_of(answer.now) if answer.now else ""
        return _page(room, names, id, answer.now or before, values_of(meant.rule), saw=saw, overtaken=answer)
    return go(f"{DRAFT}?fait=gardee#line-{meant.rule.id}")


async def _line(room: DeskContext, id: str) -> LevelRule | None:
    if id == NEW:
        return LevelRule(id=secrets.token_hex(4), type="")
    draft = await draft_of(LEVELS, room.town)
    body = draft.body if draft else (await in_force(LEVELS, room.host, room.town)).body
    rule: LevelRule | None = part_of(body, id)
    return rule


def _page(
    room: DeskContext,
    names: Names,
    id: str,
    rule: LevelRule,
    values: Mapping[str, Any],
    *,
    saw: str,
    problems: Problems | None = None,
    overtaken: EditConflict | None = None,
) -> Response[Any]:
    return room.show(
        "service_levels/line.html",
        status=409 if overtaken else 422 if problems else 200,
        id=id,
        new=rule.id if id == NEW else "",
        saw=saw,
        types=types(names, values["type"]),
        levels=levels(names, values["type"], values["level"] or "*"),
        measures=measures(),
        ticked=ticked(names, rule),
        values=values,
        problems=problems,
        overtaken=overtaken,
        now=sentence_of(overtaken.now, names) if overtaken and overtaken.now else "",
    )
