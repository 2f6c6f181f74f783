"""Parts of the dashboard as they were last drawn, for as long as their figures are the same ones."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping

from markupsafe import Markup

from parvis.web.desk.context import DeskContext
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.figures import Figures

MOST = 30
Parts = dict[str, Markup]


class DrawnParts(OrderedDict[Hashable, tuple[tuple[object, ...], Parts]]):
    """The parts of the last pages by what was chosen, with what they were drawn from."""

    def of(self, key: Hashable, drawn_from: tuple[object, ...]) -> Parts:
        """Those drawn from these very objects; none where one of them is another now."""
        there = self.get(key)
        if there is None or any(one is not other for one, other in zip(there[0], drawn_from, strict=True)):
            there = self[key] = (drawn_from, {})
        self.move_to_end(key)
        while len(self) > MOST:
            self.popitem(last=False)
        return there[1]


def drawn_once(room: DeskContext, counted: Figures, lists: Lists, titles: Mapping[str, str]) -> Callable[..., Markup]:
    """What a template calls around a part that tells of nothing else than these figures, their lists and their town."""
    key = (room.language, room.scope("report"), lists.days, *lists.base.items(), *titles.items())
    parts = room.host.of(DrawnParts).of(key, (counted, room.town))

    def drawn(name: str, caller: Callable[[], Markup]) -> Markup:
        if name not in parts:
            parts[name] = caller()
        return parts[name]

    return drawn
