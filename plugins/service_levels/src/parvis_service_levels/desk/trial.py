"""What the draft of service levels would have made of the promises of the past."""

from datetime import timedelta
from typing import Any

from litestar import Response, get

from parvis import clock
from parvis.i18n import format_percent, gettext
from parvis.requests.town_names import names_in
from parvis.selection import Period
from parvis.web.desk.context import AtDesk, go
from parvis.web.promise import delay_words
from parvis_rulesets.pages import demand_editor
from parvis_rulesets.versions import draft_of, in_force
from parvis_service_levels.desk.levels import DRAFT
from parvis_service_levels.desk.words import sentence_of
from parvis_service_levels.kept import LEVELS
from parvis_service_levels.trying import DAYS, MOST, Change, promised_by, try_lines


@get(f"{DRAFT}/essai")
async def show_trial(room: AtDesk) -> Response[Any]:
    demand_editor(room)
    standing, draft = await in_force(LEVELS, room.host, room.town), await draft_of(LEVELS, room.town)
    if draft is None:
        return go(DRAFT)
    names, now = names_in(room.host, room.town), clock.now()
    period = Period(since=now - timedelta(days=DAYS), until=now)
    own = promised_by(names.types.values())
    trial = await try_lines(room.scope("route"), period, room.town, own, standing.body.rules, draft.body.rules)
    said = {number: sentence_of(rule, names) for number, rule in enumerate(draft.body.rules, 1)}
    return room.show(
        "service_levels/trial.html",
        trial=trial,
        since=period.since,
        most=MOST,
        rows=[(each, said.get(each.number, ""), _answer(each)) for each in trial.changes],
    )


def _answer(change: Change) -> str:
    """The sentence that the page is for."""
    delays = {"after": delay_words(change.after), "before": delay_words(change.before)}
    if not change.counted:
        return gettext("With %(after)s instead of %(before)s: no request is finished yet.") % delays
    return gettext("With %(after)s instead of %(before)s: %(share)s met instead of %(share_before)s.") % {
        **delays,
        "share": format_percent(change.share_after),
        "share_before": format_percent(change.share_before),
    }
