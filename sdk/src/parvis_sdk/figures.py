"""Figures: what a plugin counts for the dashboard of a town, as a number, an amount or a small table.

async def open_orders(view: FigureView, connection: Connection) -> int:
    return sum(1 for each in view.requests if "closed" not in each.remembered)

Figure(code="open-orders", title=OPEN, explanation=WHICH, count=open_orders)
"""

import math
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime
from typing import Any, Literal, get_args

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import (
    LARGEST,
    TOO_LARGE,
    Amount,
    RequestReference,
    Table,
    bounded_table,
    instead,
    mistake,
    table_mistakes,
    text_mistakes,
)
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.finding import Scope
from parvis_sdk.pages import Kept
from parvis_sdk.panels import BAD_CODE, CODE, GIVE_TITLE, ONE_OF, SMALL_LETTERS, called, show_mistakes
from parvis_sdk.requests import Phase, Place
from parvis_sdk.scope_mistakes import reading_mistakes
from parvis_sdk.text import Text

Over = Literal["requests", "town"]
Number = int | float | Amount
SECONDS = 1.0  # that all figures of a dashboard have together
MOST_FIGURES = 8  # of one plugin: a dashboard is read at a glance
MOST_COUNTED = 5_000  # requests of which a figure is given what is remembered
MOST_READ = 2_000  # requests that are read in a scope
LONGEST_EXPLANATION = 600  # characters


class CountedRequest(Kept, frozen=True, kw_only=True):
    """A request over which the dashboard counts, as far as a figure is told of it: what the plugin, or its connector,
    remembers of it. Moments in UTC; `closed_at` is None while it is open. `state`, `answers` and `place` are those of
    what the figure reads in a scope; of what it only remembers there are none."""

    type: str
    phase: Phase
    submitted_at: datetime
    closed_at: datetime | None = None
    state: str = ""
    answers: dict[str, Any] = {}
    place: Place | None = None


class FigureView(Struct, frozen=True, kw_only=True):
    """What is counted at one look: a town, its days from `since` to `until`, both included, and `today` there.

    `requests` are those of which something is remembered and which the dashboard counts for the viewer: as far as they
    may, and of the type, unit, zone or channel that they chose; those received last first, also from outside the days.
    `received` are the references of those received in the days. `more` is how many earlier ones are left out.
    """

    town: str
    since: date
    until: date
    today: date
    requests: tuple[CountedRequest, ...] = ()
    received: frozenset[str] = frozenset()
    more: int = 0


Count = Callable[[FigureView, Connection], Awaitable[Number | Table | None]]


class Figure(Struct, frozen=True, kw_only=True):
    """One figure of the dashboard, of its sheets and of `GET /figures`. `code` is unique in the plugin; never changes.

    `count` answers a number (finite), an `Amount`, a `Table` without references of requests, or None where there is
    nothing to tell. It is asked each time the dashboard is opened; all figures together have `SECONDS`. A figure that
    is late, raises or answers something else is replaced by a notice, and harms nothing else.

    `explanation` says exactly what is counted, and is shown with the figure everywhere. `unit` is what a
    number is a number of ("hours"). People who may read figures (the right `report`) see it, in the towns that have the
    plugin, and in these `towns` alone where some are named.

    Over "requests" it is counted of `view.requests`, so that the manager of one unit reads the figure of that unit. A
    figure over the "town" comes from elsewhere, `connection.remembered`, and is read by those who may count the whole
    town, while they have chosen no part of it. `connector` is the name of a connector of this plugin by whose memory
    both are filled; "" is the plugin's own.

    With `reads`, scopes that an operator grants in each town, `view.requests` also holds the requests of these types
    that the dashboard counts for the viewer, the `MOST_READ` received last, with the place and the answers that the
    scope names. A figure is told no personal answer and proposes nothing. Until it is granted, the place of the figure
    says that it is not.
    """

    code: str
    title: Text
    explanation: Text
    count: Count
    over: Over = "requests"
    unit: Text | None = None
    towns: tuple[str, ...] = ()
    connector: str = ""
    reads: tuple[Scope, ...] = ()

    @property
    def finds(self) -> tuple[Scope, ...]:
        """The scopes in which it reads, by the name that other nouns give theirs; granted in the same way."""
        return self.reads

    @property
    def name(self) -> str:
        """What it is called among the nouns of its plugin."""
        return self.code


EXPLAIN = Text(fr="dites ce qui est compté, dans les deux langues", en="say what is counted, in both languages")
TOO_LONG = Text(
    fr="l’explication compte {count} caractères, et le plus est {most}",
    en="the explanation has {count} characters; the most is {most}",
)
SHORTER = Text(fr="écrivez-la plus courte", en="write a shorter one")
UNKNOWN_OVER = Text(fr="over est {over}, qui est inconnu", en="over is {over}, which is unknown")
NOT_ASYNC = Text(fr="sa fonction count n’est pas async", en="its count is not async")
NOT_TWO = Text(fr="sa fonction count ne prend pas (view, connection)", en="its count does not take (view, connection)")
WRITE_IT = Text(fr="écrivez `async def {name}(view, connection)`", en="write `async def {name}(view, connection)`")
NOT_FINITE = Text(fr="le nombre n’est pas fini", en="the number is not finite")
ANSWER_NONE = Text(fr="répondez None quand il n’y a rien à dire", en="answer None where there is nothing to tell")
NAMES_REQUESTS = Text(fr="un chiffre ne nomme aucune requête", en="a figure names no request")
ON_A_PAGE = Text(fr="montrez les requêtes sur une page", en="show requests on a page")
IN_BOTH = Text(fr="donnez-la dans les deux langues", en="give it in both languages")


def figure_mistakes(figure: Figure) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one figure."""

    def wrong(what: Words, now_what: Text) -> DeclarationMistake:
        return DeclarationMistake(where=f"figure {figure.code!r}", what=what, now_what=now_what)

    if not CODE.fullmatch(str(figure.code)):
        yield wrong(BAD_CODE, SMALL_LETTERS)
    yield from (wrong(each.what, GIVE_TITLE) for each in text_mistakes("title", figure.title))
    unsaid = list(text_mistakes("explanation", figure.explanation))
    yield from (wrong(each.what, EXPLAIN) for each in unsaid)
    longest = 0 if unsaid else figure.explanation.length
    if longest > LONGEST_EXPLANATION:
        yield wrong(TOO_LONG.format(count=longest, most=LONGEST_EXPLANATION), SHORTER)
    if figure.unit is not None:
        yield from (wrong(each.what, IN_BOTH) for each in text_mistakes("unit", figure.unit))
    known = get_args(Over)
    if figure.over not in known:
        yield wrong(UNKNOWN_OVER.format(over=repr(figure.over)), ONE_OF.format(offered=", ".join(known)))
    yield from (wrong(*each) for each in reading_mistakes(figure.reads, on_a_page=True))
    now_what = WRITE_IT.format(name=called(figure.count))
    yield from (wrong(what, now_what) for what in show_mistakes(figure.count, NOT_TWO, NOT_ASYNC))


def count_mistakes(answer: Any) -> Iterator[DeclarationMistake]:
    """Everything for which an answer cannot be shown; types are compared exactly, and nothing of it is called."""
    if answer is None:
        return
    if type(answer) is Table:
        yield from table_mistakes(answer)
        yield from _names(answer.rows)
        return
    number = answer.cents if type(answer) is Amount else answer
    if type(number) is float and type(answer) is float:
        if not math.isfinite(number):
            yield mistake("", NOT_FINITE, ANSWER_NONE)
            return
    elif type(number) is not int:
        yield mistake("", instead(number, "int | float | Amount | Table | None"), ANSWER_NONE)
        return
    if abs(number) >= LARGEST:
        yield mistake("", TOO_LARGE)


def _names(rows: Any) -> Iterator[DeclarationMistake]:
    given = rows if type(rows) in (tuple, list) else ()
    if any(type(cell) is RequestReference for row in given if type(row) in (tuple, list) for cell in row):
        yield mistake("rows", NAMES_REQUESTS, ON_A_PAGE)


def bounded_count(answer: Any) -> Number | Table | None:
    """What is shown of an answer without a mistake: of a table as many rows as are shown at once."""
    return bounded_table(answer) if type(answer) is Table else answer
