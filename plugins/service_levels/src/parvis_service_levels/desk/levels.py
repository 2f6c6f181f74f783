"""Service levels at the desk: the lines in force as sentences, those being written, and every version there was."""

from typing import Any

from litestar import Response, get, post

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.town_names import names_in
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_rulesets.editing import EditConflict, sign_of
from parvis_rulesets.pages import (
    NOTHING_TRIED,
    DraftAttempt,
    Pages,
    changed,
    demand_editor,
    handlers_of,
    show_draft,
    show_in_force,
)
from parvis_rulesets.versions import draft_of, in_force
from parvis_service_levels.checking import faults_of, wrong_steps
from parvis_service_levels.desk.words import changes_of, lines_of, own_levels, sentence_of, steps_words
from parvis_service_levels.escalation import Escalation, WatchedLevels
from parvis_service_levels.kept import LEVELS, raised_by
from parvis_service_levels.titles import titles_left

DELAYS = "/bureau/delais"
DRAFT = f"{DELAYS}/brouillon"
ONE = DRAFT + "/ligne/{id:str}"
WARNINGS = f"{DRAFT}/avertissements"
SAW = ("saw_hours", "saw_days")


@get(DELAYS)
async def show_levels(room: AtDesk) -> Response[Any]:
    """The levels in force and their earlier versions, the same for every viewer."""
    room.demand("see")
    standing, names = await in_force(LEVELS, room.host, room.town), names_in(room.host, room.town)
    return await show_in_force(
        PAGES,
        room,
        standing,
        "service_levels/levels.html",
        lines=lines_of(standing.body, names),
        own=own_levels(names),
        steps=steps_words(standing.body.escalation),
    )


@post(WARNINGS, status_code=200)
async def set_warnings(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """When the town's own people are told that a promise is about to break, and that it did."""
    demand_editor(room)
    sent = await typed(request)
    given, saw = _escalation(sent, "warn_hours", "after_days"), _escalation(sent, *SAW)
    wrong = [i18n.say(each) for each in wrong_steps(given)]
    if wrong:
        typed_in = (sent.text("warn_hours"), sent.text("after_days"))
        return await _draft_page(room, NOTHING_TRIED, warnings=typed_in, wrong=wrong)
    return await changed(PAGES, room, raised_by(given, saw), "#warnings", "avertissements")


def _escalation(sent: FormInput, hours: str, days: str) -> Escalation:
    """What was typed; what is no number is -1, which nothing allows."""
    after = tuple(_whole(each) for each in sent.text(days).replace(";", ",").split(",") if each.strip())
    return Escalation(warn_hours=_whole(sent.text(hours)), after=after)


def _whole(given: str) -> int:
    said = given.strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else -1


async def _draft_page(
    room: DeskContext, tried: DraftAttempt, *, warnings: tuple[str, str] | None = None, wrong: list[str] | None = None
) -> Response[Any]:
    standing, draft = await in_force(LEVELS, room.host, room.town), await draft_of(LEVELS, room.town)
    names = names_in(room.host, room.town)
    levels = draft.body if draft else standing.body
    faults, now = faults_of(levels, names), levels.escalation
    seen = (str(now.warn_hours), ", ".join(map(str, now.after)))
    was = standing.body.escalation
    return show_draft(
        room,
        tried,
        "service_levels/draft.html",
        standing,
        draft,
        is_refused=bool(wrong),
        lines=lines_of(levels, names, (*faults, *titles_left(levels, names))),
        whole=[i18n.say(fault.what) for fault in faults if not fault.number],
        changes=changes_of(standing.body, levels, names),
        steps_before=steps_words(was) if was != now else [],
        steps_after=steps_words(now),
        warnings=warnings or seen,
        saw=list(zip(SAW, seen, strict=True)),
        wrong=" ".join(wrong or ()),
        sign=sign_of(levels),
        overtaken_now=_as_it_is(tried.overtaken, room),
    )


def _as_it_is(overtaken: EditConflict | None, room: DeskContext) -> str:
    if overtaken is None or overtaken.now is None:
        return gettext("These are the current levels.") if overtaken else ""
    if isinstance(overtaken.now, Escalation):
        return " ".join(steps_words(overtaken.now))
    now = sentence_of(overtaken.now, names_in(room.host, room.town))
    return gettext("The rule now reads: %(sentence)s") % {"sentence": now}


def _is_wrong(room: DeskContext, levels: WatchedLevels) -> bool:
    return any(fault.blocks for fault in faults_of(levels, names_in(room.host, room.town)))


PAGES = Pages(
    kept=LEVELS,
    path=DELAYS,
    part="ligne",
    anchor="line",
    file="delais.toml",
    is_wrong=_is_wrong,
    draft=_draft_page,
)
HANDLERS = handlers_of(PAGES)


LINK = PageLink(
    slot="desk.procedures",
    path=DELAYS,
    guide="docs/service-levels#changing-them-at-the-desk",
    after="/bureau/regles",
    text=lambda: gettext("Service levels"),
    right="see",
)
