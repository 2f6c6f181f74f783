"""The rules of routing as a list of sentences: those in force, those being written, and every version there was."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.jurisdictions.owners import OWNERS
from parvis.people.agents import agents
from parvis.requests.town_names import Names, names_in
from parvis.viewers import can_work
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, unit_name, unit_tree
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_routing.checking import faults_of
from parvis_routing.kept import ROUTING, defaulting
from parvis_routing.rules import Rule, Rules
from parvis_routing.sentences import sentence_of
from parvis_routing.trying import DAYS, MOST, Trial, try_out
from parvis_rulesets.editing import Difference, Fault, differences, sign_of
from parvis_rulesets.pages import (
    DraftAttempt,
    Pages,
    changed,
    demand_editor,
    edits,
    handlers_of,
    show_draft,
    show_in_force,
)
from parvis_rulesets.versions import Draft, draft_of, in_force

RULES = "/bureau/regles"
DRAFT = RULES + "/brouillon"
ONE = DRAFT + "/regle/{id:str}"


class Line(Struct, frozen=True, kw_only=True):
    """One rule as it is listed."""

    number: int
    rule: Rule
    title: str
    sentence: str
    sign: str
    faults: tuple[tuple[str, bool], ...]


async def names_at(room: DeskContext) -> Names:
    """What the things that rules name are called, with the names of those who may be given requests."""
    people = await agents(room.host.engine, room.town.code) if edits(room) else ()
    able = {one.id: one.name for one in people if can_work(one, room.town.code)}
    return names_in(room.host, room.town, able)


@get(RULES)
async def show_rules(room: AtDesk) -> Response[Any]:
    """The rules in force and their earlier versions, the same for every viewer."""
    room.demand("see")
    standing = await in_force(ROUTING, room.host, room.town)
    names = await names_at(room)
    return await show_in_force(
        PAGES,
        room,
        standing,
        "routing/rules.html",
        lines=lines_of(standing.body, names, openly=edits(room)),
        otherwise=unit_name(room.town, standing.body.default),
    )


@get(f"{DRAFT}/essai")
async def show_trial(room: AtDesk) -> Response[Any]:
    """What the draft would have made of the requests of the last months."""
    demand_editor(room)
    standing, draft = await in_force(ROUTING, room.host, room.town), await draft_of(ROUTING, room.town)
    if draft is None:
        return go(DRAFT)
    trial = await try_out(room.host, room.viewer, room.town, standing.body, draft.body)
    return room.show(
        "routing/trial.html",
        trial=trial,
        ways=[
            (_place(room, each.before, each.owner_before), _place(room, each.after, each.owner_after), each)
            for each in trial.shifts
        ],
        days=DAYS,
        most=MOST,
        case_path=case_path,
        words=trial_words(trial),
    )


@post(f"{DRAFT}/defaut", status_code=200)
async def set_default(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Choose the unit of what no rule fits."""
    demand_editor(room)
    sent = await typed(request)
    unit = sent.text("default")
    if unit not in room.town.units:
        raise NotFoundException("There is no such unit.")
    return await changed(PAGES, room, defaulting(unit, sent.text("saw")), "#everything-else", "defaut")


async def _draft_page(room: DeskContext, tried: DraftAttempt) -> Response[Any]:
    standing, draft = await in_force(ROUTING, room.host, room.town), await draft_of(ROUTING, room.town)
    names = await names_at(room)
    rules = draft.body if draft else standing.body
    overtaken = tried.overtaken
    return show_draft(
        room,
        tried,
        "routing/draft.html",
        standing,
        draft,
        lines=lines_of(rules, names, faults_of(rules, names)),
        whole=[i18n.say(fault.what) for fault in faults_of(rules, names) if not fault.number],
        default=rules.default,
        units=list(unit_tree(room.town)),
        changes=changes_of(standing.body, draft, names),
        default_before=unit_name(room.town, standing.body.default) if standing.body.default != rules.default else "",
        sign=sign_of(rules),
        overtaken_now=i18n.say(sentence_of(overtaken.now, names)) if overtaken and overtaken.now else "",
    )


def _is_wrong(room: DeskContext, rules: Rules) -> bool:
    return any(fault.blocks for fault in faults_of(rules, names_in(room.host, room.town)))


PAGES = Pages(
    kept=ROUTING,
    path=RULES,
    part="regle",
    anchor="rule",
    file="regles.toml",
    is_wrong=_is_wrong,
    draft=_draft_page,
)


def lines_of(rules: Rules, names: Names, faults: tuple[Fault, ...] = (), *, openly: bool = True) -> list[Line]:
    """The rules in their order, as sentences."""
    return [
        Line(
            number=number,
            rule=rule,
            title=i18n.say(rule.title) if rule.title else "",
            sentence=i18n.say(sentence_of(rule, names, openly=openly)),
            sign=sign_of(rule),
            faults=tuple((i18n.say(fault.what), fault.blocks) for fault in faults if fault.number == number),
        )
        for number, rule in enumerate(rules.rules, 1)
    ]


def changes_of(now: Rules, draft: Draft[Rules] | None, names: Names) -> list[tuple[Difference, str, str]]:
    """What the draft has otherwise, with the sentences before and after."""
    if draft is None:
        return []

    def said(rule: Rule | None) -> str:
        return i18n.say(sentence_of(rule, names)) if rule else ""

    return [(each, said(each.before), said(each.after)) for each in differences(now, draft.body)]


def trial_words(trial: Trial) -> str:
    """How many would have gone elsewhere, in one sentence."""
    return i18n.ngettext(
        "%(num)s request from the last %(days)s days would have gone elsewhere.",
        "%(num)s requests from the last %(days)s days would have gone elsewhere.",
        trial.moved,
    ) % {"num": i18n.format_number(trial.moved), "days": DAYS}


def _place(room: DeskContext, unit: str, owner: str) -> str:
    if not owner:
        return unit_name(room.town, unit)
    name = next((i18n.say(each.name) for each in OWNERS.of(room.town) if each.code == owner), owner)
    return gettext("Not a town responsibility: %(owner)s") % {"owner": name}


HANDLERS = handlers_of(PAGES)


LINK = PageLink(
    slot="desk.procedures",
    path=RULES,
    guide="docs/routing#writing-rules",
    text=lambda: gettext("Routing"),
    right="see",
)
