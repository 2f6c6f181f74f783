"""The figures of other modules on the manager’s page, each with its list."""

from parvis.i18n import format_number
from parvis.requests.lists.module_figures import Figure
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.filtering import ListQuery
from parvis.web.desk.lists.period import PeriodFilter
from parvis_dashboards.desk.tiles import Tile


def module_tile(room: DeskContext, chosen: PeriodFilter, figure: Figure, number: int) -> Tile:
    return Tile(told=figure, value=format_number(number), href=_list(room, chosen, figure))


def _list(room: DeskContext, chosen: PeriodFilter, figure: Figure) -> str:
    """Where exactly these are listed: nowhere if something is narrowed, or if another right shows other requests."""
    if not figure.path or any(chosen.narrowed.values()) or room.scope(figure.right) != room.scope("report"):
        return ""
    path, _, query = figure.path.partition("?")
    asked: dict[str, tuple[str, ...]] = {}
    asked |= {name: (value,) for name, _, value in (each.partition("=") for each in query.split("&")) if name}
    if figure.during:
        asked |= {"depuis": (chosen.since.isoformat(),), "jusqua": (chosen.until.isoformat(),)}
    return ListQuery(values=asked).address(path)
