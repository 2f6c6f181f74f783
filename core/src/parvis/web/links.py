"""Lines that lead to a page, in a menu or on another page: declared beside the page that they lead to."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from parvis.access_scope import Condition
from parvis.plugins.trying import Failure, Success, caught_at_once
from parvis.web.pages import MenuItem
from parvis.web.places import ITS_NAME, SlotItem, told_of

ANYBODY: Literal[""] = ""


def always(room: Any) -> bool:
    """Whatever the town offers."""
    return True


class PageLink(SlotItem, frozen=True, kw_only=True):
    """A page that is reached from a menu or another page: where its line stands, and who has it.

    `slot` names the list in which it stands (`desk.menu`, `desk.figures`, `operators.menu`), `after` the path of the
    line before it, `right` what is held somewhere in the town, `when` whether the town has any use for it. A line of
    a menu may stand under a `group`, and count what waits there: `waiting` answers the rows to count. The pages of
    the slot that it `holds` are reached from it, and stand under no line of the menu. What is known only while the
    host runs stands in its place: `each` answers these lines. `guide` names a section (`docs/roles#access-log`).
    """

    IF_BROKEN = {"text": ITS_NAME, "when": False, "waiting": None, "each": ()}
    path: str
    text: Callable[[], str]
    right: str = ANYBODY
    when: Callable[[Any], bool] = always
    icon: str = ""
    group: Callable[[], str] | None = None
    waiting: Callable[[Any], Condition | None] | None = None
    holds: str = ""
    guide: str = ""
    each: Callable[[Any], tuple["PageLink", ...]] | None = None

    @property
    def place(self) -> str:
        return self.path

    def item(self, here: str, *, waiting: str = "", home: str = "", beside: Iterable[str] = ()) -> MenuItem:
        """The line as the page at the address `here` shows it; nothing but `home` itself stands within `home`."""
        path = here.rstrip("/") or "/"
        current: Literal["", "page", "true"] = ""
        if path == self.path:
            current = "page"
        elif self.path != home and path.startswith((f"{self.path}/", *beside)):
            current = "true"
        return MenuItem(text=self.text(), href=self.path, icon=self.icon, current=current, waiting=waiting)


def spread(links: Iterable[PageLink], room: Any) -> list[PageLink]:
    """The lines of a slot that there is any use for, each `each` in place of the line that answers it."""
    there = [each for each in links if each.when(room)]
    return [one for each in there for one in (each.each(room) if each.each else (each,))]


def gathered(items: Iterable[tuple[Callable[[], str] | None, MenuItem]]) -> list[MenuItem]:
    """A menu of these lines: those of one group under its name, unless it is one alone or cannot say its name."""
    lines = list(items)
    menu: list[MenuItem] = []
    seen: list[Callable[[], str]] = []
    for group, item in lines:
        inside = tuple(each for of, each in lines if of is group)
        named = None if group is None or len(inside) == 1 else caught_at_once(group)
        if isinstance(named, Failure):
            told_of("", item.href, str(named))
        if not isinstance(named, Success) or not isinstance(named.value, str):
            menu.append(item)
        elif group is not None and group not in seen:
            seen.append(group)
            within: Literal["", "true"] = "true" if any(each.current for each in inside) else ""
            menu.append(MenuItem(text=named.value, current=within, inside=inside))
    return menu
