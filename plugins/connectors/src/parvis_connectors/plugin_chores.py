"""Chores of plugins: when each is due in a town, the call on the thread of its plugin, and what comes of it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from parvis import clock
from parvis.chores import Chore, Turns
from parvis.db import transaction
from parvis.http_client import Clients
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import instant_of, is_business_day
from parvis.outbox import memory
from parvis.plugins.registry import Plugin, module_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt
from parvis.requests.host import Host
from parvis.requests.scope_keeper import Search, finder_for, scope_name
from parvis.troubles import Trouble, Words
from parvis_connectors.calls import asked
from parvis_connectors.resting_chores import (
    ChoreOfVersion,
    begin_again,
    count_death,
    counted_before,
    noted,
)
from parvis_connectors.switched import NAME, has
from parvis_connectors.unmatched_updates import take_all
from parvis_sdk.chores import Chore as DeclaredChore
from parvis_sdk.chores import Done, Every, done_mistakes
from parvis_sdk.connectors import Connection, Connector, Pace
from parvis_sdk.errors import DeclarationMistake, Later, Refused
from parvis_sdk.finding import Finder
from parvis_sdk.lines import where_function_is
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

LONGEST_NAME = 60  # characters of the name under which a chore is noted
HORIZON = 400  # days in which there is a business day
AGAIN = timedelta(hours=1)  # after which one of the day that failed is tried again
PACE = Pace(at_once=4)
INSTANT = timedelta(microseconds=1)
TITLE = Text(fr="{title} ({plugin}, {town})", en="{title} ({plugin}, {town})")
TURN_LOST = Text(fr="cette exécution est annulée", en="this run is lost")
RESTS = Text(
    fr="la tâche est suspendue après deux échecs de suite; les autres continuent",
    en="the task is suspended after two failures in a row; all others continue",
)
LET_IT_BEGIN = Text(
    fr="reprenez-la sur la page des extensions, ou installez une autre version de l’extension",
    en="resume it on the plugins page, or install another version of the plugin",
)
NOT_ITS_OWN = Text(fr="l’extension n’apporte pas de connecteur {name}", en="the plugin has no connector {name}")
NAME_ITS_OWN = Text(fr="nommez un connecteur de l’extension", en="name a connector of the plugin")
CORRECT = Text(fr="corrigez la fonction work de la tâche", en="correct the task’s work function")
SEE_SYSTEM = Text(
    fr="vérifiez l’autre système\u00a0: la tâche reprend à la prochaine exécution",
    en="check the other system: the task will run again next time",
)


class PluginChore(Struct, frozen=True, kw_only=True):
    """A chore of a plugin, as it is done for one town."""

    host: Host
    plugin: Plugin
    chore: DeclaredChore
    town: Jurisdiction

    @property
    def name(self) -> str:
        """What it is noted under; a long name is cut and ends with a digest."""
        whole = f"{self.plugin.name}.{self.chore.code}@{self.town.code}"
        if len(whole) <= LONGEST_NAME:
            return whole
        return f"{whole[: LONGEST_NAME - 11]}~{hashlib.sha256(whole.encode()).hexdigest()[:10]}"

    @property
    def title(self) -> Text:
        """What it is called where several plugins and towns are."""
        title, town = self.chore.title, self.town.name
        return Text(
            fr=TITLE.fr.format(title=title.to("fr"), plugin=self.plugin.name, town=town.to("fr")),
            en=TITLE.en.format(title=title.to("en"), plugin=self.plugin.name, town=town.to("en")),
        )

    @property
    def of_version(self) -> ChoreOfVersion:
        """What is noted of it holds for this version of its plugin."""
        return ChoreOfVersion(name=self.name, version=self.plugin.origin.version[:LONGEST_NAME])

    @property
    def connector(self) -> Connector | None:
        """The connector in whose name it works."""
        own = self.chore.connector in self.plugin.connectors
        return self.host.plugins.connectors.get(self.chore.connector) if own else None


def chores_of_plugins(host: Host) -> Iterator[Chore]:
    """What each plugin does for each town that has it; those of one plugin one after the other."""
    return (_chore(each) for each in plugin_chores(host))


def plugin_chores(host: Host) -> Iterator[PluginChore]:
    """Each chore of each plugin in each town that has it."""
    for plugin, declared in host.plugins.declared("chores"):
        for town in host.jurisdictions.by_code.values():
            is_here = plugin.origin.built_in or town.allows_plugin(plugin.name)
            if is_here and declared.is_done_in(town.code):
                yield PluginChore(host=host, plugin=plugin, chore=declared, town=town)


async def resting_here(host: Host) -> tuple[PluginChore, ...]:
    """Those that rest."""
    deaths = await noted()
    every = plugin_chores(host) if deaths else ()
    return tuple(each for each in every if (found := deaths.get(each.of_version)) is not None and found.rests)


def _chore(one: PluginChore) -> Chore:
    turns = one.chore.turns
    return Chore(
        name=one.name,
        every=timedelta(minutes=turns.minutes) if isinstance(turns, Every) else AGAIN,
        work=partial(_work, one),
        title=one.title,
        owner=NAME,
        turns=Turns(last=partial(last_turn, one), next=partial(next_turn, one)),
        lane=one.plugin.name,
    )


def last_turn(one: PluginChore, now: datetime) -> datetime | None:
    """The last moment at which it was to be done; None where the town does without the module."""
    turns = one.chore.turns
    if not has(one.host, one.town):
        return None
    if isinstance(turns, Every):
        return now - timedelta(minutes=turns.minutes)
    return next((at - INSTANT for at in _days(one, turns.at, now, -1) if at <= now), None)


def next_turn(one: PluginChore, now: datetime) -> datetime | None:
    """The next one after a moment."""
    turns = one.chore.turns
    if isinstance(turns, Every):
        return now + timedelta(minutes=turns.minutes)
    return next((at for at in _days(one, turns.at, now, 1) if at > now), None)


def _days(one: PluginChore, at: time, now: datetime, step: int) -> Iterator[datetime]:
    """The hours of the days from today on, or back, on which it is done."""
    calendar, turns = one.town.calendar, one.chore.turns
    zone = ZoneInfo(one.town.time_zone)
    today = now.astimezone(zone).date()
    for days in range(HORIZON):
        day = today + timedelta(days=step * days)
        if not getattr(turns, "business_days", False) or is_business_day(calendar, day):
            yield instant_of(day, at.hour * 60 + at.minute, zone)


async def _work(one: PluginChore) -> int:
    if not has(one.host, one.town):
        return 0
    deaths = await counted_before(one.host.engine, one.of_version)
    if deaths is not None and deaths.rests:
        raise _resting(one, deaths.trouble)
    tried = await _tried(one)
    if isinstance(tried, Failure) and tried.kind == "blocked":
        blocked = Trouble(where=tried.where, what=tried.what, so_what="", now_what="")
        deaths = await count_death(one.host.engine, one.of_version, deaths, clock.now(), blocked)
        if deaths.rests:
            raise _resting(one, blocked)
    elif deaths is not None:
        await begin_again(one.host.engine, one.name)
    if isinstance(tried, Failure):
        is_ours = tried.kind not in ("later", "refused")
        raise _lost(one, tried.where if is_ours else "", tried.what, CORRECT if is_ours else SEE_SYSTEM)
    if isinstance(tried.value, DeclarationMistake):
        where = " · ".join(part for part in (_line(one), tried.value.where) if part)
        raise _lost(one, where, tried.value.what, tried.value.now_what)
    return await _kept(one, tried.value)


async def _tried(one: PluginChore) -> Success[Done | DeclarationMistake] | Failure:
    """The call itself, with the client and the memory of its connector or of the plugin."""
    host, chore = one.host, one.chore
    name = scope_name(one.plugin.name, "chores", chore.code)
    finder = finder_for(host, Search(name=name, noun=chore, town=one.town.code))
    if chore.connector:
        if one.connector is None:
            raise _lost(one, _line(one), NOT_ITS_OWN.format(name=repr(chore.connector)), NAME_ITS_OWN)
        return await asked(host, one.connector, "chore", partial(_done, one, finder), seconds=chore.seconds)
    clients, client = host.of(Clients), f"chore:{one.plugin.name}"
    lent = Connection(
        http=clients.of(client, PACE), now=clock.now(), remembered=await memory.recall_all(one.plugin.name)
    )

    async def work() -> Done | DeclarationMistake:
        here = structs.replace(lent, http=clients.of(client, PACE))  # of the thread that it runs on
        return await _done(one, finder, here)

    module = module_of(one.plugin.module)
    threads = host.given(PluginThreads)
    return await attempt(work, chore.seconds, function=chore.work, module=module, threads=threads)


async def _done(one: PluginChore, finder: Finder, lent: Connection) -> Done | DeclarationMistake:
    """On the thread of the plugin, where looking over a long answer also belongs."""
    town = one.town
    told = Town(code=town.code, name=town.name, languages=town.languages, time_zone=town.time_zone)
    answer = await one.chore.work(told, structs.replace(lent, finder=finder))
    return next(done_mistakes(one.chore, answer), None) or answer or Done()


async def _kept(one: PluginChore, done: Done) -> int:
    connector = one.connector
    untaken = await take_all(one.host, connector, done.updates) if connector is not None else None
    if untaken is not None and untaken.kind == "database":
        raise Later(untaken.what)
    if untaken is not None:
        raise _lost(one, _line(one), untaken.what, CORRECT)
    if done.remember:
        async with transaction(one.host.engine):
            await memory.remember_all(connector.name if connector else one.plugin.name, done.remember)
    return done.count


def _line(one: PluginChore) -> str:
    return where_function_is(one.chore.work, module_of(one.plugin.module))


def _resting(one: PluginChore, death: Trouble) -> Refused:
    return _lost(one, death.where, death.what, LET_IT_BEGIN, so_what=RESTS)


def _lost(one: PluginChore, where: str, what: Words, now_what: Words, so_what: Words = TURN_LOST) -> Refused:
    """The whole trouble as one sentence, which the chore leaves on the page of chores."""
    trouble = Trouble(
        who=str(one.plugin.origin),
        where=" · ".join(part for part in (f"chores() · chore {one.chore.code!r}", where) if part),
        what=what,
        so_what=so_what,
        now_what=now_what,
    )
    return Refused(Text(fr=trouble.to("fr"), en=trouble.to("en")))
