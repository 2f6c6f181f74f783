"""The figures of plugins beside those of requests: each asked on the thread of its plugin, all within one limit.

They count over what who looks may count, as far as it is narrowed; nothing is asked where no plugin has a figure.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from msgspec import Struct, structs

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.plugins.registry import Origin
from parvis.requests.asked_plugins import Question, asked, keeper_of, kept_about, lent_to
from parvis.requests.host import Host
from parvis.requests.lists.module_figures import FigureMeaning
from parvis.requests.scope_keeper import ScopeKeeper, Search, scope_name
from parvis.selection import Period
from parvis_dashboards.figures import Narrow, narrowed
from parvis_dashboards.read_requests import read_in
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Table
from parvis_sdk.figures import (
    MOST_COUNTED,
    SECONDS,
    CountedRequest,
    Figure,
    FigureView,
    Number,
    bounded_count,
    count_mistakes,
)
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

BY_PLUGIN = Text(
    fr="{explanation} Compté par l’extension {plugin}.", en="{explanation} Counted by the plugin {plugin}."
)


class NamedFigure(Struct, frozen=True, kw_only=True):
    """A figure with its plugin."""

    origin: Origin
    figure: Figure

    @property
    def name(self) -> str:
        """What it is called among those of all plugins: `<plugin>.<code>`."""
        return f"{self.origin.name}.{self.figure.code}"

    @property
    def meaning(self) -> FigureMeaning:
        """What it is called, what it counts, and who counts it."""
        meaning = BY_PLUGIN.format(explanation=self.figure.explanation, plugin=self.origin.name)
        return FigureMeaning(code=self.name, title=self.figure.title, meaning=meaning)


class FigureAnswer(Struct, frozen=True, kw_only=True):
    """What a figure is here: None is nothing to tell, or that it `lacks` the answer of its plugin or a grant.

    `left_out` is how many requests received earlier it does not count.
    """

    named: NamedFigure
    value: Number | Table | None = None
    lacks: Literal["", "answer", "grant"] = ""
    left_out: int = 0


class _Value(Struct, frozen=True):
    shown: Number | Table | None


class _Looked(Struct, frozen=True, kw_only=True):
    """What the figures of one keeper are given."""

    view: FigureView
    lent: Connection


class Look(Struct, frozen=True, kw_only=True):
    """One look at the dashboard: over what is counted, for whom."""

    host: Host
    town: Jurisdiction
    scope: Scope
    period: Period
    narrow: Narrow

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole town that is counted."""
        return self.scope.is_whole and self.narrow == Narrow()


async def counted_by_plugins(
    host: Host, town: Jurisdiction, scope: Scope, period: Period, narrow: Narrow
) -> tuple[FigureAnswer, ...]:
    """Those of the plugins that the town has, in the order of their names."""
    look = Look(host=host, town=town, scope=scope, period=period, narrow=narrow)
    figures = [each for each in figures_here(host, town) if look.is_whole or each.figure.over == "requests"]
    granted = [each for each in figures if await is_granted(look, each)]
    given: dict[str, _Looked] = {}
    for each in granted:
        keeper = keeper_of(host, each.origin, each.figure.connector)
        if keeper not in given:
            kept = await _remembered(look, keeper)
            lent = await lent_to(host, "figures", each.origin, keeper, SECONDS)
            given[keeper] = _Looked(view=kept, lent=lent)
    looked = {each.name: await _reading(look, each, given) for each in granted}
    questions = {each.name: _question(each, looked[each.name], town) for each in granted}
    said: Mapping[str, _Value | None] = await asked(host, questions.values())
    return tuple(
        _answer(each, said[questions[each.name].name], looked[each.name].view)
        if each.name in questions
        else FigureAnswer(named=each, lacks="grant")
        for each in figures
    )


async def is_granted(look: Look, each: NamedFigure) -> bool:
    """Whether what a figure reads is granted in the town; what reads nothing needs no grant."""
    if not each.figure.reads:
        return True
    name = scope_name(each.origin.name, "figures", each.figure.code)
    keepers = look.host.modules.heard(ScopeKeeper, look.town)
    return bool(keepers) and await keepers[0].granted(Search(name=name, noun=each.figure, town=look.town.code))


def figures_here(host: Host, town: Jurisdiction) -> tuple[NamedFigure, ...]:
    """The figures of the plugins that a town has."""
    return tuple(
        NamedFigure(origin=plugin.origin, figure=figure)
        for plugin, figure in host.plugins.declared("figures")
        if (plugin.origin.built_in or town.allows_plugin(plugin.name))
        and (not figure.towns or town.code in figure.towns)
    )


async def _remembered(look: Look, keeper: str) -> FigureView:
    """What the figures of a keeper are told, of the requests of which it remembers something."""
    kept, more = await kept_about(keeper, narrowed(look.scope, look.narrow), MOST_COUNTED)
    return _view(look, await _counted_of({each.reference: each.remembered for each in kept}), more)


async def _reading(look: Look, each: NamedFigure, given: Mapping[str, _Looked]) -> _Looked:
    """What one figure is told: of the requests that it reads as well, where it reads any."""
    looked = given[keeper_of(look.host, each.origin, each.figure.connector)]
    if not each.figure.reads:
        return looked
    remembered = {one.reference: one for one in looked.view.requests}
    found, more = await read_in(look.host, narrowed(look.scope, look.narrow), each.figure.reads)
    read = {
        one.reference: structs.replace(one, remembered=remembered[one.reference].remembered)
        if one.reference in remembered
        else one
        for one in found
    }
    requests = (remembered | read).values()
    newest_first = tuple(sorted(requests, key=lambda one: one.submitted_at, reverse=True))
    return structs.replace(looked, view=_view(look, newest_first, looked.view.more + more))


def _view(look: Look, requests: tuple[CountedRequest, ...], more: int) -> FigureView:
    calendar, period = look.town.calendar, look.period
    return FigureView(
        town=look.town.code,
        since=local_day(calendar, period.since),
        until=local_day(calendar, period.until - timedelta(seconds=1)),
        today=local_day(calendar, clock.now()),
        requests=requests,
        received=frozenset(each.reference for each in requests if period.since <= each.submitted_at < period.until),
        more=more,
    )


async def _counted_of(remembered: Mapping[str, Mapping[str, Any]]) -> tuple[CountedRequest, ...]:
    if not remembered:
        return ()
    table = ServiceRequest
    columns = (table.reference, table.type, table.phase, table.submitted_at, table.closed_at)
    rows = await table.select(*columns).where(table.reference.is_in(list(remembered)))
    by_reference = {row["reference"]: row for row in rows}
    return tuple(
        CountedRequest(
            reference=reference,
            remembered=values,
            type=row["type"],
            phase=Phase(row["phase"]),
            submitted_at=row["submitted_at"],
            closed_at=row["closed_at"],
        )
        for reference, values in remembered.items()
        if (row := by_reference.get(reference))
    )


def _question(named: NamedFigure, looked: _Looked, town: Jurisdiction) -> Question:
    async def prepared() -> tuple[FigureView, Connection]:
        return looked.view, looked.lent

    return Question(
        hook="figures",
        code=named.figure.code,
        origin=named.origin,
        function=named.figure.count,
        prepared=prepared,
        seconds=SECONDS,
        mistakes=count_mistakes,
        bounded=lambda answer: _Value(bounded_count(answer)),
        apart=town.code,
    )


def _answer(named: NamedFigure, said: _Value | None, view: FigureView) -> FigureAnswer:
    left_out = view.more if named.figure.over == "requests" else 0
    if said is None:
        return FigureAnswer(named=named, lacks="answer")
    return FigureAnswer(named=named, value=said.shown, left_out=left_out)
