"""The list behind each figure: the queue, asked for exactly what was counted."""

from datetime import date

from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.desk.lists.filtering import TEAM, UNIT, ListQuery
from parvis.web.desk.lists.period import PeriodFilter
from parvis.web.value_names import NOWHERE
from parvis_dashboards.desk.outcomes import COUNTED, DUE_TODAY


class Lists:
    """Addresses of lists; each takes further filters, as the queue names them."""

    def __init__(self, room: DeskContext, chosen: PeriodFilter) -> None:
        self.base: dict[str, str] = {name: value for name, value in chosen.narrowed.items() if value}
        if room.scope("report") != room.scope("see"):  # more is seen than is counted
            self.base[COUNTED] = "oui"
        self.days = (chosen.since.isoformat(), chosen.until.isoformat())

    def received(self, **more: str) -> str:
        since, until = self.days
        return self._to(more, depuis=since, jusqua=until, ouvertes="toutes")

    def finished(self, **more: str) -> str:
        since, until = self.days
        return self._to(more, fermees_depuis=since, fermees_jusqua=until, ouvertes="non")

    def decided(self, **more: str) -> str:
        since, until = self.days
        return self._to(more, decidees_depuis=since, decidees_jusqua=until, ouvertes="toutes")

    def reopened(self, **more: str) -> str:
        since, until = self.days
        return self._to(more, rouvertes_depuis=since, rouvertes_jusqua=until, ouvertes="toutes")

    def said(self, **more: str) -> str:
        since, until = self.days
        return self._to(more, repondues_depuis=since, repondues_jusqua=until, ouvertes="toutes")

    def standing(self, **more: str) -> str:
        return self._to(more)

    def late(self, **more: str) -> str:
        return self._to(more, retard="oui")

    def due_today(self, **more: str) -> str:
        return self._to(more, **{DUE_TODAY: "oui"})

    def aged(self, since: date | None, until: date) -> str:
        return self._to({"depuis": since.isoformat() if since else "", "jusqua": until.isoformat()})

    def _to(self, more: dict[str, str], **given: str) -> str:
        values = {**self.base, **given, **more}
        if values.get("zone") == "" and "zone" in more:
            values["zone"] = NOWHERE
        if TEAM in more:
            values.pop(UNIT, None)
        return ListQuery(values={name: (values[name],) for name in sorted(values) if values[name]}).address(QUEUE)
