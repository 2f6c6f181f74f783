"""The clocks of a request as a panel: which one runs, which rests and why, which has not begun."""

from collections.abc import Sequence

from msgspec import Struct, structs

from parvis import clock as time
from parvis.i18n import format_date, gettext, say
from parvis.jurisdictions import Jurisdiction
from parvis.requests.clocks.clocks import Clock, clocks_of
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.promises.promising import PLUGIN, REASONS
from parvis.requests.promises.replaying import Rest, replay, same
from parvis.requests.records import Record
from parvis.requests.timeline import request_types_at
from parvis.requests.visibility import Viewer
from parvis.web.panels import Panel
from parvis.web.promise import level_words
from parvis_sdk.conditions import holds
from parvis_sdk.request_types import RequestType, ServiceLevel


class ShownClock(Struct, frozen=True, kw_only=True):
    """One clock in words; `level` is its allowance and why it has it, `rests` the times at which it did not run, each
    with its reason.
    """

    title: str
    state: str
    words: str
    is_law: bool
    is_internal: bool
    level: str = ""
    rests: tuple[str, ...] = ()


async def clock_panel(host: Host, record: Record, request_type: RequestType, viewer: Viewer) -> Panel | None:
    """To the resident only where there is more to say than the promised date: a statutory time limit, a late start.

    To the town's people which level each has and why, wherever anything is promised.
    """
    told = request_type.service_levels if viewer.is_staff else request_type.promises()
    special = any(level.since or level.statutory or level.internal for level in told)
    if not special and not (told and viewer.is_staff):
        return None
    stored, town = await clocks_of(record.id), host.jurisdictions.jurisdiction(record.jurisdiction)
    history = None
    if special or any(each.rests for each in stored):
        entries = await entries_of(record)
        history = replay(entries, await request_types_at(host, record, entries), town, time.now())
    shown = [
        _shown(
            each,
            request_type,
            [rest for rest in history.rests if rest.code == each.code] if history else [],
            viewer,
            town,
        )
        for each in stored
        if viewer.is_staff or not each.allowance.internal
    ]
    shown += [_to_come(level, request_type) for level in _not_begun(told, stored, record)]
    unknown = history is None or record.erased_at is not None
    agrees = unknown or (history is not None and same(history.clocks, [_now(each) for each in stored]))
    counted = viewer.is_staff and history is not None
    return Panel(template="parts/clocks.html", values={"clocks": shown, "agrees": agrees, "counted": counted})


def _now(clock: Clock) -> Clock:
    return structs.replace(clock, state="missed") if clock.state == "running" and time.now() > clock.due_at else clock


def _not_begun(told: Sequence[ServiceLevel], stored: Sequence[Clock], record: Record) -> list[ServiceLevel]:
    there = {(each.allowance.until, each.allowance.since) for each in stored}
    waiting: dict[tuple[str, str], ServiceLevel] = {}
    for level in told:
        alike = (level.until, level.since)
        if level.since and alike not in there and (level.when is None or holds(level.when, record.answers)):
            waiting.setdefault(alike, level)
    return list(waiting.values()) if record.phase != "closed" else []


def _to_come(level: ServiceLevel, request_type: RequestType) -> ShownClock:
    state = next((each for each in request_type.workflow.states if each.code == level.since), None)
    fact = request_type.facts().get(level.since)
    named = say(state.title) if state else say(fact.title) if fact else ""
    words = (
        gettext("Not started: it starts with the step “{step}”.").format(step=named)
        if named
        else gettext("Not started.")
    )
    return ShownClock(
        title=say(level.title), state="to_come", words=words, is_law=level.statutory, is_internal=level.internal
    )


def _shown(
    clock: Clock, request_type: RequestType, rests: Sequence[Rest], viewer: Viewer, town: Jurisdiction
) -> ShownClock:
    return ShownClock(
        title=say(clock.allowance.title),
        state=clock.state,
        words=_words(clock, viewer),
        is_law=clock.allowance.statutory,
        is_internal=clock.allowance.internal,
        level=level_words(clock, request_type, town) if viewer.is_staff else "",
        rests=tuple(_rest_words(rest, request_type, viewer) for rest in rests),
    )


def _words(clock: Clock, viewer: Viewer) -> str:
    since, due = format_date(clock.started_at), format_date(clock.due_at)
    match clock.state:
        case "paused" if clock.held:
            why = say(REASONS[clock.held])
            if clock.held == PLUGIN:
                return gettext("Started on {since}. Paused automatically: {why}.").format(since=since, why=why)
            return gettext("Started on {since}. Paused by an agent: {why}.").format(since=since, why=why)
        case "paused":
            if viewer.is_staff:
                return gettext("Started on {since}. Paused until the requester answers.").format(since=since)
            return gettext("Started on {since}. Paused while we wait for your answer.").format(since=since)
        case "met":
            return gettext("Met on {day}.").format(day=format_date(clock.ended_at or clock.due_at))
        case "missed":
            return gettext("Overdue since {due}.").format(due=due)
    return gettext("Running since {since}, until {due}.").format(since=since, due=due)


def _rest_words(rest: Rest, request_type: RequestType, viewer: Viewer) -> str:
    why = _reason(rest, request_type, viewer)
    since = format_date(rest.since.at)
    if rest.until is None:
        return gettext("Paused since {since}: {why}").format(since=since, why=why)
    until = format_date(rest.until.at)
    if until == since:
        return gettext("Paused on {since}: {why}").format(since=since, why=why)
    return gettext("Paused from {since} to {until}: {why}").format(since=since, until=until, why=why)


def _reason(rest: Rest, request_type: RequestType, viewer: Viewer) -> str:
    body = rest.since.body
    if rest.since.kind == "paused":
        return say(REASONS[body["why"]])
    transition = request_type.workflow.transition(body.get("transition", ""))
    state = next((each for each in request_type.workflow.states if each.code == body.get("target")), None)
    if viewer.is_staff and transition is not None:
        return say(transition.title)
    return say(state.title) if state is not None else gettext("an answer was awaited")
