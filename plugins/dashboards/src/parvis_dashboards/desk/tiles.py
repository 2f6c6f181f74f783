"""The figures at a glance: each with its list, its parts, the same a year before, and what it means."""

from msgspec import Struct

from parvis.i18n import format_number, format_percent, gettext, say
from parvis.requests.lists.module_figures import FigureMeaning
from parvis_dashboards.definitions import DEFINITIONS
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.desk.first_contact import FirstContact
from parvis_dashboards.figures import Line

NOTHING = "–"


class Part(Struct, frozen=True, kw_only=True):
    """What a figure is made of: so many, in words, and their list."""

    number: int
    words: str
    href: str


class Tile(Struct, frozen=True, kw_only=True):
    """One figure; `href` is empty where it is no number of requests."""

    told: FigureMeaning
    value: str
    href: str = ""
    more: str = ""
    parts: tuple[Part, ...] = ()
    before: str = ""
    kind: str = ""

    @property
    def code(self) -> str:
        return self.told.code

    @property
    def title(self) -> str:
        return say(self.told.title)

    @property
    def meaning(self) -> str:
        return say(self.told.meaning)


AT_A_GLANCE = 7


def tiles_of(total: Line, before: Line | None, lists: Lists, target: float | None = None) -> tuple[Tile, ...]:
    """The figures of everything that was chosen: the first `AT_A_GLANCE` are seen before anything is unfolded."""
    there = before if before and (before.received or before.finished) else None
    return (
        Tile(
            told=DEFINITIONS["promises"],
            value=_share(total.share_kept),
            parts=(
                _part(total.kept, gettext("%(count)s met"), lists.finished(promesse="tenue")),
                _part(total.missed, gettext("%(count)s missed"), lists.finished(promesse="manquee")),
                _part(total.undone, gettext("%(count)s missed after reopening"), lists.reopened(promesse="defaite")),
            ),
            more=gettext("Target: %(share)s") % {"share": format_percent(target)} if target else "",
            before=_year_before(_share(there.share_kept)) if there else "",
            kind="warn" if target and total.share_kept is not None and total.share_kept < target else "",
        ),
        Tile(
            told=DEFINITIONS["late"],
            value=format_number(total.late),
            href=lists.late(),
            kind="bad" if total.late else "ok",
        ),
        Tile(
            told=DEFINITIONS["delay"],
            value=delay(total.median),
            more=_within(total.ninetieth),
            before=_year_before(delay(there.median)) if there else "",
        ),
        Tile(
            told=DEFINITIONS["first_answer"],
            value=delay(total.first_median),
            more=_within(total.first_ninetieth),
            parts=(
                _part(total.answered, gettext("%(count)s answered"), lists.received(reponse="oui")),
                _part(
                    total.received - total.answered, gettext("%(count)s not answered"), lists.received(reponse="non")
                ),
            ),
            before=_year_before(delay(there.first_median)) if there else "",
        ),
        _counted("received", total.received, lists.received(), there.received if there else None),
        _counted("finished", total.finished, lists.finished(), there.finished if there else None),
        Tile(told=DEFINITIONS["standing"], value=format_number(total.standing), href=lists.standing()),
        _reopened(total, there, lists),
        Tile(
            told=DEFINITIONS["satisfaction"],
            value=_share(total.share_settled),
            parts=(
                _part(total.settled, gettext("%(count)s said yes"), lists.said(reglee="oui")),
                _part(total.unsettled, gettext("%(count)s said no"), lists.said(reglee="non")),
            ),
            before=_year_before(_share(there.share_settled)) if there else "",
        ),
    )


def first_contact_tile(informed: FirstContact) -> Tile:
    """How often information was enough; what it is made of stands further down the page."""
    more = gettext("information given, no request needed")
    if informed.share is not None:
        more = gettext("%(share)s of %(count)s contacts at the desk") % {
            "share": format_percent(informed.share),
            "count": informed.contacts,
        }
    href = "#first-contact" if informed.given else ""
    return Tile(told=DEFINITIONS["first_contact"], value=format_number(informed.given), href=href, more=more)


def _reopened(total: Line, before: Line | None, lists: Lists) -> Tile:
    again = _part(total.reopened_again, gettext("%(count)s more than once"), lists.reopened(rouvertes="plusieurs"))
    return Tile(
        told=DEFINITIONS["reopened"],
        value=format_number(total.reopened),
        href=lists.reopened(),
        parts=(again,) if total.reopened_again else (),
        before=_year_before(format_number(before.reopened)) if before else "",
    )


def _counted(code: str, number: int, href: str, before: int | None) -> Tile:
    return Tile(told=DEFINITIONS[code], value=format_number(number), href=href, before=_changed(number, before))


def _changed(number: int, before: int | None) -> str:
    if before is None:
        return ""
    told = format_number(before)
    if before:
        change = (number - before) / before
        told += f" ({'+' if change > 0 else ''}{format_percent(change)})"
    return _year_before(told)


def _year_before(told: str) -> str:
    return gettext("%(told)s a year earlier") % {"told": told} if told != NOTHING else ""


def _part(number: int, words: str, href: str) -> Part:
    return Part(number=number, words=words % {"count": format_number(number)}, href=href)


def _share(share: float | None) -> str:
    return NOTHING if share is None else format_percent(share)


def delay(days: float | None) -> str:
    """Business days as they are shown: to a tenth."""
    return NOTHING if days is None else format_number(days, 1)


def _within(days: float | None) -> str:
    if days is None:
        return gettext("business days")
    return gettext("business days; 90th percentile (9 cases in 10): %(days)s") % {"days": delay(days)}
