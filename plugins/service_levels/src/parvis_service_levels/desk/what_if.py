"""Simulation of service levels: promises that the past would have kept under every number of days."""

from typing import Any

from litestar import Response, get

from parvis import i18n
from parvis.i18n import gettext, ngettext
from parvis.requests.offered import types_of
from parvis.web.desk.context import AtDesk
from parvis.web.desk.lists.period import FIGURES, chosen_days, period_of
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis_sdk.text_normalisation import fold
from parvis_service_levels import what_if
from parvis_service_levels.what_if import MOST_DAYS, Trial, try_levels

TRIAL = f"{FIGURES}/essai"
LONGEST = 366
MORE_DAYS = 3  # what is tried where nobody says what
SHOWN_BEYOND = 5  # days of the curve beyond nine in ten


@get(TRIAL)
async def show_trial(room: AtDesk, request: AnyRequest) -> Response[Any]:
    room.demand("report")
    chosen = chosen_days(room, LONGEST)
    scope = room.scope("report")
    if chosen.unit:
        scope = scope.narrowed(room.town.units_under(chosen.unit))
    which = what_if.PromiseFilter(type=chosen.type, zone=chosen.zone)
    trial = await try_levels(scope, period_of(room, chosen), room.town.calendar, which)
    days = _days(request.query_params.get("jours", ""), trial)
    titles = {request_type.code: i18n.say(request_type.title) for request_type in types_of(room.host, room.town)}
    return room.show(
        "service_levels/what_if.html",
        chosen=chosen,
        trial=trial,
        days=days,
        most=MOST_DAYS,
        answer=_answer(trial, days),
        nine=trial.nine_in_ten(),
        curve=_curve(trial, days),
        back=chosen.address(),
        day_words=i18n.format_date,
        types=[("", gettext("All types")), *sorted(titles.items(), key=lambda one: fold(one[1]))],
        units=[("", gettext("All units")), *room.units_for("report")],
        zones=[("", gettext("All sectors")), *((zone.code, i18n.say(zone.name)) for zone in room.town.zones)],
    )


def _days(given: str, trial: Trial) -> int:
    """The number of days that is tried; a few more than most were promised where none is given."""
    if given.isascii() and given.isdecimal() and 1 <= int(given) <= MOST_DAYS:
        return int(given)
    return min(trial.usual + MORE_DAYS, MOST_DAYS)


def _answer(trial: Trial, days: int) -> str:
    """The sentence that the page is for; empty where there is nothing to count."""
    point = trial.at(days)
    if not point.counted:
        return ""
    share = i18n.format_percent(point.share)
    if days == trial.usual:
        return gettext("With %(days)s, the most frequent promise: %(share)s met.") % {
            "days": days_words(days),
            "share": share,
        }
    return gettext("With %(days)s instead of %(usual)s: %(share)s met.") % {
        "days": days_words(days),
        "usual": trial.usual,
        "share": share,
    }


def days_words(days: int) -> str:
    return ngettext("%(num)s business day", "%(num)s business days", days) % {"num": days}


def _curve(trial: Trial, days: int) -> list[tuple[str, float, str]]:
    """The points that say something: up to where nine in ten are kept and a few beyond, and what is tried."""
    far = max(trial.nine_in_ten() or MOST_DAYS, trial.usual, days) + SHOWN_BEYOND
    return [
        (days_words(point.days), point.share, f"{i18n.format_percent(point.share)} ({point.kept} / {point.counted})")
        for point in trial.points[:far]
        if point.counted
    ]


LINK = PageLink(
    slot="desk.figures.more",
    path=TRIAL,
    guide="docs/service-levels#what-if",
    text=lambda: gettext("Response time simulation"),
    right="report",
    icon="clock",
)
