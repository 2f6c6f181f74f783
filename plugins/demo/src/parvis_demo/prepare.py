"""Prepares the demo: the accounts of its towns, and months of requests played through the use cases themselves."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from parvis import clock
from parvis.db import Engine
from parvis.modules import part
from parvis.people.agents import Grant, Person, add_agent, find_agent
from parvis.requests.chores import mark_missed, run_timers
from parvis.requests.heart import Heart
from parvis.requests.offered import type_of
from parvis.switches import EVERYWHERE, Switchboard
from parvis.switches.deciding import decide
from parvis_demo.accounts import demo_accounts
from parvis_demo.evenings import make_calls
from parvis_demo.lights import report_lights
from parvis_demo.looking import look_around
from parvis_demo.playing import Performance, Refused
from parvis_demo.stories import stories

SEED = 2026
COUNTS = {"parvis": 360, "rivemont": 40}


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo begins with."""

    accounts: int
    requests: int
    refused: tuple[Refused, ...] = ()


async def prepare(
    heart: Heart,
    *,
    counts: Mapping[str, int] = COUNTS,
    deliver: Callable[[], Awaitable[object]] | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Prepared:
    """Create the accounts and play the stories; each day ends with the chores of the host and with `deliver`.

    The clock is moved into the past for this task only, so history, promises and messages carry their own dates.
    """
    now = clock.now()
    await switch_on(heart.engine, heart.modules)
    staff = await employ(heart)
    performances = rehearse(heart, counts, staff, now)
    happenings = [(at, number, happen) for number, play in enumerate(performances) for at, happen in play.happenings()]
    happenings.sort(key=lambda happening: happening[:2])
    with clock.moved_to(now) as moved:
        ended = happenings[0][0].date() if happenings else now.date()
        moved.to(evening(ended - timedelta(days=1)))
        await let_modules(heart, "begin", staff)
        for done, (at, number, happen) in enumerate(happenings, start=1):
            while ended < at.date():
                moved.to(evening(ended))
                await end_day(heart, staff, deliver)
                ended += timedelta(days=1)
            moved.to(at)
            if performances[number].refused is None:
                await happen()
            tell(done, len(happenings))
        moved.to(now)
        await let_modules(heart, "show", staff)
        await report_lights(heart, staff)
        await end_day(heart, staff, deliver)
        await let_modules(heart, "morning")
        await look_around(heart, staff)
        if deliver:
            await deliver()
    return Prepared(
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


async def let_modules(heart: Heart, do: str, *given: object) -> None:
    """What each module does in these towns at a moment: `begin`, each `evening`, `show`, the last `morning`."""
    for name in heart.modules.registry.packages("demo").values():
        if (done := getattr(part(name), do, None)) is not None:
            await done(heart, *given)


async def employ(heart: Heart) -> tuple[Person, ...]:
    """The people of the demo, made where they are missing, as far as their towns are served here."""
    people = []
    for account in demo_accounts():
        grants = [
            Grant(role=grant.role, jurisdiction=grant.jurisdiction, unit=grant.unit, zones=grant.zones)
            for grant in account.grants
            if heart.territory.get(grant.jurisdiction)
        ]
        person = await find_agent(heart.engine, account.email)
        if person is None and grants:
            person = await add_agent(
                heart.engine, email=account.email, name=account.name, password=account.password, grants=grants
            )
        if person is not None:
            people.append(person)
    return tuple(people)


def rehearse(heart: Heart, counts: Mapping[str, int], staff: tuple[Person, ...], now: datetime) -> list[Performance]:
    """The stories of every town that is served here, of the types that it offers."""
    performances = []
    for code, count in counts.items():
        town = heart.territory.get(code)
        for story in stories(SEED, now, town, count) if town else ():
            kind = type_of(heart, town, story.type) if town else None
            if town and kind:
                performances.append(Performance(heart, town, kind, story, staff))
    return performances


async def end_day(heart: Heart, staff: tuple[Person, ...], deliver: Callable[[], Awaitable[object]] | None) -> None:
    await run_timers(heart)
    await mark_missed(heart)
    await make_calls(heart, staff)
    await let_modules(heart, "evening")
    if deliver:
        await deliver()


def evening(day: date) -> datetime:
    """Just before midnight in UTC, which is early in the evening here."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=clock.now().tzinfo)
