"""Prepares the demo: the accounts of its towns, and months of requests played through the use cases themselves."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from parvis import clock
from parvis.db import Engine
from parvis.modules import part
from parvis.people.agents import Grant, Person, add_agent, find_agent
from parvis.requests.chores import mark_missed, run_timers
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis.switches import EVERYWHERE, Switchboard
from parvis.switches.deciding import decide
from parvis_demo.accounts import demo_accounts
from parvis_demo.lights import report_lights
from parvis_demo.looking import look_around
from parvis_demo.playing import Performance, StepRefusal
from parvis_demo.side_by_side import report_both
from parvis_demo.stories import stories

SEED = 2026
COUNTS = {"parvis": 360, "rivemont": 40}


class DemoSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo begins with."""

    accounts: int
    requests: int
    refused: tuple[StepRefusal, ...] = ()


async def prepare(
    host: Host,
    *,
    counts: Mapping[str, int] = COUNTS,
    deliver: Callable[[], Awaitable[object]] | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> DemoSummary:
    """Create the accounts and play the stories; each day ends with the chores of the host and with `deliver`.

    The clock is moved into the past for this task only, so history, promises and messages carry their own dates.
    """
    now = clock.now()
    await switch_on(host.engine, host.modules)
    staff = await employ(host)
    performances = rehearse(host, counts, staff, now)
    happenings = [(at, number, happen) for number, play in enumerate(performances) for at, happen in play.happenings()]
    happenings.sort(key=lambda happening: happening[:2])
    with clock.moved_to(now) as moved:
        ended = happenings[0][0].date() if happenings else now.date()
        moved.to(evening(ended - timedelta(days=1)))
        await let_modules(host, "begin", staff)
        for done, (at, number, happen) in enumerate(happenings, start=1):
            while ended < at.date():
                moved.to(evening(ended))
                await end_day(host, staff, deliver)
                ended += timedelta(days=1)
            moved.to(at)
            if performances[number].refused is None:
                await happen()
            tell(done, len(happenings))
        moved.to(now)
        await let_modules(host, "show", staff)
        await report_lights(host, staff)
        await report_both(host, staff)
        await end_day(host, staff, deliver)
        await let_modules(host, "morning")
        await look_around(host, staff)
        if deliver:
            await deliver()
    return DemoSummary(
        accounts=len(staff),
        requests=sum(1 for play in performances if play.reference),
        refused=tuple(play.refused for play in performances if play.refused),
    )


async def switch_on(engine: Engine, board: Switchboard) -> None:
    """The towns of the demo have every module that is installed, until somebody who operates it says otherwise."""
    await board.look()
    for each in board.registry.modules:
        if not board.is_decided(each.name):
            await decide(engine, board, jurisdiction=EVERYWHERE, module=each.name, state="on", by="parvis demo", why="")


async def let_modules(host: Host, do: str, *given: object) -> None:
    """What each module does in these towns at a moment: `begin`, each `evening`, `show`, the last `morning`."""
    for name in host.modules.registry.packages("demo").values():
        if (done := getattr(part(name), do, None)) is not None:
            await done(host, *given)


async def employ(host: Host) -> tuple[Person, ...]:
    """The people of the demo, made where they are missing, as far as their towns are served here."""
    people = []
    for account in demo_accounts():
        grants = [
            Grant(role=grant.role, jurisdiction=grant.jurisdiction, unit=grant.unit, zones=grant.zones)
            for grant in account.grants
            if host.jurisdictions.get(grant.jurisdiction)
        ]
        person = await find_agent(host.engine, account.email)
        if person is None and grants:
            person = await add_agent(
                host.engine, email=account.email, name=account.name, password=account.password, grants=grants
            )
        if person is not None:
            people.append(person)
    return tuple(people)


def rehearse(host: Host, counts: Mapping[str, int], staff: tuple[Person, ...], now: datetime) -> list[Performance]:
    """The stories of every town that is served here, of the types that it offers."""
    performances = []
    for code, count in counts.items():
        town = host.jurisdictions.get(code)
        for story in stories(SEED, now, town, count) if town else ():
            request_type = type_of(host, town, story.type) if town else None
            if town and request_type:
                performances.append(Performance(host, town, request_type, story, staff))
    return performances


async def end_day(host: Host, staff: tuple[Person, ...], deliver: Callable[[], Awaitable[object]] | None) -> None:
    await run_timers(host)
    await mark_missed(host)
    await let_modules(host, "evening", staff)
    if deliver:
        await deliver()


def evening(day: date) -> datetime:
    """Just before midnight in UTC, which is early in the evening here."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=clock.now().tzinfo)
