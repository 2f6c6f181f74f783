"""The rules of routing as a list of sentences: those in force, those being written, and every version there was."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.people.agents import agents
from parvis.requests.procedures.editing import (
    Difference,
    Edit,
    Overtaken,
    Step,
    differences,
    moving,
    removing,
    replacing,
    sign_of,
)
from parvis.requests.procedures.kept import (
    LONGEST_WORD,
    Draft,
    change_draft,
    draft_of,
    drop_draft,
    in_force,
    publish,
    roll_back,
    versions_of,
)
from parvis.requests.routing.checking import Fault, faults_of
from parvis.requests.routing.files import Unreadable, read_file, written_as_file
from parvis.requests.routing.kept import ROUTING
from parvis.requests.routing.rules import Rule, Rules, defaulting
from parvis.requests.routing.sentences import Names, names_in, sentence_of
from parvis.requests.routing.trying import DAYS, MOST, Trial, try_out
from parvis.viewing import can_work
from parvis.web.desk.room import RULES, Room, case_path, go, unit_name, unit_tree
from parvis.web.pages import AnyRequest
from parvis.web.typed import Typed, typed

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


def edits(room: Room) -> bool:
    """Whether the person may change the rules: they decide for the whole town, so who may has its whole town."""
    return room.scope("route").units is None


async def names_at(room: Room) -> Names:
    """What the things that rules name are called, with the names of those who may be given requests."""
    people = await agents(room.heart.engine, room.town.code) if edits(room) else ()
    able = {one.id: one.name for one in people if can_work(one, room.town.code)}
    return names_in(room.heart, room.town, able)


def demand_editor(room: Room) -> None:
    if not edits(room):
        raise PermissionDeniedException("This page needs the right 'route' over the whole town.")


@get(RULES)
async def show_rules(request: AnyRequest) -> Response[Any]:
    """The rules in force, whoever looks; and the versions there were."""
    room = Room(request)
    room.demand("see")
    standing = await in_force(ROUTING, room.heart, room.town)
    names = await names_at(room)
    return room.show(
        "desk/rules.html",
        lines=lines_of(standing.body, names, openly=edits(room)),
        otherwise=unit_name(room.town, standing.body.default),
        version=standing.version,
        versions=await versions_of(ROUTING, room.town),
        edits=edits(room),
        draft=await draft_of(ROUTING, room.town) if edits(room) else None,
        done=request.query_params.get("fait", ""),
    )


@get(DRAFT)
async def show_draft(request: AnyRequest) -> Response[Any]:
    """What is being written, and what it has otherwise than what is in force."""
    room = Room(request)
    demand_editor(room)
    return await _draft_page(room)


@get(f"{DRAFT}/essai")
async def show_trial(request: AnyRequest) -> Response[Any]:
    """What the draft would have made of the requests of the last months."""
    room = Room(request)
    demand_editor(room)
    standing, draft = await in_force(ROUTING, room.heart, room.town), await draft_of(ROUTING, room.town)
    if draft is None:
        return go(DRAFT)
    trial = await try_out(room.heart, room.viewer, room.town, standing.body, draft.body)
    return room.show(
        "desk/rules_tried.html",
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


@get(f"{RULES}/regles.toml")
async def save_file(request: AnyRequest) -> Response[Any]:
    """The rules as a file: those being written where there is a draft and it was asked for, else those in force."""
    room = Room(request)
    demand_editor(room)
    draft = await draft_of(ROUTING, room.town) if "brouillon" in request.query_params else None
    rules = draft.body if draft else (await in_force(ROUTING, room.heart, room.town)).body
    name = f"{room.town.code}-regles.toml"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(written_as_file(rules).encode(), media_type="application/toml", headers=headers)


@post(f"{DRAFT}/fichier", status_code=200)
async def bring_file(request: AnyRequest) -> Response[Any]:
    """The draft becomes what a file says, if it is still as it was seen."""
    room = Room(request)
    demand_editor(room)
    sent = await typed(request)
    given = sent.files.get("file", [])
    if not given:
        return await _draft_page(room, unread=gettext("Choose a file."))
    try:
        rules = read_file(await given[0].read())
    except Unreadable as error:
        words = gettext("This is no file of rules: %(why)s") % {"why": str(error)[:300]}
        return await _draft_page(room, unread=words)
    return await _changed(room, replacing(rules, sent.text("saw")), "#main", "fichier")


@post(f"{ONE}/place", status_code=200)
async def place_rule(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """One place up or down."""
    room = Room(request)
    demand_editor(room)
    step: Step = "up" if (await typed(request)).text("_up") else "down"
    return await _changed(room, moving(id, step), f"#rule-{id}")


@post(f"{ONE}/retrait", status_code=200)
async def remove_rule(request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Take a rule out of the draft, if it is still as it was seen."""
    room = Room(request)
    demand_editor(room)
    return await _changed(room, removing(id, (await typed(request)).text("saw")), "#main", "retiree")


@post(f"{DRAFT}/defaut", status_code=200)
async def set_default(request: AnyRequest) -> Response[Any]:
    """Choose the unit of what no rule fits."""
    room = Room(request)
    demand_editor(room)
    unit = (await typed(request)).text("default")
    if unit not in room.town.units:
        raise NotFoundException("There is no such unit.")
    return await _changed(room, defaulting(unit), "#everything-else", "defaut")


@post(f"{DRAFT}/abandon", status_code=200)
async def abandon(request: AnyRequest) -> Response[Any]:
    """Throw the draft away, if it is still as it was seen."""
    room = Room(request)
    demand_editor(room)
    dropped = await drop_draft(ROUTING, room.heart, room.town, number_in(await typed(request), "edition"))
    return go(f"{RULES}?fait=abandonne#main") if dropped else await _draft_page(room, overtaken=Overtaken())


@post(f"{DRAFT}/publication", status_code=200)
async def put_in_force(request: AnyRequest) -> Response[Any]:
    """Put the draft in force, if nobody changed it, nor what is in force, since it was read."""
    room = Room(request)
    demand_editor(room)
    sent, draft = await typed(request), await draft_of(ROUTING, room.town)
    word = sent.text("word").strip()
    if draft is None:
        return go(DRAFT)
    if not word or len(word) > LONGEST_WORD:
        words = gettext("Say in a few words what changes and why.") if not word else gettext("This is too long.")
        return await _draft_page(room, problem=words, word=word)
    if any(fault.blocks for fault in faults_of(draft.body, names_in(room.heart, room.town))):
        return await _draft_page(room, problem=gettext("Correct what is marked below first."), word=word)
    answer = await publish(
        ROUTING,
        room.heart,
        room.town,
        word,
        edition=number_in(sent, "edition"),
        seen=number_in(sent, "seen"),
        actor=room.actor,
    )
    if isinstance(answer, Overtaken):
        return await _draft_page(room, overtaken=answer, word=word)
    return go(f"{RULES}?fait=publie#main")


@post(f"{RULES}/versions/{{number:int}}/retour", status_code=200)
async def bring_back(request: AnyRequest, number: FromPath[int]) -> Response[Any]:
    """Put an earlier version in force again with one press."""
    room = Room(request)
    demand_editor(room)
    seen = number_in(await typed(request), "seen")
    answer = await roll_back(ROUTING, room.heart, room.town, number, seen=seen, actor=room.actor)
    return go(f"{RULES}?{urlencode({'fait': 'depasse' if isinstance(answer, Overtaken) else 'retour'})}#main")


async def _changed(room: Room, edit: Edit[Rules], where: str, done: str = "") -> Response[Any]:
    answer = await change_draft(ROUTING, room.heart, room.town, edit, actor=room.actor)
    if isinstance(answer, Overtaken):
        return await _draft_page(room, overtaken=answer)
    return go(f"{DRAFT}{f'?fait={done}' if done else ''}{where}")


async def _draft_page(
    room: Room, *, overtaken: Overtaken | None = None, problem: str = "", word: str = "", unread: str = ""
) -> Response[Any]:
    standing, draft = await in_force(ROUTING, room.heart, room.town), await draft_of(ROUTING, room.town)
    names = await names_at(room)
    rules = draft.body if draft else standing.body
    return room.show(
        "desk/rules_draft.html",
        status=409 if overtaken else 422 if problem or unread else 200,
        lines=lines_of(rules, names, faults_of(rules, names)),
        whole=[i18n.say(fault.what) for fault in faults_of(rules, names) if not fault.number],
        default=rules.default,
        units=list(unit_tree(room.town)),
        draft=draft,
        version=standing.version,
        changes=changes_of(standing.body, draft, names),
        default_before=unit_name(room.town, standing.body.default) if standing.body.default != rules.default else "",
        overtaken=overtaken,
        overtaken_now=i18n.say(sentence_of(overtaken.now, names)) if overtaken and overtaken.now else "",
        problem=problem,
        unread=unread,
        sign=sign_of(rules),
        word=word,
        most=LONGEST_WORD,
        done=room.request.query_params.get("fait", ""),
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
        "%(num)s request of the last %(days)s days would have gone elsewhere.",
        "%(num)s requests of the last %(days)s days would have gone elsewhere.",
        trial.moved,
    ) % {"num": i18n.format_number(trial.moved), "days": DAYS}


def _place(room: Room, unit: str, owner: str) -> str:
    if not owner:
        return unit_name(room.town, unit)
    name = next((i18n.say(each.name) for each in room.town.owners if each.code == owner), owner)
    return gettext("Not ours: %(owner)s") % {"owner": name}


def number_in(sent: Typed, name: str) -> int:
    given = sent.text(name)
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else -1


HANDLERS = (
    *(show_rules, show_draft, show_trial, place_rule, remove_rule, set_default, abandon, put_in_force, bring_back),
    *(save_file, bring_file),
)
