"""The figures of plugins beside those of requests: each asked on the thread of its plugin, all within one limit.

They count over what who looks may count, as far as it is narrowed; nothing is asked where no plugin has a figure.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.plugins.registry import Origin
from parvis.requests.asked_plugins import Question, asked, keeper_of, kept_about, lent_to
from parvis.requests.host import Host
from parvis.requests.lists.module_figures import FigureMeaning
from parvis.selection import Period
from parvis_dashboards.figures import Narrow, narrowed
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
    """What a figure is here: None is nothing to tell, or, where it is missing, that its plugin did not say.

    `left_out` is how many requests received earlier it does not count.
    """

    named: NamedFigure
    value: Number | Table | None = None
    is_missing: bool = False
    left_out: int = 0


class _Value(Struct, frozen=True):
    shown: Number | Table | None


class _Looked(Struct, frozen=True, kw_only=True):
    """What the figures of one keeper are given."""

    view: FigureView
    lent: Connection


async def counted_by_plugins(
    host: Host, town: Jurisdiction, scope: Scope, period: Period, narrow: Narrow
) -> tuple[FigureAnswer, ...]:
    """Those of the plugins that the town has, in the order of their names."""
    is_whole = scope.is_whole and narrow == Narrow()
    figures = [each for each in figures_here(host, town) if is_whole or each.figure.over == "requests"]
    given: dict[str, _Looked] = {}
    for each in figures:
        keeper = keeper_of(host, each.origin, each.figure.connector)
        if keeper not in given:
            view = await _view(keeper, town, scope, period, narrow)
            lent = await lent_to(host, "figures", each.origin, keeper, SECONDS)
            given[keeper] = _Looked(view=view, lent=lent)
    looked = {each.name: given[keeper_of(host, each.origin, each.figure.connector)] for each in figures}
    questions = [_question(each, looked[each.name], town) for each in figures]
    said: Mapping[str, _Value | None] = await asked(host, questions)
    return tuple(
        _answer(each, said[question.name], looked[each.name].view)
        for each, question in zip(figures, questions, strict=True)
    )


def figures_here(host: Host, town: Jurisdiction) -> tuple[NamedFigure, ...]:
    """The figures of the plugins that a town has."""
    return tuple(
        NamedFigure(origin=plugin.origin, figure=figure)
        for plugin, figure in host.plugins.declared("figures")
        if (plugin.origin.built_in or town.allows_plugin(plugin.name))
        and (not figure.towns or town.code in figure.towns)
    )


async def _view(keeper: str, town: Jurisdiction, scope: Scope, period: Period, narrow: Narrow) -> FigureView:
    kept, more = await kept_about(keeper, narrowed(scope, narrow), MOST_COUNTED)
    remembered = {each.reference: each.remembered for each in kept}
    requests = await _counted_of(remembered)
    return FigureView(
        town=town.code,
        since=local_day(town.calendar, period.since),
        until=local_day(town.calendar, period.until - timedelta(seconds=1)),
        today=local_day(town.calendar, clock.now()),
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
        return FigureAnswer(named=named, is_missing=True)
    return FigureAnswer(named=named, value=said.shown, left_out=left_out)
