"""What an address asks of a page of a plugin: its filters, read by their fields, and the leaves of its tables."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from parvis_sdk.cleaning import clean
from parvis_sdk.forms import FormAnswers
from parvis_sdk.pages import Page
from parvis_sdk.problems import Problems

LEAF = "_page"  # and the place of its table: no filter is called so
MOST_TYPED = 500  # characters of one filter
MOST_LEAVES = 6  # digits


class Asking(Struct, frozen=True, kw_only=True):
    """What was typed, as the form shows it again, and what it means; `leaves` are by the place of a table."""

    typed: Mapping[str, str]
    read: FormAnswers | Problems
    leaves: Mapping[int, int]
    today: date

    @property
    def answers(self) -> Mapping[str, Any]:
        """What the filters say."""
        return {} if isinstance(self.read, Problems) else self.read.answers

    def address(self, path: str, at: int) -> str:
        """Where the same lies with another leaf of one table, `{}` being its number."""
        others = {f"{LEAF}{place}": leaf for place, leaf in self.leaves.items() if place != at}
        query = urlencode({**self.typed, **others})
        return f"{path}?{query}{'&' if query else ''}{LEAF}{at}={{}}"


def asking_of(page: Page, query: Any, today: date) -> Asking:
    """What the query of an address says; what it does not know is left out."""
    typed = {each.code: clean(query.get(each.code, "")[:MOST_TYPED]).strip() for each in page.filters}
    given = {code: words for code, words in typed.items() if words}
    return Asking(
        typed=given,
        read=page.form.read(dict(given), today=today),
        leaves={int(name.removeprefix(LEAF)): int(query[name]) for name in query if _is_leaf(name, query[name])},
        today=today,
    )


def _is_leaf(name: str, value: str) -> bool:
    at = name.removeprefix(LEAF)
    return name.startswith(LEAF) and all(
        each.isascii() and each.isdecimal() and len(each) <= MOST_LEAVES for each in (at, value)
    )
