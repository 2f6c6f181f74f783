"""The page on which one rule of the draft is written."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.town_names import Names
from parvis.web.desk.context import AtDesk, DeskContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_routing.desk.rule_form import ANSWER, form_of, picked, priorities, targets, values_of, written
from parvis_routing.desk.rules import DRAFT, ONE, names_at
from parvis_routing.kept import ROUTING
from parvis_routing.rules import Rule, Rules
from parvis_routing.sentences import sentence_of
from parvis_rulesets.editing import Edit, EditConflict, adding, changing, part_of, sign_of
from parvis_rulesets.pages import demand_editor, new_id
from parvis_rulesets.versions import change_draft, draft_of, in_force
from parvis_sdk.problems import Problems

NEW = "nouvelle"
FOLDED = ("themes", "zones", "channels", "owners", "requesters", "times")
LONGEST_ID = 40


@get(ONE)
async def show_rule(room: AtDesk, id: FromPath[str]) -> Response[Any]:
    """One rule in its form; an empty one for a new rule."""
    demand_editor(room)
    rule = await _rule(room, id)
    if rule is None:
        raise NotFoundException("There is no such rule.")
    return _page(room, await names_at(room), id, rule, values_of(rule), saw=sign_of(rule))


@post(ONE, status_code=200)
async def save_rule(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Keep the rule in the draft; or show the questions of the types that were chosen, everything typed being kept."""
    demand_editor(room)
    sent, names = await typed(request), await names_at(room)
    there = await _rule(room, id)
    before = there or Rule(id=id[:LONGEST_ID])
    if id == NEW:
        before = Rule(id=new_id(sent))
    meant = written(names, sent, before)
    again = partial(_page, room, names, id, types=meant.rule.types)
    if sent.text("_questions") or meant.problems:
        problems = None if sent.text("_questions") else meant.problems
        return again(before, _typed_values(sent, meant.rule), saw=sent.text("saw"), problems=problems)
    edit: Edit[Rules] = adding(meant.rule) if id == NEW else changing(meant.rule, sent.text("saw"))
    answer = await change_draft(ROUTING, room.host, room.town, edit, actor=room.actor)
    if isinstance(answer, EditConflict):
        saw = sign_of(answer.now) if answer.now else ""
        return again(answer.now or before, values_of(meant.rule), saw=saw, overtaken=answer)
    return go(f"{DRAFT}?fait=gardee#rule-{meant.rule.id}")


async def _rule(room: DeskContext, id: str) -> Rule | None:
    if id == NEW:
        return Rule(id=secrets.token_hex(4))
    draft = await draft_of(ROUTING, room.town)
    rules = draft.body if draft else (await in_force(ROUTING, room.host, room.town)).body
    rule: Rule | None = part_of(rules, id)
    return rule


def _typed_values(sent: FormInput, rule: Rule) -> dict[str, Any]:
    """What stands in the form as it was typed, also where it makes no rule yet."""
    values = values_of(rule)
    for name in ("title_fr", "title_en", "words", "first", "last", "target", "priority", "share"):
        values[name] = sent.text(name)
    return values | {
        name: list(sent.all(name)) for name in sent.values if name.startswith(ANSWER) or name in (*FOLDED, "persons")
    }


def _page(
    room: DeskContext,
    names: Names,
    id: str,
    rule: Rule,
    values: Mapping[str, Any],
    *,
    saw: str,
    types: tuple[str, ...] | None = None,
    problems: Problems | None = None,
    overtaken: EditConflict | None = None,
) -> Response[Any]:
    fields = {field.code: field for field in form_of(names, rule.types if types is None else types, rule).fields()}
    return room.show(
        "routing/rule.html",
        status=409 if overtaken else 422 if problems else 200,
        id=id,
        new=rule.id if id == NEW else "",
        saw=saw,
        rule=rule,
        fields=fields,
        folded=[(fields[code], bool(values.get(code))) for code in FOLDED if code in fields],
        answers=[field for code, field in fields.items() if code.startswith(ANSWER)],
        kept_answers="" if picked(rule.answers) is not None else i18n.say(sentence_of(rule, names)),
        values=values,
        problems=problems,
        targets=targets(room),
        priorities=priorities(),
        shares=[("turns", gettext("In turn")), ("load", gettext("To the person with the fewest open requests"))],
        overtaken=overtaken,
        now=i18n.say(sentence_of(overtaken.now, names)) if overtaken and overtaken.now else "",
    )
