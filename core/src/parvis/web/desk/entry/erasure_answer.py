"""The ready answer to a request for erasure: what is gone, and what is kept, by which rule and until which day."""

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec import Struct

from parvis.i18n import format_date, gettext, ngettext, say
from parvis.privacy.data_request import LIFE
from parvis.requests.declarations import type_of_record
from parvis.requests.keeping.erasure_requests import ErasureVerdict, Proposal
from parvis.requests.records import Record, records_of
from parvis.web.desk.context import DeskContext
from parvis.web.pages import Pages

Named = Callable[[DeskContext, Record, Record], bool]
GRANT, REFUSE = "grant", "refuse"


class ReadyAnswer(Struct, frozen=True, kw_only=True):
    """Words in the person's language, to be read over and sent by the step `move`.

    It is empty where no step can be made, and while an erasure is proposed: the answer would not be true.
    """

    words: str
    move: str
    language: str


async def ready_answer(
    room: DeskContext, record: Record, judged: Sequence[ErasureVerdict], proposals: Sequence[Proposal], named: Named
) -> ReadyAnswer:
    """Names only requests that the readers of this one may know of; the others are counted, by what keeps them."""
    gone = [each for done in proposals if done.state == "done" for each in await records_of(done.listed)]
    gone = [each for each in gone if each.erased_at is not None]
    titles = {each.id: (await type_of_record(room.heart, each)).title for each in gone}
    pages: Pages = room.request.app.state.pages
    with pages.catalogues.speaking(record.language, room.town.time_zone):
        parts = [gettext("Here is the answer to your request to have your information erased.")]
        erased = [f"{say(titles[each.id])} ({each.reference})" for each in gone if named(room, record, each)]
        erased += [_others(number)] if (number := len(gone) - len(erased)) else []
        parts += _part(gettext("Erased:"), erased)
        for standing, heading in (
            ("kept", gettext("Kept, as a law or a retention rule requires:")),
            ("needed", gettext("Kept while another request, or what came of this one, still depends on it:")),
            ("under_way", gettext("Still under way, so not erased:")),
            ("goes", gettext("Not erased:")),
        ):
            those = [each for each in judged if each.standing == standing]
            lines = [_line(_titled(each), *_term(each)) for each in those if named(room, record, each.record)]
            others = Counter(_term(each) for each in those if not named(room, record, each.record))
            lines += [_line(_others(number), *term, number) for term, number in others.items()]
            parts += _part(heading, lines)
        if any(each.standing == "kept" for each in judged):
            parts.append(gettext("What is kept is destroyed when that day has come."))
    move = REFUSE if judged else GRANT  # whatever is still there was not granted
    there, pending = LIFE.transition(move), any(each.waits or each.state == "approved" for each in proposals)
    can = there is not None and record.state in there.sources and not pending
    return ReadyAnswer(words="\n\n".join(parts), move=move if can else "", language=record.language)


def _part(heading: str, lines: Sequence[str]) -> list[str]:
    return ["\n".join([heading, *(f"- {each}" for each in lines)])] if lines else []


def _titled(each: ErasureVerdict) -> str:
    return f"{say(each.title)} ({each.record.reference})"


def _others(number: int) -> str:
    return ngettext("%(num)s other request", "%(num)s other requests", number) % {"num": number}


def _term(each: ErasureVerdict) -> tuple[str, str]:
    """The rule that keeps it and the day until which it does; nothing of what no rule keeps."""
    if each.standing != "kept":
        return "", ""
    rule = say(each.rule.rule) if each.rule.rule else _usual_rule(each)
    return rule, format_date(each.until) if each.until else ""


def _line(title: str, rule: str, day: str, number: int = 1) -> str:
    if not rule:
        return title
    if not day:
        return gettext("%(title)s: %(rule)s") % {"title": title, "rule": rule}
    return ngettext(
        "%(title)s: kept until %(day)s (%(rule)s)", "%(title)s: all kept until %(day)s (%(rule)s)", number
    ) % {"title": title, "day": day, "rule": rule}


def _usual_rule(each: ErasureVerdict) -> str:
    days = each.rule.days
    return ngettext(
        "retention rule of this type: %(num)s day after closing",
        "retention rule of this type: %(num)s days after closing",
        days,
    ) % {"num": days}
