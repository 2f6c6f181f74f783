"""The list behind each figure: the queue, asked for exactly what was counted."""

from datetime import date
from typing import Any

from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.desk.lists.filtering import TEAM, UNIT, ListQuery
from parvis.web.desk.lists.period import PeriodFilter
from parvis.web.value_names import NOWHERE
from parvis_dashboards.desk.outcomes import COUNTED


class Lists:
    """Addresses of lists; each takes further filters, as the queue names them."""

    def __init__(self, room: DeskContext, chosen: PeriodFilter) -> None:
        self.base: dict[str, tuple[str, ...]] = {name: (value,) for name, value in chosen.narrowed.items() if value}
        self.days = {"depuis": (chosen.since.isoformat(),), "jusqua": (chosen.until.isoformat(),)}
        if room.scope("report") != room.scope("see"):  # more is seen than is counted
            self.base[COUNTED] = ("oui",)

    def received(self, **more: str) -> str:
        return self._to(more, **self.days, ouvertes=("toutes",))

    def finished(self, **more: str) -> str:
        return self._to(more, **self._days("fermees"), ouvertes=("non",))

    def decided(self, **more: str) -> str:
        return self._to(more, **self._days("decidees"), ouvertes=("toutes",))

    def reopened(self, **more: str) -> str:
        return self._to(more, **self._days("rouvertes"), ouvertes=("toutes",))

    def said(self, **more: str) -> str:
        return self._to(more, **self._days("repondues"), ouvertes=("toutes",))

    def standing(self, **more: str) -> str:
        return self._to(more)

    def late(self, **more: str) -> str:
        return self._to(more, retard=("oui",))

    def aged(self, since: date | None, until: date) -> str:
        return self._to({"depuis": since.isoformat() if since else "", "jusqua": until.isoformat()})

    def _days(self, what: str) -> dict[str, tuple[str, ...]]:
        return {f"{what}_{name}": day for name, day in self.days.items()}

    def _to(self, more: dict[str, str], **given: tuple[str, ...]) -> str:
        values: dict[str, Any] = {**self.base, **given}
        values |= {name: (value or (NOWHERE if name == "zone" else ""),) for name, value in more.items()}
        if TEAM in more:
            values.pop(UNIT, None)
        return ListQuery(values={name: values[name] for name in sorted(values) if values[name] != ("",)}).address(QUEUE)
