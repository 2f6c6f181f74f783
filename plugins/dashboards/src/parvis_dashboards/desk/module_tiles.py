"""The figures of other modules on the manager’s page, each with its list."""

from parvis.i18n import format_number
from parvis.requests.lists.module_figures import Figure
from parvis.web.desk.context import Room
from parvis.web.desk.lists.filtering import Asked
from parvis.web.desk.lists.period import Chosen
from parvis_dashboards.desk.tiles import Tile


def module_tile(room: Room, chosen: Chosen, figure: Figure, number: int) -> Tile:
    return Tile(told=figure, value=format_number(number), href=_list(room, chosen, figure))


def _list(room: Room, chosen: Chosen, figure: Figure) -> str:
    """Where exactly these are listed: nowhere if something is narrowed, or if another right shows other requests."""
    if not figure.path or any(chosen.narrowed.values()) or room.scope(figure.right) != room.scope("report"):
        return ""
    path, _, query = figure.path.partition("?")
    asked: dict[str, tuple[str, ...]] = {}
    asked |= {name: (value,) for name, _, value in (each.partition("=") for each in query.split("&")) if name}
    if figure.during:
        asked |= {"depuis": (chosen.since.isoformat(),), "jusqua": (chosen.until.isoformat(),)}
    return Asked(values=asked).address(path)
